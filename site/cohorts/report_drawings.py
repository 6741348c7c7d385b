"""The two drawings of a report: who is left at each step, and what became of them. Pure SVG, without scripts.

Each outcome has its own pattern besides its colour, so that print in black and white can be read; every
number in a drawing is also in its text alternative and in the table next to it. Colours come from the page's
stylesheet, or, for the PDF, are written in (`for_print`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.outcome_counts import OutcomeGroup
from pages.stacked_bar import segments

WIDTH = 464
# What the classes of `reading.css` look like on paper.
PRINT = (
    ".m-good{fill:#2f6f62}.m-same{fill:#ffffff}.m-worse{fill:#b4552d}.m-none{fill:#dfe3e1}"
    ".m-some{fill:#a9b8b3}"
    ".edge{stroke:#17211f;stroke-width:1}.b{font-weight:700}.soft{fill:#4a5754}"
    ".hatch{stroke:#17211f;stroke-width:1.2}"
    ".bx{fill:#ffffff;stroke:#17211f;stroke-width:1.5}.arrow{stroke:#17211f;stroke-width:1.5;fill:none}"
    "text{fill:#17211f;font-family:'Atkinson Hyperlegible Next',sans-serif;font-size:15px}"
)
# The pattern on a part, besides its colour.
PATTERNS = {"worse": "h", "none": "p"}


@dataclass(frozen=True)
class Step:
    """A box of the flow: `text` with its number; `leaving`: who leaves before the next box, '' where no one
    does.
    """

    text: str
    leaving: str = ""


@dataclass(frozen=True)
class Bar:
    """One time: everyone treated, by outcome."""

    label: str
    groups: tuple[OutcomeGroup, ...]


def _svg(height: int, body: str, *, name: str, title: str, description: str, for_print: bool) -> str:
    style = f"<style>{PRINT}</style>" if for_print else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{style}{body}</svg>'
    )


def flow(steps: Sequence[Step], *, name: str, title: str, description: str, for_print: bool = False) -> str:
    """Draw boxes from top to bottom, an arrow between each two, those who leave next to the arrow."""
    box, gap, left = 44, 46, 8
    body = []
    for place, step in enumerate(steps):
        top = 4 + place * (box + gap)
        body.append(f'<rect class="bx" x="{left}" y="{top}" width="230" height="{box}" rx="3"/>')
        body.append(f'<text class="b" x="{left + 14}" y="{top + 28}">{escape(step.text)}</text>')
        if place == len(steps) - 1:
            continue
        start, end = top + box, top + box + gap
        body.append(f'<path class="arrow" d="M{left + 60} {start}V{end - 2}m-6 -8l6 8 6 -8" />')
        if step.leaving:
            middle = start + gap // 2
            body.append(f'<path class="arrow" d="M{left + 60} {middle}H{left + 96}m-8 -6l8 6 -8 6" />')
            body.append(f'<text class="soft" x="{left + 106}" y="{middle + 5}">{escape(step.leaving)}</text>')
    height = 8 + len(steps) * box + max(0, len(steps) - 1) * gap
    return _svg(height, "".join(body), name=name, title=title, description=description, for_print=for_print)


def bars(rows: Sequence[Bar], *, name: str, title: str, description: str, for_print: bool = False) -> str:
    """Draw one bar for each time, as long as everyone treated; people lost to follow-up stay
    in the picture.
    """
    left, height, gap = 96, 26, 18
    body = [
        f'<defs><pattern id="{name}-h" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern>'
        f'<pattern id="{name}-p" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<circle class="hatch" cx="3" cy="3" r=".8"/></pattern></defs>'
    ]
    for place, row in enumerate(rows):
        top = 4 + place * (height + gap)
        body.append(f'<text x="0" y="{top + 18}">{escape(row.label)}</text>')
        placed = segments([group.count for group in row.groups], WIDTH - left - 4)
        for group, (start, width) in zip(row.groups, placed, strict=True):
            if width:
                shape = f'x="{left + start:g}" y="{top}" width="{width:g}" height="{height}"'
                body.append(_part(group, shape, name))
    tall = 8 + len(rows) * height + max(0, len(rows) - 1) * gap
    return _svg(tall, "".join(body), name=name, title=title, description=description, for_print=for_print)


def _part(group: OutcomeGroup, shape: str, name: str) -> str:
    kind = "some" if group.shape == "mixed" else group.shape
    part = f'<rect class="m-{kind} edge" {shape}/>'
    if pattern := PATTERNS.get(kind):
        part += f'<rect fill="url(#{name}-{pattern})" {shape}/>'
    return part
