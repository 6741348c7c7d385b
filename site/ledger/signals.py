"""Watches every database connection for decisions, and the log of changes for a replaced database."""

from __future__ import annotations

from django.db.backends.signals import connection_created

from changes import reader
from ledger import guard, recording


def connect_signals() -> None:
    """Connect the receivers of this app."""
    connection_created.connect(recording.watch, dispatch_uid="ledger.watch")
    if guard.database_was_replaced not in reader.when_replaced:
        reader.when_replaced.append(guard.database_was_replaced)
