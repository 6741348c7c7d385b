"""The pages that this process keeps in memory, exact to the last committed change."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from wagtail.models import Site

from changes import reader
from changes.reader import Reader
from changes.tables import ALL_ROWS
from delivery.entry import Entry

# For so long a process remembers what changed, so that a page whose rendering began before is not kept.
REMEMBERED_SECONDS = 60
# Without news for longer than this, nothing that shows a person is sent from memory.
LONGEST_UNREAD = 2.0
# How long a request waits for another that makes the same page.
PATIENCE = 20.0
# Addresses whose responses are not kept are remembered, so that requests for them do not wait for each other.
MOST_REFUSED = 2000


class Pages:
    """Kept pages by address: the least recently used go first. All methods may be called by any thread."""

    def __init__(self, megabytes: int) -> None:
        self.most = megabytes * 1024 * 1024
        self._reader = Reader()
        self._lock = threading.RLock()
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._size = 0
        self._showing: defaultdict[str, set[str]] = defaultdict(set)
        self._changed: dict[str, float] = {}
        self._making: dict[str, threading.Event] = {}
        self._refused: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, address: str) -> Entry | None:
        """Return the page kept at an address if it is what a fresh rendering would give now."""
        # In one piece: news that one thread has taken and not applied must not be passed by another.
        with self._lock:
            self._follow()
            entry = self._entries.get(address)
            if entry is None:
                return None
            if time.time() >= entry.until:
                self._forget(address)
                return None
            if entry.shows_people and reader.unread_seconds() > LONGEST_UNREAD:
                return None
            self._entries.move_to_end(address)
        return entry

    def put(self, address: str, entry: Entry, began: float) -> bool:
        """Keep a page unless something on it changed since its rendering began (time.monotonic).

        Return whether it is kept.
        """
        if entry.size > self.most // 4:
            return False
        with self._lock:
            self._follow()
            if self._changed_since(entry, began):
                return False
            self._forget(address)
            self._entries[address] = entry
            self._size += entry.size
            for key in entry.keys:
                self._showing[key].add(address)
            while self._size > self.most:
                self._forget(next(iter(self._entries)))
        return True

    def _follow(self) -> None:
        if (news := self._reader.timed_news()) is None or news:
            self._apply(news)

    def _changed_since(self, entry: Entry, began: float) -> bool:
        if self._changed.get(ALL_ROWS, -1.0) >= began:
            return True
        wild = {f"{key.partition(':')[0]}:{ALL_ROWS}" for key in entry.keys}
        return any(self._changed.get(key, -1.0) >= began for key in entry.keys | wild)

    def _apply(self, news: dict[str, float] | None) -> None:
        """Forget every page that shows something that has changed; all of them where too much has."""
        now = time.monotonic()
        with self._lock:
            for key in [key for key, at in self._changed.items() if at < now - REMEMBERED_SECONDS]:
                del self._changed[key]
            if news is None:
                self._changed[ALL_ROWS] = now
                self._entries.clear()
                self._showing.clear()
                self._size = 0
            for key, at in (news or {}).items():
                self._changed[key] = at
                for shown in self._rows_of(key):
                    for address in list(self._showing.get(shown, ())):
                        self._forget(address)
        if news is None or not news.keys().isdisjoint({"wagtailcore.site", "tree"}):
            Site.clear_site_root_paths_cache()

    def _rows_of(self, key: str) -> list[str]:
        kind, _colon, number = key.partition(":")
        if number != ALL_ROWS:
            return [key]
        return [shown for shown in self._showing if shown.startswith(f"{kind}:")]

    def _forget(self, address: str) -> None:
        entry = self._entries.pop(address, None)
        if entry is None:
            return
        self._size -= entry.size
        for key in entry.keys:
            addresses = self._showing[key]
            addresses.discard(address)
            if not addresses:
                del self._showing[key]

    def addresses(self) -> list[str]:
        """Return the addresses of all kept pages."""
        with self._lock:
            return list(self._entries)

    # One rendering however many wait ------------------------------------------------------------------------

    @contextmanager
    def making(self, address: str) -> Iterator[bool]:
        """Yield True to the one request that makes the page; the others wait until it is done and get False.

        Requests for an address whose response was not kept lately all get True and do not wait.
        """
        with self._lock:
            event = None if address in self._refused else self._making.get(address)
            first = event is None
            if first and address not in self._refused:
                self._making[address] = threading.Event()
        if not first:
            assert event is not None
            event.wait(PATIENCE)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                mine = self._making.pop(address, None)
            if mine is not None:
                mine.set()

    def refuse(self, address: str) -> None:
        """Remember that the response at this address is not kept."""
        with self._lock:
            self._refused[address] = None
            self._refused.move_to_end(address)
            while len(self._refused) > MOST_REFUSED:
                self._refused.popitem(last=False)

    def accept(self, address: str) -> None:
        """Remember that the response at this address is kept."""
        if address in self._refused:
            with self._lock:
                self._refused.pop(address, None)
