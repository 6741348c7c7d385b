"""The cache in a file: what one process writes or removes, the others see."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest
import time_machine

from config.machine_cache import MachineCache


@pytest.fixture
def cache(tmp_path: Path) -> MachineCache:
    return MachineCache(str(tmp_path / "var" / "cache.sqlite3"), {"OPTIONS": {"MAX_ENTRIES": 100}})


@pytest.mark.parametrize(
    "value", ["text", b"bytes", 7, -7, 2**80, True, None, 1.5, {"a": [1, ("b",)]}, "\0", ""]
)
def test_values_come_back_as_they_went_in(cache: MachineCache, value: object) -> None:
    cache.set("key", value)
    assert cache.get("key", "missing") == value
    assert type(cache.get("key")) is type(value)
    assert "key" in cache


def test_add_delete_and_default(cache: MachineCache) -> None:
    assert cache.get("key", "default") == "default"
    assert cache.add("key", 1)
    assert not cache.add("key", 2)
    assert cache.get_many(["key", "other"]) == {"key": 1}
    assert cache.delete("key")
    assert not cache.delete("key")
    assert cache.get_or_set("key", lambda: 3) == 3
    cache.clear()
    assert cache.get("key") is None


def test_entries_end(cache: MachineCache) -> None:
    with time_machine.travel(1_000_000, tick=False) as clock:
        cache.set("short", 1, timeout=10)
        cache.set("long", 1, timeout=None)
        assert cache.touch("short", 60)
        clock.shift(59)
        assert cache.get("short") == 1
        clock.shift(1)
        assert cache.get("short") is None
        assert not cache.touch("short", 60)
        with pytest.raises(ValueError, match="no number"):
            cache.incr("short")
        assert cache.add("short", 2, timeout=10)
        assert cache.get("long") == 1
        cache.set("never", 1, timeout=0)
        assert cache.get("never") is None


def test_old_entries_make_room(cache: MachineCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.machine_cache.CULL_EVERY", 1)
    cache.set("for_ever", 1, timeout=None)
    for n in range(150):
        cache.set(str(n), n, timeout=1000 + n)
    assert cache.get("149") == 149
    assert cache.get("for_ever") == 1
    assert cache.get("0") is None


def test_counting_is_exact(cache: MachineCache) -> None:
    cache.set("tries", 0)

    def count() -> None:
        for _ in range(50):
            cache.incr("tries")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.get("tries") == 200


def _in_another_process(file: str) -> None:
    other = MachineCache(file, {})
    other.incr("tries")
    other.delete("session")


def test_processes_share_it(cache: MachineCache) -> None:
    cache.set("session", "logged in")
    cache.set("tries", 1)
    process = multiprocessing.get_context("fork").Process(target=_in_another_process, args=(str(cache.file),))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert cache.get("session") is None
    assert cache.get("tries") == 2


def test_only_the_owner_may_read_it_and_removed_entries_are_overwritten(cache: MachineCache) -> None:
    cache.set("key", "Homer J. Kwyjibo")
    assert cache.file.stat().st_mode & 0o077 == 0
    assert b"Kwyjibo" in cache.file.read_bytes()
    cache.clear()
    assert b"Kwyjibo" not in b"".join(file.read_bytes() for file in cache.file.parent.iterdir())


def test_a_deleted_or_damaged_file_is_made_again(cache: MachineCache) -> None:
    cache.set("key", 1)
    cache.file.unlink()
    assert cache.get("key") is None
    cache.set("key", 2)
    cache.file.write_bytes(b"not a database" * 1000)
    cache.local = threading.local()
    assert cache.get("key") is None
    cache.set("key", 3)
    assert cache.get("key") == 3


def test_a_locked_file_finds_and_keeps_nothing(
    cache: MachineCache, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("config.machine_cache.BUSY_SECONDS", 0)
    cache.set("key", 1)
    other = sqlite3.connect(cache.file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert cache.get("key", "default") == "default"
    cache.set("key", 2)
    assert "locked" in caplog.text
    other.execute("ROLLBACK")
    other.close()
    assert cache.get("key") == 1
