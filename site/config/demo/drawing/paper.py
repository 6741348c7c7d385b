"""Cut paper, drawn with Pillow: shapes with slightly uneven edges, each with a thin shadow. Drawn large, then scaled down.

Coordinates are those of the project's drawings: 480 wide and 360 high, y downwards.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]

RED, BRICK, PLUM, SALMON = "#d9492f", "#a5372a", "#7a3b52", "#e8997f"
TEAL, SEA, INK, BLUE = "#12504f", "#4f9d9a", "#1b2725", "#79aed3"
AMBER, YELLOW, CREAM, PALE = "#f0a51e", "#f9d277", "#fff5df", "#fbe9cc"
WHITE, TAN, BROWN, GREEN, DARK_GREEN = "#fffdf8", "#dcb98a", "#c68a62", "#7d9a41", "#5d7a2c"

# The light tones of static/firsthand/tokens.css.
TONES = {"honey": "#f6d37e", "clay": "#f2c2ad", "sea": "#a9d5d0", "sky": "#c2d5eb", "moss": "#d0dba9"}

SHADOW_OFFSET, SHADOW_OPACITY = (3.0, 5.0), 0.14
LARGER = 3


@dataclass(frozen=True)
class Shape:
    """`lines` are closed outlines if `width` is 0, else open strokes of that width. `opacity` is 0 to 1."""

    lines: tuple[tuple[Point, ...], ...]
    colour: str
    opacity: float = 1.0
    width: float = 0.0


class Sheet:
    """A drawing: shapes from back to front. The same `seed` gives the same uneven edges."""

    def __init__(self, seed: int = 1) -> None:
        self.shapes: list[Shape] = []
        self._chance = random.Random(seed)  # noqa: S311  # uneven edges, no secret

    def poly(self, points: Sequence[Point], colour: str, *, shadow: bool = True, rough: float = 1.2) -> None:
        self._paper([self._uneven(points, rough)], colour, shadow)

    def rect(
        self, x: float, y: float, w: float, h: float, colour: str, *, turn: float = 0, shadow: bool = True
    ) -> None:
        """A rectangle, turned by degrees about its centre."""
        corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        self.poly(turned(corners, turn, (x + w / 2, y + h / 2)), colour, shadow=shadow)

    def disc(
        self,
        x: float,
        y: float,
        r: float,
        colour: str,
        *,
        ry: float = 0,
        turn: float = 0,
        shadow: bool = True,
    ) -> None:
        """A round piece of paper, cut by hand; `ry` makes it an oval."""
        around = []
        for step in range(14):
            angle = step / 14 * math.tau
            wobble = 1 + self._chance.uniform(-0.018, 0.018)
            around.append((x + math.cos(angle) * r * wobble, y + math.sin(angle) * (ry or r) * wobble))
        self._paper([smooth(turned(around, turn, (x, y)))], colour, shadow)

    def blob(self, points: Sequence[Point], colour: str, *, shadow: bool = True) -> None:
        """A smooth closed shape through the points."""
        self._paper([smooth(points)], colour, shadow)

    def line(self, points: Sequence[Point], colour: str, width: float = 4, *, curved: bool = False) -> None:
        through = smooth(points, closed=False) if curved else tuple(points)
        self.shapes.append(Shape((through,), colour, width=width))

    def _paper(self, outlines: list[tuple[Point, ...]], colour: str, shadow: bool) -> None:
        if shadow:
            dx, dy = SHADOW_OFFSET
            moved = tuple(tuple((x + dx, y + dy) for x, y in outline) for outline in outlines)
            self.shapes.append(Shape(moved, "#000000", SHADOW_OPACITY))
        self.shapes.append(Shape(tuple(outlines), colour))

    def _uneven(self, corners: Sequence[Point], rough: float) -> tuple[Point, ...]:
        """Corners a little off, edges a little bowed."""
        off = [(x + self._off(rough), y + self._off(rough)) for x, y in corners]
        outline: list[Point] = []
        for (x0, y0), (x1, y1) in zip(off, [*off[1:], off[0]], strict=True):
            middle = ((x0 + x1) / 2 + self._off(rough), (y0 + y1) / 2 + self._off(rough))
            outline += quadratic((x0, y0), middle, (x1, y1))
        return tuple(outline)

    def _off(self, rough: float) -> float:
        return self._chance.uniform(-rough, rough)


def turned(points: Sequence[Point], degrees: float, about: Point) -> list[Point]:
    if not degrees:
        return list(points)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ox, oy = about
    return [(ox + (x - ox) * cos - (y - oy) * sin, oy + (x - ox) * sin + (y - oy) * cos) for x, y in points]


def quadratic(a: Point, b: Point, c: Point, steps: int = 16) -> list[Point]:
    """Points on a quadratic curve from a towards c, without c."""
    found = []
    for step in range(steps):
        t = step / steps
        u = 1 - t
        found.append(
            (u * u * a[0] + 2 * u * t * b[0] + t * t * c[0], u * u * a[1] + 2 * u * t * b[1] + t * t * c[1])
        )
    return found


def cubic(a: Point, b: Point, c: Point, d: Point, steps: int = 16) -> list[Point]:
    """Points on a cubic curve from a to d, without d."""
    found = []
    for step in range(steps):
        t = step / steps
        u = 1 - t
        w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        found.append(tuple(w[0] * a[i] + w[1] * b[i] + w[2] * c[i] + w[3] * d[i] for i in (0, 1)))
    return [(x, y) for x, y in found]


def smooth(points: Sequence[Point], closed: bool = True) -> tuple[Point, ...]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    outline: list[Point] = []
    for i in range(count if closed else count - 1):
        before, a, b, after = (
            points[(i + k) % count] if closed else points[min(max(i + k, 0), count - 1)]
            for k in (-1, 0, 1, 2)
        )
        c1 = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        c2 = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        outline += cubic(a, c1, c2, b)
    if not closed:
        outline.append(points[-1])
    return tuple(outline)


def paint(
    shapes: Sequence[Shape], size: tuple[int, int], view: tuple[float, float] = (480, 360), ground: str = ""
) -> Image.Image:
    """The shapes as a picture of `size` pixels: on a `ground` colour, or transparent where nothing is drawn."""
    width, height = size[0] * LARGER, size[1] * LARGER
    canvas = Image.new("RGBA", (width, height), ground or (0, 0, 0, 0))
    stamp(canvas, shapes, width / view[0])
    # Scaled with its alpha multiplied in, so that edges do not darken.
    small = canvas.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    return small.convert("RGB") if ground else small


def stamp(canvas: Image.Image, shapes: Sequence[Shape], scale: float) -> None:
    """Draws shapes upon an RGBA picture; one unit of theirs is `scale` pixels."""
    for shape in shapes:
        lines = [[(x * scale, y * scale) for x, y in line] for line in shape.lines]
        margin = shape.width * scale
        xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
        box = (
            max(0, int(min(xs) - margin) - 1),
            max(0, int(min(ys) - margin) - 1),
            min(canvas.width, int(max(xs) + margin) + 2),
            min(canvas.height, int(max(ys) + margin) + 2),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        draw = ImageDraw.Draw(mask)
        strength = round(255 * shape.opacity)
        for line in lines:
            local = [(x - box[0], y - box[1]) for x, y in line]
            if shape.width:
                thick = shape.width * scale
                draw.line(local, fill=strength, width=round(thick), joint="curve")
                for x, y in (local[0], local[-1]):
                    draw.ellipse([x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2], fill=strength)
            else:
                piece = Image.new("L", mask.size, 0)
                ImageDraw.Draw(piece).polygon(local, fill=strength)
                # An outline within another one is a hole in it.
                mask = ImageChops.difference(mask, piece)
        paper = Image.new("RGBA", mask.size, shape.colour)
        paper.putalpha(mask)
        canvas.paste(Image.alpha_composite(canvas.crop(box), paper), box)
