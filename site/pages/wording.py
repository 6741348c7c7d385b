"""Sentences made from the same numbers as the drawings next to them, so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from pages.drawing import Dots
from pages.numbers import figure, share
from pages.outcome_counts import OUTCOMES, SHAPES, OutcomeCounts, OutcomeGroup, OutcomeName

# How stories ended, in the order of lists: the values of `pages.choices.Outcome`.
OUTCOME_WORDS: dict[str, object] = {
    "good": gettext_lazy("some improvement"),
    "mixed": gettext_lazy("mixed"),
    "same": gettext_lazy("no change"),
    "worse": gettext_lazy("worse"),
    "none": gettext_lazy("not known yet"),
}
# What became of the people treated.
COUNT_WORDS: dict[OutcomeName, object] = {
    "improved": gettext_lazy("improved"),
    "unchanged": gettext_lazy("no change"),
    "worse": gettext_lazy("worse"),
    "lost": gettext_lazy("lost to follow-up"),
}


def group_words(names: Sequence[OutcomeName]) -> str:
    """Return the outcomes of one group in words: 'no change or worse'."""
    parts = [str(COUNT_WORDS[name]) for name in names]
    if len(parts) == 1:
        return parts[0]
    return _("%(most)s or %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


def period(months: int) -> str:
    """Return a length of time in words: 'a year', '2 years', '6 months'."""
    if months == 12:
        return _("a year")
    if months % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": figure(months // 12)}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": figure(months)}


def followed(months: int | None) -> str:
    """Return what a card says next to an outcome."""
    return _followed(get_language(), months)


@lru_cache(maxsize=4096)
def _followed(_language: str | None, months: int | None) -> str:
    if not months:
        return _("follow-up length not stated")
    return ngettext("followed %(n)s month", "followed %(n)s months", months) % {"n": figure(months)}


def treated_sentence(treated: int, condition: str, over: bool) -> str:
    """Return 'About 1,240 people were treated for cerebral palsy.'

    `over`: the number is a lower bound, 'More than 1,240'. Numbers of people are published rounded.
    """
    if over:
        first = ngettext("More than %(n)s person was treated", "More than %(n)s people were treated", treated)
    else:
        first = ngettext("About %(n)s person was treated", "About %(n)s people were treated", treated)
    first = first % {"n": figure(treated)}
    if not condition:
        return f"{first}."
    return _("%(people_were_treated)s for %(condition)s.") % {
        "people_were_treated": first,
        "condition": condition,
    }


def few_sentence(fewest: int, condition: str) -> str:
    """Return what is said where fewer than `fewest` people were treated."""
    words = {"n": figure(fewest), "condition": condition}
    first = (
        _("Fewer than %(n)s people were treated for %(condition)s.")
        if condition
        else _("Fewer than %(n)s people were treated.")
    )
    return " ".join([first % words, _("What became of them is not shown, so that no one can be identified.")])


def outcome_sentences(
    treated: int,
    groups: Iterable[OutcomeGroup],
    *,
    followed_up: int | None,
    condition: str = "",
    months: int | None = None,
    over: bool = False,
) -> str:
    """Return what became of everyone treated, those lost to follow-up included.

    `groups` are the outcomes as they may be published. `followed_up` None: the number is not published.
    """
    first = treated_sentence(treated, condition, over)
    known = [group for group in groups if group.names != ("lost",)]
    if not known or followed_up == 0:
        return f"{first} {_('We do not know how any of them are today.')}"
    sentences = [first, _seen_sentence(known, followed_up, months)]
    if followed_up is not None and treated > followed_up:
        sentences.append(_lost_sentence(treated - followed_up, over))
    if any(len(group.names) > 1 for group in known):
        sentences.append(_("Numbers under five are combined, so that no one can be identified."))
    return " ".join(sentences)


def _seen_sentence(groups: Sequence[OutcomeGroup], followed_up: int | None, months: int | None) -> str:
    parts = _seen_parts(groups)
    if followed_up is None:
        if not months:
            return _("Of them, %(parts)s.") % {"parts": parts}
        return _("After %(period)s: %(parts)s.") % {"period": period(months), "parts": parts}
    words = {"n": figure(followed_up), "parts": parts}
    if not months:
        return (
            ngettext(
                "%(n)s of them was followed up: %(parts)s.",
                "%(n)s of them were followed up: %(parts)s.",
                followed_up,
            )
            % words
        )
    first = ngettext(
        "%(n)s of them was followed up for %(period)s: %(parts)s.",
        "%(n)s of them were followed up for %(period)s: %(parts)s.",
        followed_up,
    )
    return first % (words | {"period": period(months)})


def _seen_parts(groups: Sequence[OutcomeGroup]) -> str:
    counts = {group.names: figure(group.count) for group in groups}
    single = {names[0]: count for names, count in counts.items() if len(names) == 1}
    if len(single) == len(counts) == 3:
        return _("%(improved)s improved, %(unchanged)s did not change and %(worse)s got worse") % single
    return "; ".join(f"{group_words(names)}: {count}" for names, count in counts.items())


def _lost_sentence(lost: int, over: bool) -> str:
    if over:
        words = ngettext(
            "The other %(n)s or more were lost to follow-up: we do not know how they are.",
            "The other %(n)s or more were lost to follow-up: we do not know how they are.",
            lost,
        )
    else:
        words = ngettext(
            "The other %(n)s was lost to follow-up: we do not know how they are.",
            "The other %(n)s were lost to follow-up: we do not know how they are.",
            lost,
        )
    return words % {"n": figure(lost)}


def cohort_sentence(
    counts: OutcomeCounts, *, condition: str = "", months: int | None = None, over: bool = False
) -> str:
    """Return what became of everyone treated. `over`: the number treated is a lower bound."""
    return outcome_sentences(
        counts.treated,
        counts.groups,
        followed_up=counts.followed_up,
        condition=condition,
        months=months,
        over=over,
    )


def table_caption(condition: str, months: int | None) -> str:
    """Return what the cohort's table shows."""
    who = (
        _("People treated for %(condition)s") % {"condition": condition} if condition else _("People treated")
    )
    when = ngettext("at %(n)s month", "at %(n)s months", months) % {"n": figure(months)} if months else ""
    return f"{who}, {when}" if when else who


