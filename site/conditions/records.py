"""What a vocabulary file says, before any database is asked. Pure: no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

LONGEST_NAME = 255
LONGEST_SLUG = 200

# Control characters have no place in a name, and PostgreSQL refuses the zero byte altogether.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class UnreadableFile(ValueError):
    """Nothing of the file can be used; the message says why and how to mend it."""


@dataclass(frozen=True)
class NameRecord:
    """Another name of a term. `kind` is lay, synonym or abbreviation; `language` a code such as `en`."""

    name: str
    language: str = "en"
    kind: str = "synonym"


@dataclass(frozen=True)
class TermRecord:
    """One term as a file has it.

    `key` names the term inside its file (a slug, an OBO id); `parent` is the key of the term above,
    "" for the top of the tree, None when the file does not say. `codes` are (system, code), already tidy.
    """

    row: int
    key: str
    name: str
    parent: str | None = None
    slug: str = ""
    description: str = ""
    names: tuple[NameRecord, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Remark:
    """Something of the file that was not used, where it stands, and why."""

    row: int
    text: str
    reason: str


@dataclass
class Reading:
    """All that was read: usable records, rows that are not (`refused`), and parts of usable rows that were
    left out (`remarks`). `source` names the vocabulary the file belongs to. Where `parents_needed`, a record
    whose parent is unknown cannot be used; otherwise it goes to the top of the tree."""

    source: str
    parents_needed: bool = True
    records: list[TermRecord] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def refuse(self, row: int, text: str, reason: str) -> None:
        self.refused.append(Remark(row, shorten(text), reason))

    def remark(self, row: int, text: str, reason: str) -> None:
        self.remarks.append(Remark(row, shorten(text), reason))


def tidy(text: str) -> str:
    """`text` in one line: control characters and runs of spaces become single spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())


def shorten(text: str, length: int = 120) -> str:
    """For a report: one line of at most `length` characters."""
    line = tidy(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def parents_first(reading: Reading) -> Reading:
    """The same reading with every parent before its children, otherwise in the order of the file.

    Terms that are their own ancestor, and those below them, are refused. A parent that the file does not
    hold is left for the database to know.
    """
    by_key = {record.key: record for record in reading.records}
    children: dict[str, list[TermRecord]] = {}
    tops: list[TermRecord] = []
    for record in reading.records:
        if record.parent and record.parent in by_key:
            children.setdefault(record.parent, []).append(record)
        else:
            tops.append(record)
    ordered: list[TermRecord] = []
    waiting = tops[::-1]
    while waiting:
        record = waiting.pop()
        ordered.append(record)
        waiting.extend(reversed(children.get(record.key, [])))
    refused = list(reading.refused)
    if len(ordered) < len(reading.records):
        placed = {record.key for record in ordered}
        refused += [
            Remark(record.row, shorten(record.name), "its line of parents goes round in a circle")
            for record in reading.records
            if record.key not in placed
        ]
    return replace(reading, records=ordered, refused=refused)
