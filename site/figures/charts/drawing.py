"""Draws a chart as SVG, 340 units wide: on a phone a unit is about a pixel, so 15 units can be read.

Two themes. 'screen': classes, coloured by the site's style sheet in light, dark, high contrast and forced
colours. 'print': plain attributes, for PDF and wherever no style sheet is; black and grey only. In both,
lines are told apart by the shape of their marks and by their dashes, never by colour alone. Numbers run from
left to right in every language, as on the axes of a book.
"""

from __future__ import annotations

import textwrap
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from figures import relative_time
from figures.charts.axes import spaced
from figures.charts.data import Chart, Line

Theme = Literal["screen", "print"]

WIDTH, TOP, HEIGHT, RIGHT, FOOT = 340, 20, 170, 14, 36
LETTER = 8.2  # mean width of a letter at 15 units
ROW = 20
FONT = "Atkinson Hyperlegible Next"

# The look of each part: by class on screen, by attributes in print.
ROLES: dict[str, tuple[str, str]] = {
    "grid": ('class="gr"', 'stroke="#c8c8c8" stroke-width="1" fill="none"'),
    "treatment": (
        'class="tr"',
        'stroke="#000" stroke-width="2.5" stroke-dasharray="2 5" fill="none"',
    ),
    "ceiling": ('class="ce"', 'stroke="#000" stroke-width="1.5" stroke-dasharray="9 4" fill="none"'),
    "band": ('class="zone"', 'fill="#dedede" stroke="#8a8a8a" stroke-width="1" stroke-dasharray="1 3"'),
    "line": ('class="ln"', 'stroke="#111" stroke-width="2.5" fill="none"'),
    "full": ('class="pt"', 'fill="#111" stroke="#111" stroke-width="2"'),
    "hollow": ('class="pt o"', 'fill="#fff" stroke="#111" stroke-width="2"'),
    "label": (
        'class="b"',
        'fill="#000" font-weight="700" stroke="#fff" stroke-width="4" paint-order="stroke"',
    ),
    "quiet": ('class="soft"', 'fill="#333"'),
    "named": ('class="soft h"', 'fill="#333" stroke="#fff" stroke-width="4" paint-order="stroke"'),
}
DASHES = ("", "8 4", "2 4", "10 3 2 3")


def draw(chart: Chart, theme: Theme = "screen", *, name: str = "chart") -> str:
    """Return the SVG of a chart. `name`: unique on its page, for the ids of title and description.

    On a page it is labelled by its own title and description. In print it carries them too, and fonts by
    name.
    """
    return _Drawing(chart, theme, name).svg()


