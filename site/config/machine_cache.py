"""The cache that all processes of one machine share when no other service is configured: a small SQLite file.

Several processes answer requests, and one works on tasks. What one of them removes (a session that has logged
out, the address of a site, the number of tries with a link) must be gone for the others. Django's cache in
memory cannot do that; its cache in files lists a folder at each write and cannot count exactly.

The file can be deleted at any time. Nothing is lost with it, and a damaged one is made again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

logger = logging.getLogger(__name__)

BUSY_SECONDS = 5
CULL_EVERY = 200  # writes, on average
TABLE = (
    "CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, ends REAL, value BLOB NOT NULL) WITHOUT ROWID"
)
# The journal is in memory: a crash may damage the file, which is then made again. Removed entries are
# overwritten, because an erasure empties the cache.
PRAGMAS = ("journal_mode=MEMORY", "synchronous=OFF", "secure_delete=ON", "temp_store=MEMORY")


class MachineCache(BaseCache):
    """A cache in the file LOCATION. When it cannot be read or written, it finds nothing and keeps nothing.

    A value that is an int is stored as such, so that `incr` is one statement; others are pickled.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.file = Path(location)
        self.local = threading.local()

    # Connections ------------------------------------------------------------------------------------------

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection; a new one after a fork or when the file was deleted."""
        local = self.local
        if getattr(local, "process", None) == os.getpid():
            with contextlib.suppress(OSError):
                if self.file.stat().st_ino == local.inode:
                    return local.connection
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self.file, timeout=BUSY_SECONDS, isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(TABLE)
        local.connection, local.process = connection, os.getpid()
        local.inode = self.file.stat().st_ino
        return connection

    @contextlib.contextmanager
    def attempt(self, doing: str) -> Iterator[None]:
        """Log what SQLite and the disk refuse. A damaged file is deleted."""
        try:
            yield
        except sqlite3.OperationalError as error:  # locked, full, not writable
            logger.warning("The cache could not %s: %s", doing, error)
        except sqlite3.DatabaseError as error:
            logger.warning("The cache was damaged and is made again: %s", error)
            with contextlib.suppress(OSError):
                self.file.unlink()
        except OSError as error:
            logger.warning("The cache could not %s: %s", doing, error)

    # Django's interface -----------------------------------------------------------------------------------

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = None
        with self.attempt("read"):
            row = self._row(self.make_and_validate_key(key, version=version))
        return default if row is None else unpacked(row[0])

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        missing = object()
        found = {key: self.get(key, missing, version) for key in keys}
        return {key: value for key, value in found.items() if value is not missing}

    def has_key(self, key: str, version: int | None = None) -> bool:
        missing = object()
        return self.get(key, missing, version) is not missing

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        full_key = self.make_and_validate_key(key, version=version)
        with self.attempt("write"):
            self.connection().execute(
                "INSERT OR REPLACE INTO entry (key, ends, value) VALUES (?, ?, ?)",
                (full_key, self.get_backend_timeout(timeout), packed(value)),
            )
            self._cull_sometimes()

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        full_key = self.make_and_validate_key(key, version=version)
        added = False
        with self.attempt("write"):
            cursor = self.connection().execute(
                "INSERT INTO entry (key, ends, value) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE "
                "SET ends = excluded.ends, value = excluded.value WHERE entry.ends <= ?",
                (full_key, self.get_backend_timeout(timeout), packed(value), time.time()),
            )
            added = cursor.rowcount > 0
            self._cull_sometimes()
        return added

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        full_key = self.make_and_validate_key(key, version=version)
        return self._changed(
            "UPDATE entry SET ends = ? WHERE key = ? AND (ends IS NULL OR ends > ?)",
            (self.get_backend_timeout(timeout), full_key, time.time()),
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._changed(
            "DELETE FROM entry WHERE key = ?", (self.make_and_validate_key(key, version=version),)
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add `delta` to a stored int and return the sum. Raises ValueError if there is none."""
        full_key = self.make_and_validate_key(key, version=version)
        with self.attempt("write"):
            row = (
                self.connection()
                .execute(
                    "UPDATE entry SET value = value + ? WHERE key = ? AND typeof(value) = 'integer' "
                    "AND (ends IS NULL OR ends > ?) RETURNING value",
                    (delta, full_key, time.time()),
                )
                .fetchall()
            )
            if row:
                return int(row[0][0])
        raise ValueError(f"Key '{key}' has no number.")

    def clear(self) -> None:
        self._changed("DELETE FROM entry", ())

    def close(self, **_: Any) -> None:
        """Keep the connections: each belongs to a thread and ends with it."""

    # Parts ------------------------------------------------------------------------------------------------

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> float | None:
        """Return when an entry ends, in seconds since 1970; None for never."""
        if timeout == DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return None if timeout is None else time.time() + timeout

    def _row(self, full_key: str) -> Any:
        return (
            self.connection()
            .execute(
                "SELECT value FROM entry WHERE key = ? AND (ends IS NULL OR ends > ?)",
                (full_key, time.time()),
            )
            .fetchone()
        )

    def _changed(self, statement: str, values: tuple[Any, ...]) -> bool:
        rows = 0
        with self.attempt("write"):
            rows = self.connection().execute(statement, values).rowcount
        return rows > 0

    def _cull_sometimes(self) -> None:
        """Remove what has ended, and some of the rest while there are more than MAX_ENTRIES."""
        if random.randrange(CULL_EVERY):  # noqa: S311 - not a secret
            return
        connection = self.connection()
        connection.execute("DELETE FROM entry WHERE ends <= ?", (time.time(),))
        (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
        if entries > self._max_entries:
            connection.execute(
                "DELETE FROM entry WHERE key IN (SELECT key FROM entry ORDER BY ends IS NULL, ends LIMIT ?)",
                (entries - self._max_entries + self._max_entries // self._cull_frequency,),
            )


def packed(value: Any) -> Any:
    """Return `value` as it is stored."""
    if type(value) is int and abs(value) < 2**62:
        return value
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpacked(stored: Any) -> Any:
    return stored if isinstance(stored, int) else pickle.loads(stored)  # noqa: S301 - written by this site
