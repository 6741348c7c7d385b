"""One layout for every stacked bar: parts side by side, to scale, without a gap. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar: `shape` is the CSS class that draws it, `x` and `width` are in per cent with one
    decimal.
    """

    shape: str
    count: int
    words: str
    x: str
    width: str


def segments(counts: Sequence[int], length: float) -> list[tuple[float, float]]:
    """Return start and width of each count along `length`. Every edge is rounded once, so
    parts meet exactly.
    """
    total = sum(counts)
    edges = [
        round(length * sum(counts[:number]) / total, 1) if total else 0 for number in range(len(counts) + 1)
    ]
    return [(start, round(end - start, 1)) for start, end in pairwise(edges)]


def bar_parts(parts: Iterable[tuple[str, int, str]]) -> list[BarPart]:
    """Lay out a bar of (shape, count, words), left to right. Parts without people are left out."""
    filled = [part for part in parts if part[1]]
    placed = segments([count for _shape, count, _words in filled], 100)
    return [
        BarPart(shape, count, words, f"{x:g}", f"{width:g}")
        for (shape, count, words), (x, width) in zip(filled, placed, strict=True)
    ]
