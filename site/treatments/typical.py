"""The typical result of a treatment (D1): everybody treated, and what became of them as it may be shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages import wording
from pages.drawing import Counts

if TYPE_CHECKING:
    from treatments.models import TreatmentPage

OUTCOMES = ("improved", "unchanged", "worse", "lost")
WORDS = {
    "improved": gettext_lazy("improved"),
    "unchanged": gettext_lazy("no change"),
    "worse": gettext_lazy("worse"),
    "lost": gettext_lazy("not followed up"),
}
SHAPES = {"improved": "good", "unchanged": "same", "worse": "worse", "lost": "none"}


@dataclass(frozen=True)
class Group:
    """Outcomes that are shown together, usually one. `shape`: the class that draws it."""

    names: tuple[str, ...]
    count: int

    @property
    def words(self) -> str:
        """'no change or worse'."""
        parts = [str(WORDS[name]) for name in self.names]
        if len(parts) == 1:
            return parts[0]
        return _("%(most)s or %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}

    @property
    def shape(self) -> str:
        return SHAPES[self.names[0]] if len(self.names) == 1 else "mixed"


@dataclass(frozen=True)
class Typical:
    """`treated` None: nobody knows. `groups` empty: treated, but nobody known to be followed up.

    `followed_up` is None where it is not known or withheld. `merged`: small numbers are put together, so that no
    drawing of single outcomes is possible.
    """

    treated: int | None = None
    over: bool = False
    months: int = 12
    followed_up: int | None = None
    groups: Sequence[Group] = field(default_factory=tuple)

    @property
    def merged(self) -> bool:
        return any(len(group.names) > 1 for group in self.groups)

    def count(self, name: str) -> int | None:
        return next((group.count for group in self.groups if group.names == (name,)), None)


def typical_of(page: TreatmentPage | None) -> Typical:
    """What stands beside stories of a treatment page."""
    if page is None or not page.patients_treated:
        return Typical()
    base: dict[str, Any] = {
        "treated": page.patients_treated,
        "over": page.patients_treated_at_least,
        "months": page.follow_up_months,
    }
    shown = page.shown_outcomes
    if shown:
        return Typical(
            **base,
            followed_up=shown["followed_up"],
            groups=tuple(Group(tuple(names), count) for names, count in shown["groups"]),
        )
    try:
        figures = page.figures
    except ValueError:
        figures = None
    if figures is None:
        return Typical(**base)
    counts = (figures.improved, figures.unchanged, figures.worse, figures.lost)
    return Typical(
        **base,
        followed_up=figures.followed_up,
        groups=tuple(Group((name,), count) for name, count in zip(OUTCOMES, counts, strict=True)),
    )


def sentence(typical: Typical, condition: str) -> str:
    """What became of everybody treated, in one to three sentences (16 CFR 255.2(b))."""
    if typical.treated is None:
        return _("We do not know how many people were treated, or how they are today.")
    if not typical.merged:
        known = [typical.count(name) or 0 for name in OUTCOMES[:3]]
        counts = Counts.of_treated(typical.treated, *known)
        return wording.cohort_sentence(counts, condition=condition, months=typical.months, over=typical.over)
    people = wording.treated_sentence(
        Counts(0, 0, 0, typical.treated), condition=condition, over=typical.over
    )
    words = {"treated": people, "period": wording.period(typical.months)}
    parts = ", ".join(f"{group.words}: {wording.figure(group.count)}" for group in typical.groups)
    if typical.followed_up is None:
        first = _("Of %(treated)s, after %(period)s:") % words
    else:
        first = ngettext(
            "Of %(treated)s, %(n)s was followed up for %(period)s:",
            "Of %(treated)s, %(n)s were followed up for %(period)s:",
            typical.followed_up,
        ) % (words | {"n": wording.figure(typical.followed_up)})
    return f"{first} {parts}. {_('Numbers under five are put together, so that nobody can be picked out.')}"


@dataclass(frozen=True)
class BarPart:
    """One piece of the bar: x and width in per cent, as `pages.drawing.Bar`."""

    shape: str
    words: str
    count: str
    x: str
    width: str


def bar(typical: Typical) -> list[BarPart]:
    """Everybody treated as one bar, the lost among them: nobody is left out of the picture."""
    total = sum(group.count for group in typical.groups)
    parts, before = [], 0
    for group in typical.groups:
        if total and group.count:
            x, end = round(1000 * before / total), round(1000 * (before + group.count) / total)
            before += group.count
            words = f"{wording.figure(group.count)} {group.words}"
            parts.append(
                BarPart(group.shape, words, wording.figure(group.count), f"{x / 10:g}", f"{(end - x) / 10:g}")
            )
    return parts
