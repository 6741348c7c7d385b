"""Sentences made from the same numbers as the drawings beside them, so that the two cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.drawing import Counts, Dots, Group, Outcome

OUTCOME_WORDS: dict[Outcome, object] = {
    "good": gettext_lazy("some improvement"),
    "mixed": gettext_lazy("mixed"),
    "same": gettext_lazy("no change"),
    "worse": gettext_lazy("worse"),
    "none": gettext_lazy("not known yet"),
}


def figure(number: int) -> str:
    """A whole number in the reader's language, with separators: 1,240."""
    return str(number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True))


def share(part: int, whole: int) -> str:
    """Whole per cent, halves rounded up; 'under 1%' rather than a 0 that hides somebody; a dash without a whole."""
    if not whole:
        return "–"
    percent = (200 * part + whole) // (2 * whole)
    return _("under 1%") if part and not percent else f"{percent}%"


def period(months: int) -> str:
    """A length of time in words: 'a year', '2 years', '6 months'."""
    if months == 12:
        return _("a year")
    if months % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": figure(months // 12)}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": figure(months)}


def followed(months: int | None) -> str:
    """What a card says beside an outcome."""
    if not months:
        return _("follow-up length not stated")
    return ngettext("followed %(n)s month", "followed %(n)s months", months) % {"n": figure(months)}


def treated_sentence(counts: Counts, condition: str, over: bool) -> str:
    people = ngettext("%(n)s person", "%(n)s people", counts.treated) % {"n": figure(counts.treated)}
    named = _("over %(people)s") % {"people": people} if over else people
    if condition:
        return _("%(people)s treated for %(condition)s") % {"people": named, "condition": condition}
    return _("%(people)s treated") % {"people": named}


def cohort_sentence(
    counts: Counts, *, condition: str = "", months: int | None = None, over: bool = False
) -> str:
    """What became of everybody treated, those nobody followed up included. `over`: the total is a lower bound."""
    treated = treated_sentence(counts, condition, over)
    if not counts.followed:
        return _("Of %(treated)s, we do not know how anybody is today.") % {"treated": treated}
    words = {"treated": treated, "n": figure(counts.followed), "period": period(months) if months else ""}
    if months:
        first = ngettext(
            "Of %(treated)s, %(n)s was followed up for %(period)s.",
            "Of %(treated)s, %(n)s were followed up for %(period)s.",
            counts.followed,
        )
    else:
        first = ngettext(
            "Of %(treated)s, %(n)s was followed up.",
            "Of %(treated)s, %(n)s were followed up.",
            counts.followed,
        )
    second = _("%(improved)s improved, %(unchanged)s did not change and %(worse)s got worse.") % {
        "improved": figure(counts.improved),
        "unchanged": figure(counts.unchanged),
        "worse": figure(counts.worse),
    }
    sentences = [first % words, second]
    if counts.unknown:
        others = ngettext(
            "We do not know how the other %(n)s is.",
            "We do not know how the other %(n)s are.",
            counts.unknown,
        )
        sentences.append(others % {"n": figure(counts.unknown)})
    return " ".join(sentences)


def table_caption(condition: str, months: int | None) -> str:
    """What the cohort's table shows."""
    who = (
        _("People treated for %(condition)s") % {"condition": condition} if condition else _("People treated")
    )
    when = ngettext("at %(n)s month", "at %(n)s months", months) % {"n": figure(months)} if months else ""
    return f"{who}, {when}" if when else who


def dots_title(dots: Dots) -> str:
    if dots.people == 1:
        return ngettext("%(n)s dot, one for each person treated", "%(n)s dots, one for each person treated",
                        dots.total) % {"n": figure(dots.total)}  # fmt: skip
    return _("%(n)s dots, one for every %(people)s people treated") % {
        "n": figure(dots.total),
        "people": figure(dots.people),
    }


def dots_description(counts: Counts) -> str:
    """For readers who do not see the picture."""
    return _(
        "Filled dots: %(improved)s improved. Rings: %(unchanged)s had no change. Diamonds: %(worse)s got worse. "
        "Small dots: %(unknown)s were not followed up."
    ) % {group: figure(getattr(counts, group)) for group in ("improved", "unchanged", "worse", "unknown")}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a cohort's table and of its key. `outcome` is the class that gives it its shape."""

    group: Group
    outcome: Outcome
    label: str
    words: str
    count: str
    of_followed: str
    of_treated: str


def cohort_rows(counts: Counts) -> list[Row]:
    groups: list[tuple[Group, Outcome, str, str]] = [
        ("improved", "good", _("Improved"), _("improved")),
        ("unchanged", "same", _("No change"), _("did not change")),
        ("worse", "worse", _("Worse"), _("got worse")),
        ("unknown", "none", _("Not followed up"), _("were not followed up")),
    ]
    return [
        Row(
            group,
            outcome,
            label,
            words,
            figure(counts.of(group)),
            "–" if group == "unknown" else share(counts.of(group), counts.followed),
            share(counts.of(group), counts.treated),
        )
        for group, outcome, label, words in groups
    ]
