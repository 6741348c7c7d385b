"""The two drawings of a report: who is left at each step, and what became of them. Pure SVG, no Django, no scripts.

Each outcome has its own pattern besides its colour, so that print in black and white can be read; every number in a
drawing stands in its text alternative and in the table beside it, too. Colours come from the page's stylesheet, or,
for the PDF, are written in (`for_print`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 464
# What the classes of `reading.css` look like on paper.
PRINT = (
    ".m-good{fill:#2f6f62}.m-same{fill:#ffffff}.m-worse{fill:#b4552d}.m-none{fill:#dfe3e1}.m-some{fill:#a9b8b3}"
    ".edge{stroke:#17211f;stroke-width:1}.b{font-weight:700}.soft{fill:#4a5754}.hatch{stroke:#17211f;stroke-width:1.2}"
    ".bx{fill:#ffffff;stroke:#17211f;stroke-width:1.5}.arrow{stroke:#17211f;stroke-width:1.5;fill:none}"
    "text{fill:#17211f;font-family:'Atkinson Hyperlegible Next',sans-serif;font-size:15px}"
)
CLASSES = {"improved": "m-good", "unchanged": "m-same", "worse": "m-worse", "lost": "m-none"}


@dataclass(frozen=True)
class Step:
    """A box of the flow: `text` with its number; `beside`: who leaves before the next one, '' for nobody."""

    text: str
    beside: str = ""


@dataclass(frozen=True)
class Part:
    """A piece of a bar: the outcomes in it, the people, and what to write under it."""

    names: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Bar:
    label: str
    parts: tuple[Part, ...]


def _svg(height: int, body: str, *, name: str, title: str, description: str, for_print: bool) -> str:
    style = f"<style>{PRINT}</style>" if for_print else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{style}{body}</svg>'
    )


def flow(steps: Sequence[Step], *, name: str, title: str, description: str, for_print: bool = False) -> str:
    """Boxes from top to bottom, an arrow between each two, those who leave beside the arrow."""
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
        if step.beside:
            middle = start + gap // 2
            body.append(f'<path class="arrow" d="M{left + 60} {middle}H{left + 96}m-8 -6l8 6 -8 6" />')
            body.append(f'<text class="soft" x="{left + 106}" y="{middle + 5}">{escape(step.beside)}</text>')
    height = 8 + len(steps) * box + max(0, len(steps) - 1) * gap
    return _svg(height, "".join(body), name=name, title=title, description=description, for_print=for_print)


def bars(rows: Sequence[Bar], *, name: str, title: str, description: str, for_print: bool = False) -> str:
    """One bar for each time, everybody treated as its whole length; the lost stay in the picture."""
    left, height, gap = 96, 26, 18
    width = WIDTH - left - 4
    body = [
        f'<defs><pattern id="{name}-h" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern>'
        f'<pattern id="{name}-p" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<circle class="hatch" cx="3" cy="3" r=".8"/></pattern></defs>'
    ]
    for place, row in enumerate(rows):
        top = 4 + place * (height + gap)
        total = sum(part.count for part in row.parts)
        body.append(f'<text x="0" y="{top + 18}">{escape(row.label)}</text>')
        before = 0
        for part in row.parts:
            if not part.count or not total:
                continue
            x = left + round(width * before / total, 1)
            before += part.count
            w = round(left + width * before / total - x, 1)
            kind = CLASSES.get(part.names[0], "m-some") if len(part.names) == 1 else "m-some"
            shape = f'x="{x:g}" y="{top}" width="{w:g}" height="{height}"'
            body.append(f'<rect class="{kind} edge" {shape}/>')
            pattern = {"worse": "h", "lost": "p"}.get(part.names[0] if len(part.names) == 1 else "")
            if pattern:
                body.append(f'<rect fill="url(#{name}-{pattern})" {shape}/>')
    tall = 8 + len(rows) * height + max(0, len(rows) - 1) * gap
    return _svg(tall, "".join(body), name=name, title=title, description=description, for_print=for_print)
