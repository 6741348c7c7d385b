"""Which counts of a published table are withheld, so that no small group of people can be picked out. Pure.

The rule is the one of health statistics offices: a count of 1 to 4 people is not published, nor is any other count
from which it could be worked out (`secondary suppression`).

- ISB 1523 / NHS England, Anonymisation Standard for Publishing Health and Social Care Data (2013): small numbers are
  suppressed, with secondary suppression where a total would give them away.
- Hundepool and others, Statistical Disclosure Control (Wiley, 2012), chapter 4: primary and secondary cells, and the
  attack that is guarded against: solving the table's sums for a withheld cell.

What we decided where the sources leave a choice:

- **Small** is fewer than 5 (`SMALLEST`), and more than none. **A zero is published**: that nobody got worse says
  nothing about any one person, and readers would take a withheld zero for a withheld harm.
- Withheld cells all look alike. Which of them is the small one is not told.
- Outcomes of a cohort are put together ('no change or worse: 23') in one of a few ways that do not depend on the
  numbers (`COARSER`): a choice that does lets somebody who knows this program run it backwards.
- In any other table the partner of a small cell is its nearest neighbour in the caller's order. Withheld cells of one
  sum hold 5 people or more together, or the difference of the total would be a small number.
- People lost to follow-up are counted as the others are: 1 to 4 of them are not published either.
- Numbers of tables that are published together are given together, with every sum that holds between them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)

# Counts below this, and above none, are small.
SMALLEST = 5
# So many steps are taken in search of a second table; where none was found by then, more is withheld.
PATIENCE = 20_000


def is_small(count: int) -> bool:
    return 0 < count < SMALLEST


@dataclass(frozen=True)
class Sum(Generic[Cell]):
    """`total` is what `parts` make together; the order of the parts says which cells are neighbours."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (*self.parts, self.total)

    def sign(self, cell: Cell) -> int:
        return -1 if cell == self.total else 1


def withheld(
    counts: Mapping[Cell, int], sums: Iterable[Sum[Cell]] = (), *, known: Iterable[Cell] = ()
) -> frozenset[Cell]:
    """The cells of `counts` that must not be published.

    `sums`: every sum that holds between the cells, over all tables that are published together. `known`: cells that
    are public anyhow (the number treated) and are never withheld; the caller has made sure that they are not small.
    Raises ValueError where a count is below zero, or a sum does not hold.
    """
    rules = tuple(sums)
    fixed = frozenset(known)
    _check(counts, rules, fixed)
    hidden = {cell for cell, count in counts.items() if is_small(count) and cell not in fixed}
    while hidden:
        rule, exposed = _exposed(counts, rules, hidden)
        if rule is None:
            break
        partner = _partner(counts, rules, rule, hidden=hidden, known=fixed, exposed=exposed)
        if partner is None:  # Nothing is left to hide behind: the tables are not published at all.
            return frozenset(cell for cell in counts if cell not in fixed)
        hidden.add(partner)
    return frozenset(hidden)


def _check(counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], known: frozenset[Cell]) -> None:
    for cell, count in counts.items():
        if count < 0:
            raise ValueError(f"{cell}: {count} people; a count cannot be below 0")
    for rule in sums:
        found = sum(counts[part] for part in rule.parts)
        if found != counts[rule.total]:
            raise ValueError(f"{rule.total}: {counts[rule.total]}, but its parts make {found}")
    for cell in known:
        if is_small(counts[cell]):
            raise ValueError(f"{cell}: {counts[cell]} people are too few to be known")


def _exposed(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], hidden: set[Cell]
) -> tuple[Sum[Cell] | None, Cell | None]:
    """A sum that gives a withheld cell away, and the cell; (None, None) where every cell is safe."""
    for rule in sums:
        inside = [cell for cell in rule.parts if cell in hidden]
        if inside and rule.total not in hidden and is_small(sum(counts[cell] for cell in inside)):
            return rule, inside[0]
    for cell in counts:
        if cell in hidden and not has_second_table(counts, sums, hidden, cell):
            touching = [rule for rule in sums if cell in rule.cells]
            return min(touching, key=lambda rule: sum(one in hidden for one in rule.cells)), cell
    return None, None


