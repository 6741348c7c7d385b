"""Which counts of a cohort are published, so that no small group of people can be picked out. Pure.

Every count passes three rules, in this order; their sources are in docs/disclosure.md.

1. **Suppression.** A count of 1 to 4 people is not published, nor is any other count from which it could be
   worked out (`secondary suppression`). A zero is published: that no one got worse says nothing about any one
   person, and readers would take a suppressed zero for a suppressed harm.
2. **Rounding.** Every other count is rounded to a multiple of 5 so that the tables still add up
   (`disclosure_control.counts`). Then no count, and no difference between two versions, is exact.
3. **Few people.** Of fewer than 10 people treated nothing is published but that there are fewer than 10.

Where the sources leave a choice:

- Suppressed counts all look alike on the page; it does not mark which of them is the small one.
- The outcomes of a cohort are combined ('no change or worse: 25') in one of a few ways (`COARSER`). These
  ways do not depend on the numbers: otherwise a reader of this program could work back from the way chosen to
  the numbers.
- In a table of groups next to their total (age bands, sexes), the suppressed counts make 5 people or more
  together: their sum is the total less the published counts, so every reader knows it. Each of them could
  have another value, even for a reader who knows this program.
- People lost to follow-up are counted like the others: 1 to 4 of them are not published either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disclosure_control.counts import add_up, rounded
from disclosure_control.rules import DEFAULT, Rules
from pages.outcome_counts import OUTCOMES, OutcomeCounts, OutcomeGroup, OutcomeName

# Outcomes of a cohort -------------------------------------------------------------------------------------

# Ways to combine the outcomes, from none to all of them. The first without a small group is taken. They do
# not depend on the numbers: each leaves even a reader of this program two or more tables to choose from.
COARSER: tuple[tuple[tuple[OutcomeName, ...], ...], ...] = (
    (("improved",), ("unchanged",), ("worse",), ("lost",)),
    (("improved",), ("unchanged", "worse"), ("lost",)),
    (("improved", "unchanged"), ("worse",), ("lost",)),
    (("improved", "unchanged", "worse"), ("lost",)),
    (("improved",), ("unchanged", "worse", "lost")),
    (("improved", "unchanged", "worse", "lost"),),
)


@dataclass(frozen=True)
class ShownOutcomes:
    """What is published of a cohort at one time: groups of outcomes, each with the people in all of it
    together.

    All counts are rounded. `followed_up` is None where it is withheld, with the number lost to follow-up. Of
    few people not even `treated` is published: then it is None and there are no groups.
    """

    treated: int | None
    followed_up: int | None
    groups: tuple[OutcomeGroup, ...]

    def count(self, name: OutcomeName) -> int | None:
        """Return one outcome's own number; None where it is withheld."""
        return next((group.count for group in self.groups if group.names == (name,)), None)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The names of the counts that are not published, in the order of the table."""
        shown: dict[str, int | None] = {name: self.count(name) for name in OUTCOMES}
        shown |= {"followed_up": self.followed_up, "treated": self.treated}
        return tuple(name for name, count in shown.items() if count is None)

    def as_json(self) -> dict[str, Any]:
        """Return the outcomes as they are stored with a page and in a report."""
        return {
            "followed_up": self.followed_up,
            "groups": [[list(group.names), group.count] for group in self.groups],
        }


def shown_treated(treated: int, rules: Rules = DEFAULT, *, at_least: bool = False) -> int | None:
    """Return the number treated as it may be published; None of few people.

    `at_least`: it is a lower bound and is rounded down, so that it stays one.
    """
    return None if rules.is_few(treated) else rounded(treated, rules, down=at_least)


def shown_of_cohort(
    counts: OutcomeCounts, rules: Rules = DEFAULT, *, at_least: bool = False
) -> ShownOutcomes:
    """Return a cohort's counts at one time as they may be published.

    Outcomes are combined until no group is small: 'no change or worse: 25'.
    """
    treated = shown_treated(counts.treated, rules, at_least=at_least)
    if treated is None:
        return ShownOutcomes(None, None, ())
    for way in COARSER:
        exact = [sum(map(counts.of, names)) for names in way]
        if not any(map(rules.is_small, exact)):
            break
    groups = tuple(map(OutcomeGroup, way, add_up(exact, treated, rules)))
    lost = next((group.count for group in groups if group.names == ("lost",)), None)
    return ShownOutcomes(treated, None if lost is None else treated - lost, groups)


def shown_seen(
    shown: ShownOutcomes, counts: OutcomeCounts, seen: int | None, rules: Rules = DEFAULT
) -> int | None:
    """Return how many were seen at all, with a usable result or without; None where it is not published.

    The people lost to follow-up are divided: seen without a result, and not seen. `seen`: the exact number.
    """
    if seen is None or shown.treated is None or shown.followed_up is None:
        return None
    parts = [seen - counts.followed_up, counts.treated - seen]
    if min(parts) < 0 or any(map(rules.is_small, parts)):
        return None
    without_result, _not_seen = add_up(parts, shown.treated - shown.followed_up, rules)
    return shown.followed_up + without_result


# Groups next to their total -------------------------------------------------------------------------------


def shown_groups(
    groups: Mapping[str, int], treated: int, rules: Rules = DEFAULT
) -> list[tuple[str, int | None]]:
    """Return a table of groups next to its rounded total `treated`, as it may be published.

    A count that is withheld is None.
    """
    hidden = withheld_of_groups(groups, rules)
    names = [name for name in groups if name not in hidden]
    together = sum(groups[name] for name in hidden)
    cells = add_up([*(groups[name] for name in names), together], treated, rules)
    shown = dict(zip(names, cells, strict=False))
    return [(name, shown.get(name)) for name in groups]


def withheld_of_groups(groups: Mapping[str, int], rules: Rules = DEFAULT) -> frozenset[str]:
    """Return which counts of a table of groups (age bands, sexes) are not published next to their known
    total.

    The order of `groups` says which groups are neighbours. Raises ValueError where a count is below zero.
    """
    for name, count in groups.items():
        if count < 0:
            raise ValueError(f"{name}: {count} people; a count cannot be below 0")
    if rules.is_small(sum(groups.values())):
        return frozenset(groups)
    hidden = [name for name, count in groups.items() if rules.is_small(count)]
    if not hidden:
        return frozenset()
    together = sum(groups[name] for name in hidden)
    # A sum below 5 is itself a small number. A sum near the least or the most that so many small counts can
    # make tells each of them: 8 people in two groups are 4 and 4. Then one more count is hidden, so that each
    # may differ.
    is_low = together < max(rules.smallest, len(hidden) + 2)
    is_high = together > (rules.smallest - 1) * len(hidden) - 2
    partner = _partner(groups, hidden) if is_low or is_high else None
    if partner is None:
        return frozenset(groups if is_low else hidden)
    return frozenset((*hidden, partner))


def _partner(groups: Mapping[str, int], hidden: Sequence[str]) -> str | None:
    """Return the group to hide with `hidden`: of those with people the nearest to the first of them, left on
    a tie.

    Hiding an empty group would change no sum, and would keep from readers a zero that they should see.
    """
    names = list(groups)
    first = names.index(hidden[0])
    places = [place for place, name in enumerate(names) if groups[name] and name not in hidden]
    return names[min(places, key=lambda place: (abs(place - first), place > first))] if places else None
