"""A chart as data: the lines, the axis and every word of it, ready to be drawn. Pure.

What turns measurements into a chart is in `measures.charts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from figures.charts.axes import Axis


@dataclass(frozen=True)
class Point:
    """One value: `y` on the axis, `shown` in words."""

    months: int
    y: float
    shown: str
    is_baseline: bool = False
    note: str = ""


@dataclass(frozen=True)
class Line:
    """Values of one side and part, by one assessor, from first to last.

    Values of other lines are not connected with them.
    """

    name: str
    assessed_by: str
    points: tuple[Point, ...]

    @property
    def baseline(self) -> Point | None:
        """The last value before follow-up: what changes are counted from."""
        found = [point for point in self.points if point.is_baseline]
        return found[-1] if found else None


@dataclass(frozen=True)
class Band:
    """The range around the baseline: changes that are not known to matter."""

    low: float
    high: float


@dataclass(frozen=True)
class Ceiling:
    """The natural course without treatment: the highest value to expect at `level` of `classification`."""

    y: float
    level: str
    classification: str
    is_drawn: bool


@dataclass(frozen=True)
class Chart:
    """One chart with all its words. `draw` makes the picture.

    `way`: which direction is better, with the arrow `arrow` for those who see. `captions`: sentences under
    the picture; `sources`: where its other figures come from. `title`, `description`: the text alternative,
    with all values in words. `table_head`, `table`: the values as a table; the first cells are row headings.
    """

    key: str
    heading: str
    arrow: str
    way: str
    lines: tuple[Line, ...]
    axis: Axis
    tick_labels: tuple[str, ...]
    months: tuple[int, ...]
    steps: bool
    band: Band | None
    ceiling: Ceiling | None
    captions: tuple[str, ...]
    sources: tuple[str, ...]
    title: str
    description: str
    table_caption: str
    table_head: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
