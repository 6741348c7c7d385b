"""Values that a process reads once and keeps until something they were read from changes.

For what nearly every page shows: the site, its home page, its menus. A page that shows a kept value depends
on all that the value was read from, as if it had read it itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.db import connection

from changes.reader import Reader
from changes.recorder import depends_on, recording, valid_until
from changes.tables import ALL_ROWS

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Entry(Generic[Value]):
    value: Value
    keys: frozenset[str]
    # As well as the keys: every row of their tables.
    wild: frozenset[str]


class Kept(Generic[Value]):
    """Keeps what `read(*arguments)` returns, for each of the last `most` arguments.

    No caller may change a value. What is read in an open transaction is not kept: others do not see it, and
    it may be undone.
    """

    _all: WeakSet[Kept[Any]] = WeakSet()

    def __init__(self, read: Callable[..., Value], most: int = 64) -> None:
        self._read, self._most = read, most
        self._lock = threading.Lock()
        self._entries: dict[Hashable, _Entry[Value]] = {}
        self._reader = Reader()
        self._all.add(self)

    def get(self, *arguments: Any) -> Value:
        """Return the value, read now or earlier. Notes that the page shows what it was read from."""
        if _is_writing():
            return self._read(*arguments)
        with self._lock:
            self._follow()
            entry = self._entries.get(arguments)
        if entry is None:
            entry = self._entry(arguments)
        depends_on(*entry.keys)
        return entry.value

    def forget(self) -> None:
        """Read everything again."""
        with self._lock:
            self._entries.clear()

    @classmethod
    def forget_all(cls) -> None:
        """Forget all values: after a change that nothing has recorded, such as a restored database."""
        for kept in cls._all:
            kept.forget()

    def _follow(self) -> None:
        news = self._reader.news()
        if news is None:
            self._entries.clear()
        elif news:
            for arguments, entry in list(self._entries.items()):
                if not news.isdisjoint(entry.keys) or not news.isdisjoint(entry.wild):
                    del self._entries[arguments]

    def _entry(self, arguments: tuple[Any, ...]) -> _Entry[Value]:
        with self._lock:
            # What is told from now on has happened after the value was read, or nearly so.
            self._follow()
            entries = self._entries
            with recording() as record:
                value = self._read(*arguments)
            keys = frozenset(record.keys)
            entry = _Entry(value, keys, frozenset(f"{key.partition(':')[0]}:{ALL_ROWS}" for key in keys))
            if record.until is None and not record.shows_people:
                entries[arguments] = entry
                while len(entries) > self._most:
                    del entries[next(iter(entries))]
        if record.shows_people:
            valid_until(record.until)
        return entry


def _is_writing() -> bool:
    """Return whether a transaction is open, other than the one around a test."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
