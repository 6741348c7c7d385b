"""Reads what changed since the last look, so that what a process keeps in memory is exact.

A process looks when the shared bytes of this machine differ (`changes.counter`), so at once after a commit of
any process of this machine, and at least every POLL_SECONDS for commits of other machines.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections

from changes import counter, log

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
# A change may become visible a little after the time it was given: its transaction was being committed, or
# the clock of another machine is behind.
WINDOW_SECONDS = 10
# After so many changes at once it is cheaper to start again.
MOST_KEYS = 20_000
# The newest change too, since it tells when the database is an older one than a moment ago.
_ROWS = """
    SELECT key, version FROM changes_change WHERE version > %s
    UNION ALL SELECT '', MAX(version) FROM changes_change
"""
# Called when the database was replaced by an older one while this process runs.
when_replaced: list[Callable[[], None]] = []


class _Poller:
    """One for each process. It has a database connection of its own, which belongs to no request."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.readers: weakref.WeakSet[Reader] = weakref.WeakSet()
        self.connection: Any = None
        self.token = b""
        self.asked_at = 0.0
        self.succeeded_at = time.monotonic()
        self.told_at = 0.0
        self.seen: dict[str, int] = {}
        self.newest = 0

    def poll(self, since: float = 0.0) -> None:
        """Ask the log if this machine changed anything, or it was not asked lately, or not `since`."""
        # Each request comes here, so that this is not a function of its own.
        token, asked_at = counter.value(), self.asked_at
        if token == self.token and asked_at >= since and time.monotonic() - asked_at < POLL_SECONDS:
            return
        with self.lock:
            token, asked_at = counter.value(), self.asked_at
            if token == self.token and asked_at >= since and time.monotonic() - asked_at < POLL_SECONDS:
                return
            self.asked_at = time.monotonic()
            try:
                rows = self._rows()
            except Error:
                logger.exception("The log of changes could not be read.")
                self._close()
                return
            # The readers first: a thread that sees the token known must find the news told.
            newest = max((version or 0 for key, version in rows if not key), default=0)
            # Clocks of several machines differ by a few seconds; a table without rows is that of a new site.
            if 0 < newest < self.newest - WINDOW_SECONDS * 1_000_000:
                self._start_again()
            self.newest = newest
            self._distribute([row for row in rows if row[0]])
            self.token, self.succeeded_at = token, self.asked_at

    def _rows(self) -> list[tuple[str, int]]:
        if self.connection is None:
            self.connection = connections.create_connection(DEFAULT_DB_ALIAS)
            self.connection.inc_thread_sharing()
        floor = log.now() - WINDOW_SECONDS * 1_000_000
        # The first look begins before the process did: what it has read since may already be out of date.
        with self.connection.cursor() as cursor:
            cursor.execute(_ROWS, [floor])
            rows: list[tuple[str, int]] = cursor.fetchall()
        return rows

    def _start_again(self) -> None:
        """Forget everything that this process keeps: the database is an older one than a moment ago."""
        logger.warning("The database was replaced by an older one.")
        for told in when_replaced:
            told()
        self.told_at = time.monotonic()
        for reader in list(self.readers):
            reader._add(None)

    def _distribute(self, rows: list[tuple[str, int]]) -> None:
        news = frozenset(key for key, version in rows if self.seen.get(key) != version)
        self.seen = dict(rows)
        if not news:
            return
        # Not the time at which the log was asked: what was committed while it answered is among the news.
        self.told_at = time.monotonic()
        told = dict.fromkeys(news, self.told_at)
        for reader in list(self.readers):
            reader._add(told)

    def _close(self) -> None:
        connection, self.connection = self.connection, None
        try:
            connection and connection.close()
        except Error:
            logger.warning("The connection that reads the log of changes could not be closed.")


_pollers: dict[int, _Poller] = {}


def _of_this_process() -> _Poller:
    """Return the poller; a new one after a fork, since a database connection must not be shared."""
    process = os.getpid()
    if (poller := _pollers.get(process)) is None:
        poller = _Poller()
        for former in _pollers.values():
            for reader in list(former.readers):
                reader._restart()
                poller.readers.add(reader)
        _pollers.clear()
        _pollers[process] = poller
    return poller


class Reader:
    """One part of a process that keeps something: it is told every change since it was made, once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._restart()
        _of_this_process().readers.add(self)

    def _restart(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, float] | None = {}

    def _add(self, news: dict[str, float] | None) -> None:
        """Take in news; None: too much has changed."""
        with self._lock:
            if news is None:
                self._keys = None
            elif self._keys is not None:
                self._keys |= news
                if len(self._keys) > MOST_KEYS:
                    self._keys = None

    def news(self) -> frozenset[str] | None:
        """Return the keys of everything that changed since the last call; None when too much did.

        A key may be told twice, and some are told that changed shortly before this reader was made.
        """
        news = self.timed_news()
        return None if news is None else frozenset(news)

    def timed_news(self) -> dict[str, float] | None:
        """Return the same with the time (time.monotonic) at which this process knew of each."""
        _of_this_process().poll()
        if self._keys is not None and not self._keys:
            return {}
        with self._lock:
            keys, self._keys = self._keys, {}
        return keys


def known() -> dict[str, int]:
    """Return the latest changes that this process knows, those of the last WINDOW_SECONDS: version by key."""
    poller = _of_this_process()
    poller.poll()
    return poller.seen


def told_at() -> float:
    """Return when this process last learned of a change (time.monotonic, the same for all processes).

    Whatever it learned of before this call, it learned of by then.
    """
    poller = _of_this_process()
    with poller.lock:
        return poller.told_at


def catch_up(moment: float) -> bool:
    """Learn all that another process of this machine had learned at a moment; return whether that succeeded.

    A change of another machine may be known to one process half a second before it is to the next.
    """
    poller = _of_this_process()
    poller.poll(moment)
    return poller.succeeded_at >= moment


def unread_seconds() -> float:
    """Return for how many seconds the log could not be read: 0 while it can."""
    poller = _of_this_process()
    if poller.asked_at <= poller.succeeded_at:
        return 0.0
    return time.monotonic() - poller.succeeded_at
