"""The content of a vocabulary file, before it is compared with the database. Pure: no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from uploads.errors import EditorError

LONGEST_NAME = 255
LONGEST_SLUG = 200

# Control characters do not belong in a name, and PostgreSQL refuses the zero byte altogether.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class UnreadableFile(EditorError):
    """The whole file cannot be used; the message says why and how to fix it."""


@dataclass(frozen=True)
class NameRecord:
    """Another name of a term. `kind` is lay, synonym or abbreviation; `language` a code such as `en`."""

    name: str
    language: str = "en"
    kind: str = "synonym"


@dataclass(frozen=True)
class TermRecord:
    """One term of a file.

    `key` identifies the term inside its file (a slug, an OBO id); `parent` is the key of the term above,
    "" for the top of the tree, None when the file does not say. `codes` are (system, code), normalised.
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
    """A row, or a part of one, that was not used: its line, its text and the reason."""

    row: int
    text: str
    reason: str


@dataclass
class ParsedVocabulary:
    """The content of a file: usable records, rows that cannot be used (`refused`), and parts of usable rows
    that were left out (`remarks`).

    `source` names the vocabulary the file belongs to. With `parents_needed`, a record whose parent is unknown
    cannot be used; otherwise it goes to the top of the tree.
    """

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
    """Return `text` in one line: control characters and runs of spaces become single spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())


def shorten(text: str, length: int = 120) -> str:
    """Return `text` for a report: one line of at most `length` characters."""
    line = tidy(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def parents_first(parsed: ParsedVocabulary) -> ParsedVocabulary:
    """Return the same records with every parent before its children, otherwise in the order of the file.

    Terms that are their own ancestor, and the terms below them, are refused. A parent that is not in the file
    may be in the database.
    """
    by_key = {record.key: record for record in parsed.records}
    children: dict[str, list[TermRecord]] = {}
    tops: list[TermRecord] = []
    for record in parsed.records:
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
    refused = list(parsed.refused)
    if len(ordered) < len(parsed.records):
        placed = {record.key for record in ordered}
        refused += [
            Remark(record.row, shorten(record.name), "the term is its own ancestor")
            for record in parsed.records
            if record.key not in placed
        ]
    return replace(parsed, records=ordered, refused=refused)
