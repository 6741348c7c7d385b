"""How much a database works for something: a count that is the same in every run, not a time.

SQLite counts the instructions of its virtual machine, PostgreSQL the rows that it reads from tables. Neither can be
compared with the other; each can be compared with itself at another size of the site.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

INSTRUCTIONS = 20


def work_of(action: Callable[[], Any]) -> int:
    """Return the work of the database during `action`, in a test's transaction."""
    return _rows_read(action) if connection.vendor == "postgresql" else _instructions(action)


def _instructions(action: Callable[[], Any]) -> int:
    calls = 0

    def count() -> int:
        nonlocal calls
        calls += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, INSTRUCTIONS)
    try:
        action()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return calls * INSTRUCTIONS


def _rows_read(action: Callable[[], Any]) -> int:
    before = _read_so_far()
    with connection.cursor() as cursor:
        # PostgreSQL reads a small table whole even where an index would serve, since that is quicker. What counts is
        # what it reads when the table is large.
        cursor.execute("SET enable_seqscan = off")
        try:
            action()
        finally:
            cursor.execute("SET enable_seqscan = on")
    return _read_so_far() - before


def _read_so_far() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])
