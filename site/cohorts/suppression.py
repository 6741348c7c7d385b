"""Which counts of a published table are suppressed, so that no small group of people can be picked out. Pure.

The rule is the one of health statistics offices: a count of 1 to 4 people is not published, nor is any other count
from which it could be worked out (`secondary suppression`).

- ISB 1523 / NHS England, Anonymisation Standard for Publishing Health and Social Care Data (2013): small numbers are
  suppressed, with secondary suppression where a total would give them away.
- Hundepool and others, Statistical Disclosure Control (Wiley, 2012), chapter 4: primary and secondary cells, and the
  attack that suppression guards against: solving the table's sums for a suppressed cell.

Where the sources leave a choice:

- **Small** is fewer than 5 (`SMALLEST`), and more than none. **A zero is published**: that no one got worse says
  nothing about any one person, and readers would take a suppressed zero for a suppressed harm.
- Suppressed counts all look alike on the page; it does not mark which of them is the small one.
- The outcomes of a cohort are combined ('no change or worse: 23') in one of a few ways (`COARSER`). These ways do not
  depend on the numbers: otherwise a reader of this program could work back from the way chosen to the numbers.
- In a table of groups beside their total (age bands, sexes), the suppressed counts make 5 people or more together:
  their sum is the total less the published counts, so every reader knows it. Each of them could have another value,
  even for a reader who knows this program.
- People lost to follow-up are counted like the others: 1 to 4 of them are not published either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Counts below this, and above none, are small.
SMALLEST = 5


def is_small(count: int) -> bool:
    return 0 < count < SMALLEST


# Outcomes of a cohort -------------------------------------------------------------------------------------

IMPROVED, UNCHANGED, WORSE, LOST = "improved", "unchanged", "worse", "lost"
FOLLOWED, TREATED = "followed_up", "treated"
# Ways to put the outcomes together, from nothing together to everything. The first without a small group is taken.
# They do not depend on the numbers: each leaves even a reader of this program two or more tables to choose from.
COARSER: tuple[tuple[tuple[str, ...], ...], ...] = (
    ((IMPROVED,), (UNCHANGED,), (WORSE,), (LOST,)),
    ((IMPROVED,), (UNCHANGED, WORSE), (LOST,)),
    ((IMPROVED, UNCHANGED), (WORSE,), (LOST,)),
    ((IMPROVED, UNCHANGED, WORSE), (LOST,)),
    ((IMPROVED,), (UNCHANGED, WORSE, LOST)),
    ((IMPROVED, UNCHANGED, WORSE, LOST),),
)


@dataclass(frozen=True)
class ShownOutcomes:
    """What is published of a cohort at one time: `groups` of outcomes, each with the people in all of it together.

    `followed_up` is None where it is withheld, with the number of the lost. Not even `treated` is known of fewer
    than 5 people: then it is None and there are no groups.
    """

    treated: int | None
    followed_up: int | None
    groups: tuple[tuple[tuple[str, ...], int], ...]

    def count(self, name: str) -> int | None:
        """One outcome's own number; None where it is withheld."""
        return next((count for names, count in self.groups if names == (name,)), None)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The names of the counts that are not published, in the order of the table."""
        shown = {IMPROVED: self.count(IMPROVED), UNCHANGED: self.count(UNCHANGED), WORSE: self.count(WORSE)}
        shown |= {LOST: self.count(LOST), FOLLOWED: self.followed_up, TREATED: self.treated}
        return tuple(name for name, count in shown.items() if count is None)


def shown_of_cohort(
    *, treated: int, followed_up: int, improved: int, unchanged: int, worse: int
) -> ShownOutcomes:
    """A cohort's counts at one time as they may be published. Raises ValueError where they contradict each other.

    Outcomes are put together until no group is small: 'no change or worse: 23'. `lost` is treated less followed up.
    """
    counts = {IMPROVED: improved, UNCHANGED: unchanged, WORSE: worse, LOST: treated - followed_up}
    _check_cohort(counts, followed_up)
    if is_small(treated):
        return ShownOutcomes(None, None, ())
    for way in COARSER:
        groups = tuple((names, sum(counts[name] for name in names)) for names in way)
        if not any(is_small(count) for _names, count in groups):
            break
    return ShownOutcomes(treated, followed_up if (LOST,) in way else None, groups)


def _check_cohort(counts: Mapping[str, int], followed_up: int) -> None:
    for name, count in counts.items():
        if count < 0:
            raise ValueError(f"{name}: {count} people; a count cannot be below 0")
    if (made := counts[IMPROVED] + counts[UNCHANGED] + counts[WORSE]) != followed_up:
        raise ValueError(f"{FOLLOWED}: {followed_up}, but its parts make {made}")


# Groups beside their total --------------------------------------------------------------------------------


def withheld_of_groups(groups: Mapping[str, int]) -> frozenset[str]:
    """Return which counts of a table of groups (age bands, sexes) are not published beside their known total.

    The order of `groups` says which groups are neighbours. Raises ValueError where a count is below zero.
    """
    for name, count in groups.items():
        if count < 0:
            raise ValueError(f"{name}: {count} people; a count cannot be below 0")
    if is_small(sum(groups.values())):
        return frozenset(groups)
    hidden = [name for name, count in groups.items() if is_small(count)]
    if not hidden:
        return frozenset()
    together = sum(groups[name] for name in hidden)
    # A sum below 5 is itself a small number. A sum near the least or the most that so many small counts can make
    # tells each of them: 8 people in two groups are 4 and 4. Then one more count is hidden, so that each may differ.
    is_low = together < max(SMALLEST, len(hidden) + 2)
    is_high = together > (SMALLEST - 1) * len(hidden) - 2
    partner = _partner(groups, hidden) if is_low or is_high else None
    if partner is None:
        return frozenset(groups if is_low else hidden)
    return frozenset((*hidden, partner))


def _partner(groups: Mapping[str, int], hidden: Sequence[str]) -> str | None:
    """Return the group to hide with `hidden`: of those with people the nearest to the first of them, left on a tie.

    Hiding an empty group would change no sum, and would keep from readers a zero that they should see.
    """
    names = list(groups)
    first = names.index(hidden[0])
    places = [place for place, name in enumerate(names) if groups[name] and name not in hidden]
    return names[min(places, key=lambda place: (abs(place - first), place > first))] if places else None
