"""Counts of people, rounded so that a table still adds up. Pure.

Each cell of a table is rounded down or up to a multiple of the base so that the cells add up to the rounded
total (controlled rounding: Cox LH, J Am Stat Assoc 1987;82:520-524). Cells rounded one by one do not add up,
and where they miss the total by the most that is possible a reader can solve the sums for every cell: four
groups of 12 would be shown as 10, 10, 10 and 10 of 50, which only four groups of 12 can be.

What a reader can work out, even one who knows this program: a table that shows multiples of the base may be
exactly these multiples; then any cell may be 2 more or 2 less (base 5), with the total or another cell
following. So each count that is not zero has five possible values, those next to the smallest cell three.
"""

from __future__ import annotations

from collections.abc import Sequence

from disclosure_control.rules import Rules


def rounded(count: int, rules: Rules, *, down: bool = False) -> int:
    """Return a count as a multiple of the base: the nearest one, or with `down` the next lower one."""
    extra = 0 if down else rules.base // 2
    return (count + extra) // rules.base * rules.base


def add_up(cells: Sequence[int], total: int, rules: Rules) -> list[int]:
    """Return `cells` as multiples of the base that add up to `total`.

    `total`: the rounded sum of the cells, up or down. Each cell becomes the multiple below or above it; those
    with the largest remainders are rounded up, the first of equal ones first. A multiple, and so zero, stays.
    Raises ValueError where `total` is further from the sum than rounding can bring it.
    """
    below = [cell // rules.base * rules.base for cell in cells]
    left = [cell - floor for cell, floor in zip(cells, below, strict=True)]
    up, rest = divmod(total - sum(below), rules.base)
    if rest or not 0 <= up <= sum(map(bool, left)):
        raise ValueError(f"Cells that make {sum(cells)} cannot be rounded to make {total}.")
    first = sorted(range(len(cells)), key=lambda place: -left[place])[:up]
    return [floor + rules.base * (place in first) for place, floor in enumerate(below)]
