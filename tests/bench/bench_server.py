"""The embedded server under load: on all cores but that of the load generator, as on a machine of its own.

Clients and server share no core: otherwise the 99th percentile would tell how long the load generator waits for
a core, for instance while the server makes a page there, and not how long the server takes.

Targets: at 64 connections at least as many answers as at 4; while one client asks for the slowest page without
pause, the 99th percentile of kept pages at most doubles; 60 clients who dribble: others are served.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.sites import (
    GENERATOR,
    OTHERS,
    SHORT,
    STORY,
    Load,
    copy_of,
    fetch,
    made_site,
    median,
    served,
    table,
    wait_until_kept,
    wrk,
)

ROUNDS = 2 if SHORT else 5
SECONDS = 1 if SHORT else 3
SLOW = "/search/?q=pain"  # never kept
HEAD = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n"


def stay_with_the_load_generator() -> None:
    """Keep this thread, a client, off the cores of the server."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {GENERATOR})


@contextlib.contextmanager
def slow_page(site: str) -> Iterator[None]:
    """Ask for the slowest page without pause."""
    stopping = threading.Event()

    def ask() -> None:
        stay_with_the_load_generator()
        while not stopping.is_set():
            fetch(f"{site}{SLOW}")

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@contextlib.contextmanager
def dribbling(site: str) -> Iterator[None]:
    """Keep 60 connections on which a form comes byte by byte."""
    parts, stopping = urlsplit(site), threading.Event()
    with contextlib.ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection((parts.hostname or "", parts.port or 80)))
            for _ in range(60)
        ]
        for line in lines:
            line.sendall(HEAD)

        def send() -> None:
            while not stopping.wait(0.5):
                for line in lines:
                    with contextlib.suppress(OSError):
                        line.sendall(b"x")

        sender = threading.Thread(target=send)
        sender.start()
        try:
            yield
        finally:
            stopping.set()
            sender.join()


def bench_server_under_load(tmp_path: Path) -> None:
    with copy_of(made_site(1000), tmp_path) as var, served(var, tmp_path, core=OTHERS, workers="2") as site:
        for _ in range(8):  # in each process
            wait_until_kept(f"{site}{STORY}")
            fetch(f"{site}{SLOW}")

        def kept(connections: int) -> Load:
            return wrk(f"{site}{STORY}", connections=connections, seconds=SECONDS)

        def beside(other: Callable[[str], contextlib.AbstractContextManager[None]], connections: int) -> Load:
            with other(site):
                return kept(connections)

        kinds: dict[str, Callable[[], Load]] = {
            "4 connections": lambda: kept(4),
            "16": lambda: kept(16),
            "64": lambda: kept(64),
            "256": lambda: kept(256),
            "16, one client asks for the slowest page": lambda: beside(slow_page, 16),
            "16, sixty dribble": lambda: beside(dribbling, 16),
        }
        found: dict[str, list[Load]] = {name: [] for name in kinds}
        for _ in range(ROUNDS):
            for name, measure in kinds.items():
                found[name].append(measure())
        cold = cold_pages(site)
    rates = {name: median([load.rate for load in loads]) for name, loads in found.items()}
    p99 = {name: median([load.p99 for load in loads]) for name, loads in found.items()}
    rows = [("kept story page", "requests/s", "of 4 connections", "p99", "of 16 connections", "errors")]
    for name, loads in found.items():
        rows.append(
            (
                name,
                f"{rates[name]:,.0f}",
                f"{rates[name] / rates['4 connections']:.2f}",
                f"{p99[name]:.1f} ms",
                f"{p99[name] / p99['16']:.2f}",
                str(sum(load.errors for load in loads)),
            )
        )
    table("The embedded server, two processes", rows)
    table("Pages that are made for each request", cold)


def cold_pages(site: str) -> list[tuple[str, ...]]:
    """Return how many pages that are never kept are answered a second, by visitors at once."""
    rows: list[tuple[str, ...]] = [("visitors", "pages/s", "errors")]
    for visitors in (1, 4, 16, 64):
        stopping, answered, errors = threading.Event(), [0] * visitors, [0] * visitors

        def ask(number: int, stop: threading.Event, done: list[int], wrong: list[int]) -> None:
            stay_with_the_load_generator()
            while not stop.is_set():
                try:
                    fetch(f"{site}{SLOW}")
                    done[number] += 1
                except OSError:
                    wrong[number] += 1

        with ThreadPoolExecutor(visitors) as pool:
            for number in range(visitors):
                pool.submit(ask, number, stopping, answered, errors)
            stopping.wait(3 * SECONDS)
            counted = sum(answered)
            stopping.set()
        rows.append((str(visitors), f"{counted / (3 * SECONDS):.1f}", str(sum(errors))))
    return rows
