"""The typical result of a treatment: everyone treated, and what became of them as it may be
published. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from disclosure_control import configured
from pages import wording
from pages.numbers import figure
from pages.outcome_counts import ImpossibleCounts, OutcomeGroup, OutcomeName
from pages.stacked_bar import BarPart, bar_parts

if TYPE_CHECKING:
    from treatments.models import TreatmentPage


@dataclass(frozen=True)
class Typical:
    """What is known of everyone treated.

    `treated` None: not known, or with `few` too few people to be published. `groups` empty: treated, but no
    one is known to have been followed up. `followed_up` is None where it is not known or not published.
    `merged`: small numbers are combined, so single outcomes cannot be drawn.
    """

    treated: int | None = None
    few: bool = False
    over: bool = False
    months: int = 12
    followed_up: int | None = None
    groups: Sequence[OutcomeGroup] = field(default_factory=tuple)

    @property
    def merged(self) -> bool:
        return any(len(group.names) > 1 for group in self.groups)

    def count(self, name: OutcomeName) -> int | None:
        return next((group.count for group in self.groups if group.names == (name,)), None)


def typical_of(page: TreatmentPage | None) -> Typical:
    """Return what is shown next to stories of a treatment page."""
    published = (page.shown_outcomes if page else None) or {}
    if published.get("few"):
        return Typical(few=True)
    treated = published.get("treated") or (page.patients_treated if page else None)
    if page is None or not treated:
        return Typical()
    base: dict[str, Any] = {
        "treated": treated,
        "over": page.patients_treated_at_least,
        "months": page.follow_up_months,
    }
    if published:
        return Typical(
            **base,
            followed_up=published["followed_up"],
            groups=tuple(OutcomeGroup(tuple(names), count) for names, count in published["groups"]),
        )
    # A page that was never saved, for instance in a preview.
    try:
        counts = page.outcome_counts
    except ImpossibleCounts:
        counts = None
    if counts is None:
        return Typical(**base)
    return Typical(**base, followed_up=counts.followed_up, groups=counts.groups)


def sentence(typical: Typical, condition: str) -> str:
    """Return what became of everyone treated, in one to four sentences (16 CFR 255.2(b))."""
    if typical.few:
        return wording.few_sentence(configured.rules().fewest, condition)
    if typical.treated is None:
        return _("We do not know how many people were treated, or how they are today.")
    return wording.outcome_sentences(
        typical.treated,
        typical.groups,
        followed_up=typical.followed_up,
        condition=condition,
        months=typical.months,
        over=typical.over,
    )


def bar(typical: Typical) -> list[BarPart]:
    """Lay out everyone treated as one bar, those lost to follow-up included."""
    return bar_parts(
        (group.shape, group.count, f"{figure(group.count)} {wording.group_words(group.names)}")
        for group in typical.groups
    )
