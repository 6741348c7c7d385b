"""Measurements of one case as a table: a row for each measure, a column for each time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Measured(Protocol):
    measure: str
    months: int
    value: str
    unit: str
    better: str
    assessed_by: str


@dataclass(frozen=True)
class MeasureRow:
    """One measure; `values` has '' for a time at which it was not measured. `assessed_by` are the choices' values."""

    measure: str
    unit: str
    better: str
    assessed_by: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Measurements:
    months: tuple[int, ...]
    rows: tuple[MeasureRow, ...]

    def __bool__(self) -> bool:
        return bool(self.rows)


def tabulate(observations: Iterable[Measured]) -> Measurements:
    """All values side by side: measures in the order of their first value, times from first to last.

    Values with different units or directions are different measures, even under one name: they are never put on
    one row. Two values of one measure at one time are both shown, joined by ' / '.
    """
    given = list(observations)
    months = tuple(sorted({one.months for one in given}))
    groups: dict[tuple[str, str, str], list[Measured]] = {}
    for one in given:
        groups.setdefault((one.measure, one.unit, one.better), []).append(one)
    rows = []
    for (measure, unit, better), values in groups.items():
        by_month: dict[int, list[str]] = {}
        for one in values:
            by_month.setdefault(one.months, []).append(one.value)
        cells = tuple(" / ".join(by_month.get(month, [])) for month in months)
        assessed = tuple(dict.fromkeys(one.assessed_by for one in values if one.assessed_by))
        rows.append(MeasureRow(measure, unit, better, assessed, cells))
    return Measurements(months, tuple(rows))
