"""An attack on published versions of a cohort: what integer constraints tell a reader who keeps them all.

The reader knows how counts are rounded, that tables add up, that people are only added, and that values are
multiples of a half. The answer is what can have one value only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from disclosure_control.rules import Rules
from tests.cohorts.public_outputs import Statement

OUTCOMES = ("improved", "unchanged", "worse", "lost")
GRID = 0.5
Name = tuple[Any, ...]


@dataclass
class System:
    """Linear constraints on whole numbers of people."""

    names: list[Name] = field(default_factory=list)
    rows: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)

    def add(self, sum_of: Mapping[Name, float], low: float, high: float) -> None:
        self.names += [name for name in sum_of if name not in self.names]
        row = (dict(sum_of), low, high)
        if row not in self.rows:
            self.rows.append(row)

    def range_of(self, wanted: Mapping[Name, int]) -> tuple[int, int]:
        """Return the least and the greatest value of a sum. Raises AssertionError where nothing is possible."""
        place = {name: number for number, name in enumerate(self.names)}
        matrix = np.zeros((len(self.rows), len(place)))
        for number, (sum_of, _low, _high) in enumerate(self.rows):
            for name, factor in sum_of.items():
                matrix[number, place[name]] = factor
        goal = np.zeros(len(place))
        for name, factor in wanted.items():
            goal[place[name]] = factor
        limits = LinearConstraint(
            matrix, [low for _s, low, _h in self.rows], [high for *_r, high in self.rows]
        )
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * goal, constraints=limits, integrality=np.ones(len(place)), bounds=Bounds(0, 500)
            )
            assert found.success, "The published numbers contradict each other: the attack is wrong."
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def system_of(
    versions: Sequence[Mapping[str, Any]], rules: Rules, texts: Sequence[Iterable[Statement]] = ()
) -> tuple[System, list[Name]]:
    """Return the constraints that the published data and texts are, and the names of all cells of people."""
    made, cells = System(), []
    for number, data in enumerate(versions):
        total = (number, "treated")
        _near(made, {total: 1}, data["treated"], rules, half=True)
        tables = [{(number, "outcome", name): name for name in OUTCOMES}]
        (measure,) = data["measures"]
        for time in measure["times"]:
            for names, count in time["groups"]:
                _near(made, {(number, "outcome", name): 1 for name in names}, count, rules)
            if len(time["groups"]) == len(OUTCOMES) and time["seen"] is not None:
                _near(made, {(number, "seen"): 1}, time["seen"], rules)
        if texts:
            _read(
                made,
                number,
                texts[number],
                measure["times"][0]["followed_up"] if measure["times"] else None,
                rules,
            )
        for kind in ("ages", "sexes"):
            tables.append({(number, kind, name): name for name, _count in data[kind]})
            for name, count in data[kind]:
                if count is not None:
                    _near(made, {(number, kind, name): 1}, count, rules)
        for table in filter(None, tables):
            made.add({**dict.fromkeys(table, 1), total: -1}, 0, 0)
            cells += list(table)
    for cell in cells:
        later = (cell[0] + 1, *cell[1:])
        if later in cells:
            made.add({later: 1, cell: -1}, 0, math.inf)  # people are only added
    return made, cells


def _read(
    made: System, number: int, read: Iterable[Statement], followed_up: int | None, rules: Rules
) -> None:
    """Add what page, PDF and files of one version say. `followed_up`: as published."""
    followed = [(number, "outcome", name) for name in OUTCOMES[:3]]
    for said in read:
        cells = {(number, *cell): 1 for cell in said.cells}
        if said.cells[0][0] == "measured":
            # Nearly all who were treated or followed up: then their number is repeated (`published._people`).
            of = {(number, "treated"): 1} if said.cells[0][1] == 0 else dict.fromkeys(followed, 1)
            off = _furthest(rules) + rules.smallest - 1
            made.add(of, max(0, said.count - off), math.inf)
        elif len(said.cells) == 3:  # everyone treated less those lost to follow-up, both rounded
            made.add(cells, max(0, said.count - _furthest(rules)), said.count + _furthest(rules))
        else:
            _near(made, cells, said.count, rules, half=said.cells == (("treated",),))
        if said.share is not None and said.share != round(100 * said.count / (followed_up or 1)):
            # Not the share of the rounded numbers: then it is that of the exact ones.
            for sign, share in ((1, said.share - 0.5), (-1, said.share + 0.5)):
                made.add({one: sign * ((one in cells) - share / 100) for one in followed}, 0, math.inf)


def _furthest(rules: Rules) -> int:
    """Return the most by which a difference of two rounded counts is off, of which one is a total."""
    return rules.base // 2 + rules.base - 1


def _near(made: System, sum_of: dict[Name, int], count: int, rules: Rules, *, half: bool = False) -> None:
    """Add that a sum was rounded to `count`: up or down by less than the base; a zero is exact."""
    # What is not a multiple of the base was not rounded.
    off = 0 if count % rules.base or not count else rules.base // 2 if half else rules.base - 1
    made.add(sum_of, max(0, count - off), count + off)


def small_cells_found(
    versions: Sequence[Mapping[str, Any]],
    rules: Rules,
    smallest: int,
    texts: Sequence[Iterable[Statement]] = (),
) -> list[Any]:
    """Return the cells, and the differences of a cell between two versions, that can only be one small number
    of people: (what, number).
    """
    made, cells = system_of(versions, rules, texts)
    wanted: list[dict[Name, int]] = [{cell: 1} for cell in cells]
    wanted += [{cell: 1, (cell[0] - 1, *cell[1:]): -1} for cell in cells if (cell[0] - 1, *cell[1:]) in cells]
    found = []
    for one in wanted:
        low, high = made.range_of(one)
        if low == high and 0 < low < smallest:
            found.append((tuple(one), low))
    return found


def assert_true(
    versions: Sequence[Mapping[str, Any]],
    rules: Rules,
    truth: Sequence[Mapping[Name, int]],
    texts: Sequence[Iterable[Statement]] = (),
) -> None:
    """Assert that the real table is one of those the attack thinks possible: else it would prove nothing."""
    made, _cells = system_of(versions, rules, texts)
    real = {(number, *name): count for number, cells in enumerate(truth) for name, count in cells.items()}
    for sum_of, low, high in made.rows:
        if any(name[1] == "seen" for name in sum_of):
            continue
        value = sum(factor * real.get(name, 0) for name, factor in sum_of.items())
        assert low <= value <= high, (sum_of, low, value, high)


def values_found(
    versions: Sequence[Mapping[str, Any]], truth: Sequence[Mapping[int, Sequence[float]]], smallest: int
) -> Iterator[tuple[str, float]]:
    """Yield published quantiles that are the values of fewer than `smallest` people.

    `truth`: the real values by month, for each version.
    """
    for data, real in zip(versions, truth, strict=True):
        for row in data["measures"][0]["values"]:
            for name in ("median", "first_quartile", "third_quartile"):
                if row.get(name):
                    shown, half = float(row[name]), float(row["step"]) / 2 + 1e-9
                    people = [value for value in real[row["months"]] if abs(value - shown) <= half]
                    if 0 < len(people) < smallest:
                        yield name, shown


def newcomers_changes(versions: Sequence[Mapping[str, Any]], rules: Rules) -> Iterator[float]:
    """Yield the change of a newcomer who alone makes the difference between two mean changes."""
    rows = [
        next(
            (row for row in data["measures"][0]["values"] if row["months"] == 12 and row.get("change")), None
        )
        for data in versions
    ]
    for before, after in pairwise(rows):
        if before is None or after is None or before.get("pairs") is None or after.get("pairs") is None:
            continue
        off = 2 * (rules.base - 1)
        pairs = {
            (one, other)
            for one in range(before["pairs"] - off, before["pairs"] + off + 1)
            for other in range(after["pairs"] - off, after["pairs"] + off + 1)
            if one >= 1 and other > one
        }
        possible = set()
        for one, other in pairs:
            ends = [
                other * (float(after["change"]) + sign * float(after["change_step"]) / 2)
                - one * (float(before["change"]) - sign * float(before["change_step"]) / 2)
                for sign in (-1, 1)
            ]
            # All that `other - one` newcomers may have changed by, together.
            possible |= {
                (other - one, step * GRID)
                for step in range(math.ceil(ends[0] / GRID), math.floor(ends[1] / GRID) + 1)
            }
        if len(possible) == 1:
            ((people, change),) = possible
            if people == 1:
                yield change
