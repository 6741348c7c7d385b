"""Measurements of one case for its page: scales side by side in a table and as charts, ratings by the family
apart. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from figures.charts import Chart
from measures.charts import charts_of
from measures.charts.plan import Measured as Drawn
from measures.scales import Scale


class Measured(Protocol):
    """`series`: what was measured, with muscle and side. `shown_value`: the value as readers see it."""

    @property
    def series(self) -> str: ...
    @property
    def months(self) -> int: ...
    @property
    def shown_value(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def better(self) -> str: ...
    @property
    def assessed_by(self) -> str: ...


@dataclass(frozen=True)
class MeasureRow:
    """One measure; `values` has '' for a time at which it was not measured. `assessed_by` are the choices'
    values.
    """

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


@dataclass(frozen=True)
class Outcomes:
    """Everything measured of one case.

    `measurements`: all values but ratings. `ratings`: how the family judged, never on one table or axis with
    scales. `remarks`: what a reader must know to read them right.
    """

    measurements: Measurements
    ratings: Measurements
    charts: tuple[Chart, ...]
    remarks: tuple[str, ...]


def tabulate(observations: Iterable[Measured]) -> Measurements:
    """All values side by side: measures in the order of their first value, times from first to last.

    Values with different units or directions are different measures, even under one name: they are never put
    on one row. Two values of one measure at one time are both shown, joined by ' / '.
    """
    given = list(observations)
    months = tuple(sorted({one.months for one in given}))
    groups: dict[tuple[str, str, str], list[Measured]] = {}
    for one in given:
        groups.setdefault((one.series, one.unit, one.better), []).append(one)
    rows = []
    for (measure, unit, better), values in groups.items():
        by_month: dict[int, list[str]] = {}
        for one in values:
            by_month.setdefault(one.months, []).append(one.shown_value)
        cells = tuple(" / ".join(by_month.get(month, [])) for month in months)
        assessed = tuple(dict.fromkeys(one.assessed_by for one in values if one.assessed_by))
        rows.append(MeasureRow(measure, unit, better, assessed, cells))
    return Measurements(months, tuple(rows))


class Observed(Measured, Drawn, Protocol):
    """As `models.Observation`, with the rules of its measure read."""


def outcomes_of(observations: Sequence[Observed]) -> Outcomes:
    """Return the tables, charts and remarks of one case. `models.with_scales` reads the rules first."""
    ratings = [one for one in observations if one.scale and one.scale.kind == "rating"]
    measured = [one for one in observations if not (one.scale and one.scale.kind == "rating")]
    scales = {one.scale.key: one.scale for one in measured if one.scale}
    return Outcomes(
        measurements=tabulate(measured),
        ratings=tabulate(ratings),
        charts=tuple(charts_of(measured)),
        remarks=tuple(_remarks(list(scales.values()))),
    )


def _remarks(scales: Sequence[Scale]) -> list[str]:
    said = [
        _("%(measure)s is a classification: it describes a person and is not an outcome.")
        % {"measure": scale.name}
        for scale in scales
        if scale.is_classification
    ]
    for number, first in enumerate(scales):
        for second in scales[number + 1 :]:
            if second.key in first.never_with or first.key in second.never_with:
                said.append(
                    _(
                        "%(first)s and %(second)s are two measures: a figure of one cannot be compared with "
                        "one of the other."
                    )
                    % {"first": first.name, "second": second.name}
                )
    return said