def dots_title(dots: Dots) -> str:
    if dots.people == 1:
        words = ngettext(
            "%(n)s dot, one for each person treated", "%(n)s dots, one for each person treated", dots.total
        )
        return words % {"n": figure(dots.total)}
    return _("%(n)s dots, one for every %(people)s people treated") % {
        "n": figure(dots.total),
        "people": figure(dots.people),
    }


def dots_description(counts: OutcomeCounts) -> str:
    """Return what the picture shows, for readers who do not see it."""
    return _(
        "Filled dots: %(improved)s improved. Rings: %(unchanged)s had no change. Diamonds: %(worse)s got "
        "worse. "
        "Small dots: %(lost)s were lost to follow-up."
    ) % {name: figure(counts.of(name)) for name in OUTCOMES}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of the table of a cohort whose small numbers are combined."""

    label: str
    count: str
    of_followed: str
    of_treated: str


def group_rows(groups: Iterable[OutcomeGroup], *, followed_up: int | None, treated: int) -> list[GroupRow]:
    """Return a line for each group. `followed_up` None: the number is not published, nor a share of it."""
    return [
        GroupRow(
            str(capfirst(group_words(group.names))),
            figure(group.count),
            "–" if "lost" in group.names else share(group.count, followed_up or 0),
            share(group.count, treated),
        )
        for group in groups
    ]


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One line of a cohort's table and of its key. `shape`: the CSS class that draws it."""

    name: OutcomeName
    shape: str
    label: str
    words: str
    count: str
    of_followed: str
    of_treated: str


def cohort_rows(counts: OutcomeCounts) -> list[CohortRow]:
    """Return a line for each outcome, those lost to follow-up last."""
    labels: dict[OutcomeName, tuple[str, str]] = {
        "improved": (_("Improved"), _("improved")),
        "unchanged": (_("No change"), _("did not change")),
        "worse": (_("Worse"), _("got worse")),
        "lost": (_("Lost to follow-up"), _("were lost to follow-up")),
    }
    return [
        CohortRow(
            name,
            SHAPES[name],
            *labels[name],
            figure(counts.of(name)),
            "–" if name == "lost" else share(counts.of(name), counts.followed_up),
            share(counts.of(name), counts.treated),
        )
        for name in OUTCOMES
    ]
