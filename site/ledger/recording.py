"""Writes decisions to the ledger, ahead of the commit of the transaction that carries them out.

The order is: the row `LedgerEntry` within the transaction, the line in the ledger right before the commit,
the commit. So after a process was killed
- before the line was written: neither the ledger nor the database has the decision;
- between line and commit: the ledger has it, the database does not, and the next start carries it out. A
  person had decided so and confirmed it;
- after the commit: both have it.
A commit that the database refuses is followed by a line which says that the decision was abandoned. Where it
is not certain that it was refused (the connection was lost), there is none: then the decision is carried out.

A ledger that cannot be written never stops a withdrawal: the row says so, and the decision is written later
(`ledger.guard`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, OperationalError, connections, router, transaction
from django.utils import timezone

from ledger import kinds, stores
from ledger.lines import Entry
from ledger.models import LedgerEntry, LedgerState

logger = logging.getLogger(__name__)

_applying: ContextVar[bool] = ContextVar("ledger.applying", default=False)


@contextmanager
def applying() -> Iterator[None]:
    """Record nothing in the block: the decisions that are carried out again are in the ledger already."""
    token = _applying.set(True)
    try:
        yield
    finally:
        _applying.reset(token)


def is_applying() -> bool:
    """Return whether a decision of the ledger is being carried out again."""
    return _applying.get()


def record(
    kind: str, payload: dict[str, Any], *, number: UUID | None = None, at: datetime | None = None
) -> None:
    """Record a decision. Call it in the transaction that carries the decision out.

    `kind` is registered (`ledger.kinds`); `payload` is JSON without personal text: ids and keyed hashes.
    `number`: the id of the decision, a new one by default.
    """
    if _applying.get():
        return
    kinds.get(kind)
    connection = connections[router.db_for_write(LedgerEntry)]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A decision is recorded in its own transaction.")
    row = LedgerEntry.objects.create(
        pk=number or uuid4(), kind=kind, payload=payload, at=at or timezone.now()
    )
    watch(connection)
    connection.ledger_rows.append(row.pk)  # type: ignore[attr-defined] # set by `watch`


def watch(connection: Any, **_rest: object) -> None:
    """Write the decisions of each transaction on this connection right before its commit.

    As `changes.log.watch`: Django has no hook before a commit.
    """
    if getattr(connection, "ledger_rows", None) is not None:
        return
    connection.ledger_rows = []
    connection._commit = _committing(connection, connection._commit)
    connection._rollback = _rolling_back(connection, connection._rollback)


def _committing(connection: Any, commit: Callable[[], Any]) -> Callable[[], Any]:
    def write_ahead_and_commit() -> Any:
        if not connection.ledger_rows:
            return commit()
        numbers, connection.ledger_rows = connection.ledger_rows, []
        written = write_ahead(numbers)
        try:
            return commit()
        except DatabaseError as error:
            if written and not isinstance(error, OperationalError | InterfaceError):
                _abandon(written)
            raise

    return write_ahead_and_commit


def _rolling_back(connection: Any, rollback: Callable[[], Any]) -> Callable[[], Any]:
    def forget_and_roll_back() -> Any:
        connection.ledger_rows.clear()
        return rollback()

    return forget_and_roll_back


def write_ahead(numbers: list[Any]) -> list[Entry]:
    """Write the decisions with these keys, except those of a savepoint that was rolled back."""
    rows = list(LedgerEntry.objects.filter(pk__in=numbers).order_by("at", "pk"))
    state = LedgerState.objects.filter(pk=1).first()
    if state is None:
        # The first start of a server or worker begins the ledger and writes them.
        LedgerEntry.objects.filter(pk__in=numbers).update(is_written=False)
        return []
    return write(rows, str(state.identity)) if rows else []


def write(rows: list[LedgerEntry], identity: str, *, new: bool = False) -> list[Entry]:
    """Write decisions to the ledger. Return those that were written: all of them or none."""
    entries = [stores.entry_of(row) for row in rows]
    try:
        stores.store().append(entries, identity, new=new)
    except Exception:  # whatever the reason, the decision itself is carried out
        logger.exception("The ledger could not be written. The decision is carried out; it is written later.")
        LedgerEntry.objects.filter(pk__in=[row.pk for row in rows]).update(is_written=False)
        return []
    if waiting := [row.pk for row in rows if not row.is_written]:
        LedgerEntry.objects.filter(pk__in=waiting).update(is_written=True)
    return entries


def _abandon(entries: list[Entry]) -> None:
    """Say in the ledger that these decisions were rolled back, on a connection that may be unusable."""
    try:
        identity = stores.store().read().identity
        if identity is not None:
            stores.store().append([stores.abandoned(entry) for entry in entries], identity, new=False)
    except Exception:
        logger.exception("Decisions were rolled back; the next start carries them out.")
