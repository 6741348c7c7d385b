"""Axes: which part of a scale is shown, and where its marks are.

Pure geometry, in the units of the measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Below this share of a scale, chance would fill the picture from bottom to top.
LEAST_SHARE = 0.15
MOST_TICKS = 6
# No measure has figures as small as this: a span below it counts as zero.
SMALLEST = 1e-6


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, with a mark at each of `ticks`. `is_cut`: a part of the scale is not shown."""

    low: float
    high: float
    ticks: tuple[float, ...]
    is_cut: bool = False


def nice_step(span: float, most: int = MOST_TICKS) -> float:
    """Return the smallest of 1, 2, 5, 10, ...

    (and their tenths) that needs no more than `most` steps for `span`.
    """
    power = 10.0 ** math.floor(math.log10(span / most)) if span > 0 else 1.0
    return next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= most + 1e-9)


def number_axis(
    values: Iterable[float],
    *,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
    least_span: float = 0,
) -> Axis:
    """Return an axis for numbers between `low` and `high` (None: no end), as wide as `values` need.

    A change that is small on the scale must look small: at least 15 % of a scale with two ends is shown, and
    at least `least_span`. Counts (`whole`) start at 0 and are marked in whole numbers.
    """
    bottom, top = _span_of_counts(values) if whole else _fair_span(list(values), low, high, least_span)
    if low is not None and high is not None and high - low <= 1.7 * (top - bottom):
        bottom, top = low, high
    step = nice_step(max(top - bottom, 1e-9), MOST_TICKS - 1)
    if whole:
        step = max(1.0, step)
    first, last = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    if first == last:
        last += 1
    if low is not None:
        first = max(first, math.ceil(low / step - 1e-9))
    if high is not None:
        last = min(last, math.floor(high / step + 1e-9))
    ticks = tuple(round(step * number, 9) for number in range(first, last + 1))
    start = min(ticks[0], bottom) if low is None else max(low, min(ticks[0], bottom))
    end = max(ticks[-1], top) if high is None else min(high, max(ticks[-1], top))
    cut = (low is not None and start > low) or (high is not None and end < high)
    return Axis(start, end, ticks, cut)


def _span_of_counts(values: Iterable[float]) -> tuple[float, float]:
    """Return 0 and a top with space for a mark."""
    shown = [0, *values]
    top = max(shown)
    return min(shown), top + max(top * 0.08, 0.5)


def _fair_span(
    values: Sequence[float], low: float | None, high: float | None, least_span: float
) -> tuple[float, float]:
    """Return the ends of the values, widened so that a small change looks small.

    At an end of the scale the whole width is added on the other side: there is nothing to show beyond.
    """
    bottom, top = min(values), max(values)
    least = max(least_span, LEAST_SHARE * (high - low) if low is not None and high is not None else 0)
    if not least:
        least = max(abs(top), abs(bottom)) * LEAST_SHARE
    if least < SMALLEST:
        least = 1.0
    if top - bottom >= least:
        return bottom, top
    start = (top + bottom) / 2 - least / 2
    if high is not None:
        start = min(start, high - least)
    if low is not None:
        start = max(start, low)
    return min(start, bottom), max(start + least, top)


def level_axis(count: int) -> Axis:
    """Return an axis for all of `count` levels: no part of an order can be left out."""
    every = max(1, -(-count // 8))
    ticks = tuple(float(place) for place in range(0, count, every))
    return Axis(-0.35, count - 1 + 0.35, ticks)


def spaced(places: Sequence[float], least: float, keep: Iterable[int] = ()) -> list[int]:
    """Return the numbers of those `places` (rising) that can have a label.

    Two labels need `least` between them. The first and the last always have one, and those of `keep` where
    they do not overlap.
    """
    if not places:
        return []
    chosen: list[int] = []
    for number in dict.fromkeys([0, len(places) - 1, *keep, *range(len(places))]):
        if all(abs(places[number] - places[other]) >= least for other in chosen):
            chosen.append(number)
    return sorted(chosen)
