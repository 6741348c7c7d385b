"""The kinds of decisions. An app above registers a kind, and how such a decision is carried out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit.trail import fingerprint
from ledger.lines import Entry

Existing = Iterable[tuple[UUID, dict[str, Any]]]


def _none() -> Existing:
    return ()


@dataclass(frozen=True)
class Kind:
    """A kind of decision.

    `apply(entry, later)`: carry a decision out again in a database that does not have it, in the caller's
    transaction; `later` are the following decisions that the database lacks too. It does nothing for what
    the database does not hold, and may be called for what is already so. `existing()`: id and payload of
    each decision that was made before there was a ledger.
    """

    name: str
    apply: Callable[[Entry, list[Entry]], None]
    existing: Callable[[], Existing] = _none


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind."""
    _kinds[kind.name] = kind


def registered() -> list[Kind]:
    return list(_kinds.values())


def get(name: str) -> Kind:
    """Return a kind by its name. Raises KeyError."""
    return _kinds[name]


def mark(row: Any) -> str:
    """Return what tells a row from another that got the same number after an older database was restored."""
    return fingerprint("ledger.row", row._meta.label_lower, str(row.pk), row.created_at.isoformat())
