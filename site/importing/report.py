"""What became of each row of an import."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TextIO

Action = Literal[
    "created", "changed", "unchanged", "conflict", "refused", "published", "qualifies", "not ready"
]
COLUMNS = ("what", "where", "id", "title", "page", "notes")
# Lines that are kept for the terminal; all of them are in the report file.
SHOWN = 40


@dataclass(frozen=True)
class Line:
    """What became of one row. `notes`: why it was refused and how to fix it, what was left out."""

    place: str
    action: Action
    external_id: str = ""
    title: str = ""
    page: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def needs_attention(self) -> bool:
        return self.action in ("refused", "conflict") or bool(self.notes)


@dataclass
class Report:
    """Counts of all rows, and the first lines that need attention."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    hidden: int = 0
    notes: list[str] = field(default_factory=list)
    file: TextIO | None = None
    shown: int = SHOWN

    def add(self, line: Line) -> None:
        self.counts[line.action] += 1
        if self.file is not None:
            words = " | ".join(line.notes)
            row = (line.action, line.place, line.external_id, line.title, line.page or "", words)
            csv.writer(self.file).writerow(map(_harmless, row))
        if line.needs_attention:
            if len(self.lines) < self.shown:
                self.lines.append(line)
            else:
                self.hidden += 1

    def as_dict(self) -> dict[str, Any]:
        """Return the counts, and the notes about the whole file, for --json."""
        actions: tuple[Action, ...] = ("created", "changed", "unchanged", "conflict", "refused")
        return {**{action: self.counts[action] for action in actions}, "notes": self.notes}


@contextmanager
def report_to(path: Path | None, *, shown: int = SHOWN) -> Iterator[Report]:
    """Give a report that also writes every line to a CSV file, as it comes."""
    if path is None:
        yield Report(shown=shown)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # The mark tells spreadsheet programs that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerow(COLUMNS)
        yield Report(file=file, shown=shown)


def _harmless(cell: Any) -> str:
    """Return a cell that a spreadsheet program does not take for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