def _partner(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    rule: Sum[Cell],
    *,
    hidden: set[Cell],
    known: frozenset[Cell],
    exposed: Cell | None,
) -> Cell | None:
    """The cell to withhold next: a neighbour in the sum, one with people in it before an empty one, the total last.

    Where the sum has none left, any cell of a sum that shares a withheld cell with it.
    """

    def free(cell: Cell) -> bool:
        return cell not in hidden and cell not in known

    def nearest(rule: Sum[Cell], to: Cell | None) -> list[Cell]:
        at = rule.parts.index(to) if to in rule.parts else len(rule.parts)
        places = sorted(range(len(rule.parts)), key=lambda place: (abs(place - at), place > at))
        parts = [rule.parts[place] for place in places if free(rule.parts[place])]
        return [*(cell for cell in parts if counts[cell]), *(cell for cell in parts if not counts[cell])]

    chosen = nearest(rule, exposed) or [cell for cell in (rule.total,) if free(cell)]
    if chosen:
        return chosen[0]
    for other in sums:
        if any(cell in hidden for cell in other.cells):
            chosen = nearest(other, None) or [cell for cell in (other.total,) if free(cell)]
            if chosen:
                return chosen[0]
    return None


def has_second_table(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], hidden: Iterable[Cell], cell: Cell
) -> bool:
    """Whether another table of whole people agrees with all that is published, and differs in `cell`.

    It is looked for by moving one person: `cell` one more or one less, and every sum it stands in put right by
    another withheld cell. A table found is a proof. For tables in one or two directions none found is a proof, too
    (differences of such tables are made of moves of one person); in others it may withhold more than is needed.
    """
    unseen = frozenset(hidden)
    return any(_balanced(counts, sums, unseen, {cell: step}, [PATIENCE]) for step in (-1, 1))


def _balanced(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    hidden: frozenset[Cell],
    moved: dict[Cell, int],
    patience: list[int],
) -> bool:
    if any(counts[cell] + step < 0 for cell, step in moved.items()):
        return False
    patience[0] -= 1
    if patience[0] < 0:
        return False
    for rule in sums:
        off = sum(rule.sign(cell) * moved[cell] for cell in rule.cells if cell in moved)
        if not off:
            continue
        for cell in rule.cells:
            if cell in hidden and cell not in moved:
                step = -1 if rule.sign(cell) * off > 0 else 1
                if _balanced(counts, sums, hidden, {**moved, cell: step}, patience):
                    return True
        return False
    return True


# The one shape of table that cohorts have -----------------------------------------------------------------

IMPROVED, UNCHANGED, WORSE, LOST = "improved", "unchanged", "worse", "lost"
FOLLOWED, TREATED = "followed_up", "treated"
COHORT_SUMS: tuple[Sum[str], ...] = (
    Sum(FOLLOWED, (IMPROVED, UNCHANGED, WORSE)),
    Sum(TREATED, (LOST, FOLLOWED)),
)
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
    _check(counts | {FOLLOWED: followed_up, TREATED: treated}, COHORT_SUMS, frozenset())
    if is_small(treated):
        return ShownOutcomes(None, None, ())
    for way in COARSER:
        groups = tuple((names, sum(counts[name] for name in names)) for names in way)
        if not any(is_small(count) for _names, count in groups):
            break
    return ShownOutcomes(treated, followed_up if (LOST,) in way else None, groups)


def withheld_of_groups(groups: Mapping[str, int]) -> frozenset[str]:
    """Which counts of a table in one direction (bands of age, sexes) are not published beside their known total."""
    total = sum(groups.values())
    names = tuple(groups)
    if is_small(total):
        return frozenset(names)
    counts: dict[object, int] = {("group", name): groups[name] for name in names} | {"total": total}
    rule: Sum[object] = Sum("total", tuple(("group", name) for name in names))
    hidden = withheld(counts, (rule,), known=("total",))
    return frozenset(name for name in names if ("group", name) in hidden)
