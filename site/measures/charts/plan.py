"""What one chart shows: one measure, one axis. Pure, from measurements and the rules of their measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from django.utils.translation import gettext as _

from figures.charts.axes import Axis, level_axis, number_axis
from figures.charts.data import Band, Ceiling, Chart, Line, Point
from measures.charts import wording
from measures.scales import ASSESSORS, Refused, Scale, plain

# As many as can be told apart without colour, by their marks.
MOST_LINES = 4
CHARTED = {"interval", "score", "level", "count", "yes_no"}


class MixedMeasures(ValueError):
    """A chart was asked for with two measures on one axis."""


class Measured(Protocol):
    """A measurement, as `models.Observation` is one."""

    @property
    def scale(self) -> Scale | None: ...
    @property
    def measure(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def better(self) -> str: ...
    @property
    def months(self) -> int: ...
    @property
    def value(self) -> str: ...
    @property
    def shown_value(self) -> str: ...
    @property
    def is_baseline(self) -> bool: ...
    @property
    def assessed_by(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def note(self) -> str: ...


def charts_of(rows: Iterable[Measured]) -> list[Chart]:
    """Return a chart for every measure with values at two times or more.

    Classifications and ratings get none. A measure that is not in the list is drawn when all its values are
    numbers. More lines than can be told apart go to further charts of the same measure.
    """
    given = list(rows)
    groups: dict[tuple[str, ...], list[Measured]] = {}
    for row in given:
        groups.setdefault(_measure_of(row), []).append(row)
    found: list[Chart] = []
    for group in groups.values():
        scale = _scale_of(group)
        if scale.is_classification or scale.kind not in CHARTED:
            continue
        lines = [line for line in _lines(group, scale) if len({point.months for point in line.points}) > 1]
        for start in range(0, len(lines), MOST_LINES):
            few = lines[start : start + MOST_LINES]
            found.append(_chart(scale, few, _level_of(scale, given)))
    return found


def chart_of(rows: Sequence[Measured], others: Iterable[Measured] = ()) -> Chart:
    """Return the chart of measurements of one measure.

    `others`: the person's other measurements, for the classification. Raises MixedMeasures if `rows` are of
    several measures: GMFM-66 and GMFM-88 are never on one axis.
    """
    if len({_measure_of(row) for row in rows}) != 1:
        names = ", ".join(dict.fromkeys(row.measure for row in rows)) or "none"
        raise MixedMeasures(f"One chart has one measure, not: {names}.")
    scale = _scale_of(rows)
    return _chart(scale, _lines(rows, scale)[:MOST_LINES], _level_of(scale, [*rows, *others]))


def _measure_of(row: Measured) -> tuple[str, ...]:
    """Return a key that comparable values share.

    Without rules the name, the unit and the direction must agree.
    """
    return (row.scale.key,) if row.scale else ("", row.measure, row.unit, row.better)


def _scale_of(rows: Sequence[Measured]) -> Scale:
    first = rows[0]
    if first.scale:
        return first.scale
    direction = first.better if first.better in ("higher", "lower") else ""
    return Scale(
        key="",
        name=first.measure,
        # Values that are all whole numbers are counts, and their axis starts at 0.
        kind="count" if all(row.value.strip().isdecimal() for row in rows) else "interval",
        unit=first.unit,
        better=direction,  # type: ignore[arg-type]  # one of the three by the line above
        assessors=frozenset(ASSESSORS),
    )


def _lines(rows: Sequence[Measured], scale: Scale) -> list[Line]:
    groups: dict[tuple[str, str, str], list[Point]] = {}
    for row in rows:
        try:
            y = scale.position(row.value)
        except Refused:
            # A value in words: the table shows it, the chart cannot.
            continue
        point = Point(row.months, y, row.shown_value, row.is_baseline, row.note)
        groups.setdefault((row.part, row.side, row.assessed_by), []).append(point)
    assessors = {assessed_by for _part, _side, assessed_by in groups}
    return [
        Line(
            wording.line_name(part, side, assessed_by if len(assessors) > 1 else ""),
            assessed_by,
            tuple(sorted(points, key=lambda point: point.months)),
        )
        for (part, side, assessed_by), points in groups.items()
    ]


def _level_of(scale: Scale, rows: Iterable[Measured]) -> str:
    """Return the person's level of the classification that predicts the course, nearest to the treatment, or
    ''.
    """
    found = [
        (abs(row.months), row.months, row.value)
        for row in rows
        if scale.ceilings_of and row.scale and row.scale.key == scale.ceilings_of
    ]
    return min(found)[2] if found else ""


def _chart(scale: Scale, lines: Sequence[Line], level: str) -> Chart:
    values = [point.y for line in lines for point in line.points]
    band = _band(scale, lines)
    if scale.levels:
        axis = level_axis(len(scale.levels))
        codes = [str(step.name) if scale.kind == "yes_no" else step.code for step in scale.levels]
        labels = tuple(codes[int(tick)] for tick in axis.ticks)
    else:
        ends = [band.low, band.high] if band else []
        axis = number_axis(
            [*values, *_within(ends, scale)],
            low=scale.low,
            high=scale.high,
            whole=scale.kind == "count",
            least_span=4 * (scale.difference or 0),
        )
        labels = tuple(plain(tick).replace("-", "−") for tick in axis.ticks)
    ceiling = _ceiling(scale, level, axis)
    if band:
        band = replace(band, low=max(band.low, axis.low), high=min(band.high, axis.high))
    several = len(lines) > 1
    months = sorted({point.months for line in lines for point in line.points} | {0})
    heading = wording.heading(scale, [line.name for line in lines])
    return Chart(
        key=scale.key,
        heading=heading,
        arrow={"higher": "↑", "lower": "↓"}.get(scale.better, ""),
        way=wording.way(scale),
        lines=tuple(lines),
        axis=axis,
        tick_labels=labels,
        months=tuple(months),
        steps=bool(scale.levels),
        band=band,
        ceiling=ceiling,
        captions=tuple(wording.captions(scale, lines, axis, band, ceiling)),
        sources=tuple(wording.sources(scale, ceiling)),
        title=wording.title(scale, [line.name for line in lines]),
        description=wording.description(scale, lines),
        table_caption=_("%(measure)s, value by value") % {"measure": heading},
        table_head=wording.table_head(scale, several),
        table=tuple(wording.table(scale, lines, several)),
    )  # fmt: skip


def _band(scale: Scale, lines: Sequence[Line]) -> Band | None:
    """Return the band around the baseline; None for several lines, where bands would overlap."""
    if not scale.difference or scale.levels or len(lines) != 1 or lines[0].baseline is None:
        return None
    start = lines[0].baseline.y
    return Band(start - scale.difference, start + scale.difference)


def _within(values: Iterable[float], scale: Scale) -> list[float]:
    low, high = scale.low, scale.high
    return [
        min(max(value, low if low is not None else value), high if high is not None else value)
        for value in values
    ]


def _ceiling(scale: Scale, level: str, axis: Axis) -> Ceiling | None:
    """Drawn where the axis reaches it; the values decide the axis, and elsewhere it is said in wording."""
    if level not in scale.ceilings:
        return None
    y = scale.ceilings[level]
    return Ceiling(y, level, scale.ceilings_of.upper(), axis.low <= y <= axis.high)