class _Drawing:
    def __init__(self, chart: Chart, theme: Theme, name: str) -> None:
        self.chart, self.theme, self.name = chart, theme, name
        longest = max((len(label) for label in chart.tick_labels), default=1)
        self.left = min(130.0, longest * LETTER + 12)
        self.legend = self._legend_rows() if len(chart.lines) > 1 else []
        self.height = TOP + HEIGHT + FOOT + ROW * sum(len(rows) for _line, rows in self.legend)

    def svg(self) -> str:
        body = [
            self._band(),
            self._grid(),
            self._treatment(),
            self._ceiling(),
            *(self._line(number, line) for number, line in enumerate(self.chart.lines)),
            self._ceiling_name(),
            self._values(),
            self._legend(),
        ]
        ids = f"{self.name}-t {self.name}-d"
        font = "" if self.theme == "screen" else f' font-family="{FONT}" font-size="15" fill="#000"'
        size = "" if self.theme == "screen" else f' width="{WIDTH}" height="{self.height}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}"{size}{font} '
            f'role="img" aria-labelledby={quoteattr(ids)}>'
            f"<title id={quoteattr(f'{self.name}-t')}>{escape(self.chart.title)}</title>"
            f"<desc id={quoteattr(f'{self.name}-d')}>{escape(self.chart.description)}</desc>"
            f"{''.join(body)}</svg>"
        )

    def look(self, role: str, dash: str = "") -> str:
        attributes = ROLES[role][0 if self.theme == "screen" else 1]
        return f'{attributes} stroke-dasharray="{dash}"' if dash else attributes

    def x(self, months: float) -> float:
        first, last = self.chart.months[0], self.chart.months[-1]
        inner_left, inner_right = self.left + 12, WIDTH - RIGHT
        return inner_left + (inner_right - inner_left) * (months - first) / ((last - first) or 1)

    def y(self, value: float) -> float:
        low, high = self.chart.axis.low, self.chart.axis.high
        return TOP + HEIGHT * (high - value) / ((high - low) or 1)

    def text(self, x: float, y: float, words: str, anchor: str, role: str) -> str:
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        return f'<text x="{_n(x)}" y="{_n(y)}"{place} {self.look(role)}>{escape(words)}</text>'

    def _grid(self) -> str:
        chart = self.chart
        paths = "".join(f"M{_n(self.left)} {_n(self.y(tick))}H{WIDTH - 2}" for tick in chart.axis.ticks)
        labels = [
            self.text(self.left - 8, self.y(tick) + 5, label, "end", "quiet")
            for tick, label in zip(chart.axis.ticks, chart.tick_labels, strict=True)
        ]
        places = [self.x(month) for month in chart.months]
        zero = chart.months.index(0)
        under = [
            self.text(
                places[number],
                TOP + HEIGHT + 24,
                relative_time.months_in_short(chart.months[number]),
                "middle",
                "quiet",
            )
            for number in spaced(places, 26, keep=[zero])
        ]
        return f'<path {self.look("grid")} d="{paths}"/>' + "".join([*labels, *under])

    def _treatment(self) -> str:
        return f'<path {self.look("treatment")} d="M{_n(self.x(0))} {TOP}V{TOP + HEIGHT}"/>'

    def _band(self) -> str:
        band = self.chart.band
        if band is None or band.high <= band.low:
            return ""
        top, foot = self.y(band.high), self.y(band.low)
        return (
            f'<rect {self.look("band")} x="{_n(self.left)}" y="{_n(top)}" '
            f'width="{_n(WIDTH - 2 - self.left)}" height="{_n(foot - top)}"/>'
        )

    def _ceiling(self) -> str:
        ceiling = self.chart.ceiling
        if ceiling is None or not ceiling.is_drawn:
            return ""
        y = self.y(ceiling.y)
        return f'<path {self.look("ceiling")} d="M{_n(self.left)} {_n(y)}H{WIDTH - 2}"/>'

    def _ceiling_name(self) -> str:
        ceiling = self.chart.ceiling
        if ceiling is None or not ceiling.is_drawn:
            return ""
        at_start = self._ceiling_name_at_start()
        return self.text(
            self.left + 6 if at_start else WIDTH - 6,
            self.y(ceiling.y) - 7,
            f"{ceiling.classification} {ceiling.level}",
            "start" if at_start else "end",
            "named",
        )

    def _ceiling_name_at_start(self) -> bool:
        """Return whether the name is at the start, which is then farther from the values than the end."""
        assert self.chart.ceiling
        points, y = self.chart.lines[0].points, self.chart.ceiling.y
        return abs(points[0].y - y) >= abs(points[-1].y - y)

    def _line(self, number: int, line: Line) -> str:
        places = [(self.x(point.months), self.y(point.y)) for point in line.points]
        path = "M" + " ".join(f"{_n(x)} {_n(y)}" for x, y in places)
        marks = "".join(self._mark(number, x, y) for x, y in places)
        return f'<path {self.look("line", DASHES[number])} d="{path}"/>{marks}'

    def _mark(self, number: int, x: float, y: float) -> str:
        """Disc, hollow square, diamond, hollow triangle."""
        look = self.look("full" if number % 2 == 0 else "hollow")
        if number == 0:
            return f'<circle {look} cx="{_n(x)}" cy="{_n(y)}" r="5"/>'
        if number == 1:
            return f'<path {look} d="M{_n(x - 5)} {_n(y - 5)}h10v10h-10z"/>'
        if number == 2:
            return f'<path {look} d="M{_n(x)} {_n(y - 6.5)}l6.5 6.5-6.500 6.500-6.500-6.500z"/>'
        return f'<path {look} d="M{_n(x)} {_n(y - 6)}l6 11h-12z"/>'

    def _values(self) -> str:
        """Return the figures of the baseline and of the last value, above their marks, if there is only one
        line.
        """
        if len(self.chart.lines) != 1:
            return ""
        line = self.chart.lines[0]
        start, last = line.baseline or line.points[0], line.points[-1]
        shown = []
        for point in dict.fromkeys((start, last)):
            x, y = self.x(point.months), self.y(point.y)
            half = len(point.shown) * LETTER / 2
            middle = min(max(x, self.left + half + 2), WIDTH - half)
            above = y - 12 > 12 and not self._meets_ceiling_name(middle - half, middle + half, y - 12)
            shown.append(self.text(middle, y - 12 if above else y + 24, point.shown, "middle", "label"))
        return "".join(shown)

    def _meets_ceiling_name(self, left: float, right: float, y: float) -> bool:
        ceiling = self.chart.ceiling
        if ceiling is None or not ceiling.is_drawn or abs(self.y(ceiling.y) - 7 - y) > 15:
            return False
        width = len(f"{ceiling.classification} {ceiling.level}") * LETTER + 10
        return left < self.left + width if self._ceiling_name_at_start() else right > WIDTH - width

    def _legend_rows(self) -> list[tuple[Line, list[str]]]:
        return [
            (line, textwrap.wrap(line.name, 36, max_lines=3, placeholder=" …") or [self.chart.heading])
            for line in self.chart.lines
        ]

    def _legend(self) -> str:
        drawn, y = [], TOP + HEIGHT + FOOT + 10.0
        for number, (_line, rows) in enumerate(self.legend):
            drawn.append(f'<path {self.look("line", DASHES[number])} d="M4 {_n(y - 5)}H34"/>')
            drawn.append(self._mark(number, 19, y - 5))
            for row in rows:
                drawn.append(self.text(44, y, row, "start", "quiet"))
                y += ROW
        return "".join(drawn)


def _n(number: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{number:.1f}".removesuffix(".0")
