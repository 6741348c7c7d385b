"""Reads the project's own cut-paper drawings (static/firsthand/art/*.svg) as shapes that Pillow can draw.

It knows what those files use: paths with M, L, H, V, Q, C, Z, fills, round strokes, opacity and translate(). It is no
general SVG reader, and says so when it meets anything else.
"""

from __future__ import annotations

import re
from pathlib import Path

from config.demo.drawing.paper import Point, Shape, cubic, quadratic

_PATH = re.compile(r"<path\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+(?:e-?\d+)?")
_MOVE = re.compile(r"translate\((-?[\d.]+)[ ,](-?[\d.]+)\)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}


def read(path: Path) -> tuple[list[Shape], tuple[float, float]]:
    """The shapes of a drawing from back to front, and the size of its view."""
    source = path.read_text(encoding="utf-8")
    view = _VIEW.search(source)
    if view is None:
        raise ValueError(f"{path.name} has no viewBox that starts at 0 0.")
    shapes: list[Shape] = []
    for found in _PATH.finditer(source):
        given = dict(_ATTRIBUTE.findall(found[1]))
        lines = outlines(given["d"])
        if move := _MOVE.search(given.get("transform", "")):
            dx, dy = float(move[1]), float(move[2])
            lines = [[(x + dx, y + dy) for x, y in line] for line in lines]
        opacity = float(given.get("opacity", 1))
        closed = tuple(tuple(line) for line in lines)
        if given.get("fill") != "none":
            fill = given.get("fill", "#000000")
            shapes.append(Shape(closed, fill, opacity * float(given.get("fill-opacity", 1))))
        if "stroke" in given:
            shapes.append(Shape(closed, given["stroke"], opacity, float(given.get("stroke-width", 1))))
    return shapes, (float(view[1]), float(view[2]))


def outlines(d: str) -> list[list[Point]]:
    """The lines of a path's `d`, curves taken apart into short straight pieces."""
    tokens = _TOKEN.findall(d)
    lines: list[list[Point]] = []
    here: Point = (0.0, 0.0)
    command, at = "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        takes = _TAKES.get(command.upper())
        if takes is None:
            raise ValueError(f"A path uses ‘{command}’, which this reader does not know.")
        numbers = [float(token) for token in tokens[at : at + takes]]
        at += takes
        x, y = here
        if command.islower():
            base = {1: [x if command == "h" else y]}.get(takes, [x, y] * (takes // 2))
            numbers = [number + offset for number, offset in zip(numbers, base, strict=True)]
        kind = command.upper()
        if kind == "Z":
            if lines and lines[-1]:
                lines[-1].append(lines[-1][0])
                here = lines[-1][0]
            continue
        if kind == "M":
            lines.append([(numbers[0], numbers[1])])
            here = lines[-1][0]
            # More pairs after a move are lines to.
            command = "L" if command == "M" else "l"
            continue
        points = list(zip(numbers[::2], numbers[1::2], strict=True)) if takes > 1 else []
        if kind == "H":
            points = [(numbers[0], y)]
        elif kind == "V":
            points = [(x, numbers[0])]
        elif kind == "Q":
            lines[-1] += quadratic(here, points[0], points[1])[1:]
        elif kind == "C":
            lines[-1] += cubic(here, points[0], points[1], points[2])[1:]
        here = points[-1]
        lines[-1].append(here)
    return lines
