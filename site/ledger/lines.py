"""Lines of the ledger: one sealed JSON object each, chained to the line before it. Pure.

A line is written by one call and ends with a line feed. A process that is killed while it writes leaves a
part of a line without an end; the next line then begins after a line feed of its own, and its seal follows
the last whole line, so that the part is recognised as what it is and not as tampering.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Seal = Callable[[str], str]

FIRST = "0" * 64
# Kinds of lines that the ledger writes for itself.
LEDGER, ABANDONED = "ledger", "abandoned"


@dataclass(frozen=True)
class Entry:
    """One decision. `id`: a UUID; `at`: ISO time; `payload`: ids and keyed hashes as JSON."""

    id: str
    kind: str
    at: str
    payload: dict[str, Any] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        return {"id": self.id, "kind": self.kind, "at": self.at, "payload": self.payload}


@dataclass
class Contents:
    """What a ledger holds.

    `identity`: None where there is no ledger. `former`: identities of ledgers that it replaced. `ids`: of all
    decisions. `entries`: the decisions, in order; a store may leave out those that the reader knows.
    `abandoned`: ids of decisions whose transaction was rolled back after they were written. `faults`: what
    shows that the ledger was altered.
    """

    identity: str | None = None
    former: frozenset[str] = frozenset()
    ids: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    abandoned: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    last_seal: str = FIRST

    def add(self, entry: Entry) -> None:
        """Take in one entry whose seal is right."""
        if entry.kind == LEDGER:
            self.identity = entry.id
            self.former = frozenset(map(str, entry.payload.get("former", ())))
        elif entry.kind == ABANDONED:
            self.abandoned.add(str(entry.payload.get("entry")))
        else:
            self.ids.add(entry.id)
            self.entries.append(entry)


def header(identity: str, at: str, former: Iterable[str] = ()) -> Entry:
    """Return the first line of a ledger."""
    return Entry(identity, LEDGER, at, {"former": sorted(former)})


def sealed(entry: Entry, previous: str, seal: Seal) -> tuple[str, str]:
    """Return the line of an entry, without its end, and its seal."""
    content = {**entry.content(), "previous": previous}
    made = seal(json.dumps(content, sort_keys=True))
    return json.dumps({**content, "seal": made}, sort_keys=True), made


def parse(line: str) -> tuple[Entry, str, str] | None:
    """Return the entry of a line, the seal that it follows, and its own; None for a part of a line."""
    try:
        read = json.loads(line)
        entry = Entry(str(read["id"]), str(read["kind"]), str(read["at"]), dict(read["payload"]))
        return entry, str(read["previous"]), str(read["seal"])
    except (ValueError, KeyError, TypeError):
        return None


def read(lines: Iterable[str], seal: Seal) -> Contents:
    """Read a whole ledger. An altered line is not taken in and is named among the faults."""
    found = Contents()
    fragment = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parsed = parse(line)
        if parsed is None:
            fragment = number
            continue
        entry, previous, said = parsed
        if previous != found.last_seal:
            found.faults.append(f"line {fragment or number}: a line was altered, removed or inserted")
        found.last_seal, fragment = said, 0
        if sealed(entry, previous, seal)[1] != said:
            found.faults.append(f"line {number}: the line was altered")
        else:
            found.add(entry)
    return found
