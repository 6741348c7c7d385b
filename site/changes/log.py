"""Writes what changed, in the transaction that changed it.

The keys of a transaction are collected and written together just before it is committed. So either the change
and its keys are in the database or neither is, whenever the process is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connections, router

from changes import counter, tables
from changes.models import Change
from changes.recorder import note_statement

AT_ONCE = 400
_UPSERT = (
    "INSERT INTO changes_change (key, version) VALUES {} "
    "ON CONFLICT (key) DO UPDATE SET version = excluded.version"
)
_VERSIONS = "SELECT key, version FROM changes_change WHERE version >= %s AND key IN ({})"


def now() -> int:
    """Return the time in the unit of `Change.version`."""
    return time.time_ns() // 1000


def record(*keys: str) -> None:
    """Note that the things with these keys change in the current transaction, or have just changed."""
    _add(connections[router.db_for_write(Change)], keys)


def pending(connection: Any) -> frozenset[str]:
    """Return the keys that the open transaction of a connection has changed so far."""
    return frozenset(getattr(connection, "changed_keys", None) or ())


def moment_of(connection: Any) -> Moment:
    """Return the present moment of the open transaction of a connection, for `pending_since`."""
    if getattr(connection, "changed_keys", None) is None:
        watch(connection)
    keys: ChangedKeys = connection.changed_keys
    return keys.epoch, keys.last


def pending_since(connection: Any, moment: Moment) -> frozenset[str] | None:
    """Return the keys that the open transaction has changed since a moment of it.

    None where the transaction has ended since, or a part of it was rolled back.
    """
    keys: ChangedKeys = connection.changed_keys
    return keys.since(moment)


def versions(keys: Iterable[str], since: int) -> dict[str, int]:
    """Return when these things last changed, those that changed at that moment or later. One query."""
    asked = list(keys)
    if not asked:
        return {}
    # Written as SQL: building this query would take longer than answering it.
    with connections[router.db_for_read(Change)].cursor() as cursor:
        cursor.execute(_VERSIONS.format(", ".join(["%s"] * len(asked))), [since, *asked])
        return dict(cursor.fetchall())


Moment = tuple[int, int]


class ChangedKeys:
    """The keys that a transaction has changed, each with the number of its last change.

    `epoch` is another one after each transaction, and after each part of it that was rolled back.
    """

    def __init__(self) -> None:
        self.epoch = self.last = 0
        self._numbers: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def update(self, keys: Iterable[str]) -> None:
        """Note that these keys change now."""
        self.last += 1
        self._numbers.update(dict.fromkeys(keys, self.last))

    def since(self, moment: Moment) -> frozenset[str] | None:
        """Return the keys that have changed since a moment (`epoch`, `last`); None for another epoch."""
        epoch, last = moment
        if epoch != self.epoch:
            return None
        return frozenset(key for key, number in self._numbers.items() if number > last)

    def part_was_rolled_back(self) -> None:
        """Begin another epoch. The keys stay: whatever shows them is made again."""
        self.epoch += 1

    def clear(self) -> None:
        """Begin another epoch without keys."""
        self.epoch += 1
        self._numbers.clear()


# On every database connection -------------------------------------------------------------------------------


def watch(connection: Any, **_rest: object) -> None:
    """Collect the keys that statements on this connection change, and write them at each commit.

    Django has no hook before a commit, only after it. The methods replaced here are all that `atomic` calls
    to end a transaction or to undo a part of it.
    """
    if getattr(connection, "changed_keys", None) is not None:
        return
    connection.changed_keys = ChangedKeys()
    connection.execute_wrappers.append(_Statements())
    connection._commit = _committing(connection, connection._commit)
    connection._rollback = _rolling_back(connection, connection._rollback)
    connection._savepoint_rollback = _rolling_back_part(connection, connection._savepoint_rollback)


class _Statements:
    """Tells from each statement which keys it reads and changes."""

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            if keys := tables.keys_written(sql, params, many=many):
                _add(context["connection"], keys)
        else:
            note_statement(sql)
        return result


def _add(connection: Any, keys: Iterable[str]) -> None:
    if getattr(connection, "changed_keys", None) is None:
        watch(connection)
    connection.changed_keys.update(keys)
    if not connection.in_atomic_block:
        _write(connection)
        counter.bump()


def _write(connection: Any) -> None:
    keys = sorted(connection.changed_keys)
    connection.changed_keys.clear()
    if not keys or not _has_table(connection):
        return
    version = now()
    with connection.cursor() as cursor:
        for start in range(0, len(keys), AT_ONCE):
            part = keys[start : start + AT_ONCE]
            values = [value for key in part for value in (key[:120], version)]
            cursor.execute(_UPSERT.format(", ".join(["(%s, %s)"] * len(part))), values)


def _has_table(connection: Any) -> bool:
    """Return whether the table is there: rows are written while a new database is made, too."""
    if not getattr(connection, "has_changes_table", False):
        connection.has_changes_table = Change._meta.db_table in connection.introspection.table_names()
    return bool(connection.has_changes_table)


def _committing(connection: Any, commit: Callable[[], Any]) -> Callable[[], Any]:
    def write_and_commit() -> Any:
        changed = bool(connection.changed_keys)
        if changed:
            _write(connection)
        result = commit()
        if changed:
            counter.bump()
        return result

    return write_and_commit


def _rolling_back_part(connection: Any, rollback: Callable[[str], Any]) -> Callable[[str], Any]:
    def roll_back_part(savepoint: str) -> Any:
        connection.changed_keys.part_was_rolled_back()
        return rollback(savepoint)

    return roll_back_part


def _rolling_back(connection: Any, rollback: Callable[[], Any]) -> Callable[[], Any]:
    def forget_and_roll_back() -> Any:
        connection.changed_keys.clear()
        return rollback()

    return forget_and_roll_back
