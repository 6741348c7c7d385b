"""Where the ledger is kept: in a file, or in the bucket of private files, one object for each decision."""

from __future__ import annotations

import fcntl
import json
import os
import time
import uuid
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from audit.trail import fingerprint
from ledger import lines
from ledger.lines import ABANDONED, Contents, Entry

# A bucket that does not answer must not hold up a withdrawal for longer (seconds).
PATIENCE = 5.0


class LedgerMissing(OSError):
    """The ledger that the database knows is not where it was."""


def seal(text: str) -> str:
    """Return the seal of a line: an HMAC with the key of the audit trail."""
    return fingerprint("ledger", text)


class Store(Protocol):
    """A place for one ledger. Its methods raise OSError where the place does not answer."""

    place: str

    def read(self, known: Collection[str] = ()) -> Contents: ...

    def append(self, entries: list[Entry], identity: str, *, new: bool) -> None: ...

    def replace(self, identity: str, former: Iterable[str], entries: list[Entry]) -> str: ...

    def signature(self) -> object: ...


class FileStore:
    """A file that only grows. Several processes append, one after the other, each line forced to the disk."""

    def __init__(self, path: Path) -> None:
        self.path, self.place = path, str(path)
        # Of the file as this process left it: inode, size, identity, last seal. Saves reading it again.
        self._end: tuple[int, int, str, str] | None = None

    def read(self, known: Collection[str] = ()) -> Contents:
        """Return what the file holds, all of it: `known` saves nothing here."""
        del known
        try:
            return lines.read(self.path.read_text(encoding="utf-8", errors="replace").split("\n"), seal)
        except FileNotFoundError:
            return Contents()

    @contextmanager
    def _locked(self, flags: int) -> Iterator[int]:
        descriptor = os.open(self.path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def append(self, entries: list[Entry], identity: str, *, new: bool) -> None:
        """Add entries; with `new`, make the file if it is not there. Raises LedgerMissing and OSError."""
        if new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._locked(os.O_RDWR | os.O_APPEND | (os.O_CREAT if new else 0)) as descriptor:
                found, last, is_whole = self._state(descriptor)
                if found is None and not new:
                    raise LedgerMissing(f"{self.path} holds no ledger.")
                if found not in {None, identity}:
                    raise LedgerMissing(f"{self.path} holds another ledger.")
                first = [] if found else [lines.header(identity, timezone.now().isoformat())]
                text, last = _chain([*first, *entries], last)
                _write(descriptor, text if is_whole else f"\n{text}")
                status = os.fstat(descriptor)
                self._end = status.st_ino, status.st_size, identity, last
        except FileNotFoundError as error:
            raise LedgerMissing(f"{self.path} is not there.") from error
        if new:
            _sync_folder(self.path.parent)

    def _state(self, descriptor: int) -> tuple[str | None, str, bool]:
        """Return identity, last seal, and whether the last line is whole."""
        status = os.fstat(descriptor)
        if self._end is not None and self._end[:2] == (status.st_ino, status.st_size):
            return self._end[2], self._end[3], True
        text = os.pread(descriptor, status.st_size, 0).decode("utf-8", "replace")
        found = lines.read(text.split("\n"), seal)
        return found.identity, found.last_seal, not text or text.endswith("\n")

    def replace(self, identity: str, former: Iterable[str], entries: list[Entry]) -> str:
        """Begin a new ledger with these entries. Return where the file that was there is now, '' if none."""
        kept = ""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            kept = f"{self.path}.{timezone.now():%Y%m%dT%H%M%S}"
            self.path.rename(kept)
        fresh = self.path.with_name(f"{self.path.name}.{uuid.uuid4().hex}")
        head = lines.header(identity, timezone.now().isoformat(), former)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _write(descriptor, _chain([head, *entries], lines.FIRST)[0])
        finally:
            os.close(descriptor)
        fresh.rename(self.path)
        _sync_folder(self.path.parent)
        return kept

    def signature(self) -> object:
        """Return what differs after anything was written."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


def _chain(entries: Iterable[Entry], previous: str) -> tuple[str, str]:
    """Return the lines of these entries, and the last seal."""
    text = []
    for entry in entries:
        line, previous = lines.sealed(entry, previous, seal)
        text.append(f"{line}\n")
    return "".join(text), previous


def _write(descriptor: int, text: str) -> None:
    rest = text.encode()
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class BucketStore:
    """Objects below `ledger/` in the bucket of private files.

    'ledger/current.json' names the ledger, 'ledger/<identity>/<microseconds>-<id>.json' is one decision. Each
    object is sealed by itself: objects are written at the same time by several machines and cannot be
    chained. An object that was removed is missed as long as the database knows its decision.
    """

    CURRENT = "ledger/current.json"

    def __init__(self) -> None:
        self.place = f"s3://{self._bucket().name}/ledger/"
        self.pool = ThreadPoolExecutor(8, thread_name_prefix="ledger")

    @staticmethod
    def _bucket() -> Any:
        return storages["private"].bucket  # type: ignore[attr-defined] # config.buckets

    def read(self, known: Collection[str] = ()) -> Contents:
        """Return what the bucket holds; objects of decisions in `known` are listed but not read."""
        found = Contents()
        keys = [item.key for item in self._bucket().objects.filter(Prefix="ledger/")]
        if self.CURRENT not in keys:
            return found
        self._take(self.CURRENT, found)
        below = sorted(key for key in keys if key.startswith(f"ledger/{found.identity}/"))
        unread = []
        for key in below:
            number = key.removesuffix(".json").rpartition("/")[2].partition("-")[2]
            if number in known:
                found.ids.add(number)
            else:
                unread.append(key)
        for key, text in zip(unread, self.pool.map(self._get, unread), strict=True):
            self._add(key, text, found)
        return found

    def _get(self, key: str) -> str:
        body: bytes = self._bucket().Object(key).get()["Body"].read()
        return body.decode("utf-8", "replace")

    def _take(self, key: str, found: Contents) -> None:
        self._add(key, self._get(key), found)

    @staticmethod
    def _add(key: str, text: str, found: Contents) -> None:
        parsed = lines.parse(text)
        if parsed is None or lines.sealed(parsed[0], parsed[1], seal)[1] != parsed[2]:
            found.faults.append(f"{key}: the object was altered")
        else:
            found.add(parsed[0])

    def append(self, entries: list[Entry], identity: str, *, new: bool) -> None:
        """Store one object for each entry. Raises LedgerMissing and OSError."""
        self._in_time(self._append, entries, identity, new)

    def _append(self, entries: list[Entry], identity: str, new: bool) -> None:
        current = {item.key for item in self._bucket().objects.filter(Prefix=self.CURRENT)}
        found = Contents()
        if current:
            self._take(self.CURRENT, found)
        elif new:
            self._put(self.CURRENT, lines.header(identity, timezone.now().isoformat()))
            found.identity = identity
        if found.identity != identity:
            raise LedgerMissing(f"{self.place} does not hold the ledger that the database knows.")
        for entry in entries:
            self._put(self._key(identity, entry), entry)

    @staticmethod
    def _key(identity: str, entry: Entry) -> str:
        return f"ledger/{identity}/{time.time_ns() // 1000:020d}-{entry.id}.json"

    def _put(self, key: str, entry: Entry) -> None:
        line, _seal = lines.sealed(entry, lines.FIRST, seal)
        self._bucket().Object(key).put(Body=line.encode(), ContentType="application/json")

    def _in_time(self, function: Any, *arguments: Any) -> None:
        """Call `function`; raise TimeoutError (an OSError) when it takes too long."""
        self.pool.submit(function, *arguments).result(PATIENCE)

    def replace(self, identity: str, former: Iterable[str], entries: list[Entry]) -> str:
        """Begin a new ledger with these entries. The objects of the former one stay where they are."""
        for entry in entries:
            self._put(self._key(identity, entry), entry)
        self._put(self.CURRENT, lines.header(identity, timezone.now().isoformat(), former))
        return self.place

    def signature(self) -> object:
        """Return what differs once a minute: listing a bucket costs more than looking at a file."""
        return int(time.time() // 60)


_stores: dict[object, Store] = {}


def store() -> Store:
    """Return where this site keeps its ledger: LEDGER_FILE, else the bucket of private files."""
    key: object = settings.LEDGER_FILE or "bucket"
    # A pool of threads does not survive a fork.
    marked = (key, os.getpid()) if key == "bucket" else key
    if marked not in _stores:
        _stores[marked] = FileStore(Path(settings.LEDGER_FILE)) if settings.LEDGER_FILE else BucketStore()
    return _stores[marked]


def entry_of(row: Any) -> Entry:
    """Return the entry of a row of `ledger.models.LedgerEntry`."""
    # As the database gives it back, so that both sides compare equal.
    payload = json.loads(json.dumps(row.payload))
    return Entry(str(row.pk), row.kind, row.at.isoformat(), payload)


def abandoned(entry: Entry) -> Entry:
    """Return the line which says that a decision was rolled back after it was written."""
    return Entry(str(uuid.uuid4()), ABANDONED, timezone.now().isoformat(), {"entry": entry.id})
