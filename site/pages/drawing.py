"""Drawings of pages about people: the follow-up line and the dots of a cohort. Pure geometry, no database.

Units are SVG user units. Words that go with a drawing are made in `pages.wording` from the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pages.outcome_counts import OUTCOMES, OutcomeCounts, OutcomeName

# The follow-up line: the treatment is at 42, a month is 8 units, and 24 months reach the end of the scale.
TREATMENT_AT = 42
UNITS_A_MONTH = 8
LONGEST_MONTHS = 24
LINE_WIDTH = 240

# The dots: 40 columns of cells 8 units wide.
COLUMNS = 40
CELL = 8
MOST_DOTS = 2_000
FEWEST_DOTS = 30


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """`end`: where the solid line ends, in units. `path`: the solid line and a tick for each follow-up."""

    end: int
    path: str


def followup_line(months: int | None, visits: Iterable[int] = ()) -> FollowUpLine:
    """Draw one person's line: `months` followed after treatment (None: not stated), `visits` in months after.

    The scale is the same everywhere, so lengths compare between cards. Past 24 months the line runs off the
    edge. Visits before treatment or after the last month are left out.
    """
    if not months or months < 0:
        return FollowUpLine(TREATMENT_AT, f"M{TREATMENT_AT} 7h0")
    end = TREATMENT_AT + UNITS_A_MONTH * months if months <= LONGEST_MONTHS else LINE_WIDTH
    ticks = sorted({visit for visit in visits if 0 < visit <= min(months, LONGEST_MONTHS)})
    if not ticks and months <= LONGEST_MONTHS:
        ticks = [months]
    marks = "".join(f"M{TREATMENT_AT + UNITS_A_MONTH * tick} 2v10" for tick in ticks)
    return FollowUpLine(end, f"M{TREATMENT_AT} 7H{end}{marks}")


@dataclass(frozen=True, slots=True)
class Dots:
    """A field of dots. `paths`: one outline a group, "" when it has no dot. `people`: people to one dot.

    `height` in units; the width is always 320. `marked`: centre of the highlighted dot, or None.
    """

    paths: Mapping[OutcomeName, str]
    total: int
    people: int
    height: int
    marked: tuple[int, int] | None = None


def people_to_a_dot(treated: int) -> int:
    """Return 1 up to 2,000 people, then 10, then 100 and so on, so that a page never holds more than about
    2,000 dots.
    """
    people = 1
    while treated > MOST_DOTS * people:
        people *= 10
    return people


def is_drawn(counts: OutcomeCounts) -> bool:
    """Return whether dots say more than a table does: under 30 people, one dot looks like a trend."""
    return counts.treated >= FEWEST_DOTS


def staircase(start: int, stop: int) -> str:
    """Return the outline of the cells `start` (included) to `stop` (not included), read row by row; "" for no
    cell.
    """
    if stop <= start:
        return ""
    (top, left), (bottom, right) = divmod(start, COLUMNS), divmod(stop, COLUMNS)
    if right == 0:
        bottom, right = bottom - 1, COLUMNS
    x0, x1, edge = left * CELL, right * CELL, COLUMNS * CELL
    y0, y1, y2 = top * CELL, bottom * CELL, (bottom + 1) * CELL
    if top == bottom:
        return f"M{x0} {y0}H{x1}V{y2}H{x0}z"
    outline = f"M{x0} {y0}H{edge}V{y1}H{x1}V{y2}H0" if right < COLUMNS else f"M{x0} {y0}H{edge}V{y2}H0"
    return f"{outline}V{y0 + CELL}H{x0}z" if left else f"{outline}z"


def dots(counts: OutcomeCounts, marked: OutcomeName | None = None) -> Dots:
    """Lay out a cohort: improved, no change, worse, lost to follow-up, in this order, one cell after the
    other.

    When a dot is ten people, each group is rounded on its own, and a group with at least one person has a
    dot. `marked` names the group whose middle dot is highlighted (a story's own), if it has a dot.
    """
    people = people_to_a_dot(counts.treated)
    paths: dict[OutcomeName, str] = {}
    centre: tuple[int, int] | None = None
    cell = 0
    for group in OUTCOMES:
        count = counts.of(group)
        cells = max(1, (count + people // 2) // people) if count else 0
        paths[group] = staircase(cell, cell + cells)
        if group == marked and cells:
            row, column = divmod(cell + cells // 2, COLUMNS)
            centre = (column * CELL + CELL // 2, row * CELL + CELL // 2)
        cell += cells
    rows = -(-cell // COLUMNS)
    return Dots(paths, cell, people, rows * CELL, centre)
