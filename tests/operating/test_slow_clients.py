"""Clients who send or read slowly hold connections, not the site. One real process of the real server."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.migrated_database import lend
from tests.operating.cluster import give_static_files, manage
from tests.operating.processes import ROOT, free_port, running, wait_for

CLIENTS = 60
pytestmark = pytest.mark.django_db


@dataclass
class Site:
    port: int
    long_file: str

    def answers(self, path: str = "/admin/login/") -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            answer.read()
            return int(answer.status)


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("slow")
    lend(folder / "db.sqlite3")
    ours = ("DATABASE_", "CACHE_", "DJANGO_", "WEB_", "S3_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"FIRSTHAND_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    manage(environment, "manage.py", "migrate", "--verbosity", "0")
    give_static_files(environment)
    address = manage(environment, "tests/operating/long_file.py").splitlines()[-1]
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve_pages", "--no-prepare", "--workers", "1"]
    with running([*command, "--port", str(port)], port, folder / "log", environment):
        made = Site(port, address)
        wait_for(lambda: made.answers("/healthz") == 200, 30, "it does not answer")
        yield made


@contextlib.contextmanager
def slow_clients(site: Site, first: bytes, *, then: bytes = b"") -> Iterator[list[socket.socket]]:
    """Keep many connections that have sent `first` and send `then`, a byte every quarter of a second."""
    stopping = threading.Event()
    with contextlib.ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", site.port))) for _ in range(CLIENTS)
        ]
        for line in lines:
            # So that the system does not take a whole file off a slow reader's hands.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.sendall(first)

        def dribble() -> None:
            for number in range(len(then)):
                if stopping.wait(0.25):
                    return
                for line in lines:
                    with contextlib.suppress(OSError):
                        line.sendall(then[number : number + 1])

        sender = threading.Thread(target=dribble)
        sender.start()
        try:
            time.sleep(1)
            yield lines
        finally:
            stopping.set()
            sender.join()


HEAD = b"Host: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SLOW = {
    "head": (b"GET / HTTP/1.1\r\n", b"X-Slow: " + b"x" * 200),
    "form": (b"POST /admin/login/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 500\r\n\r\n", b"x" * 200),
    "upload": (b"POST /admin/login/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 50000000\r\n\r\n", b"x" * 200),
}


@pytest.mark.parametrize("kind", SLOW)
def test_sixty_who_dribble_a_request_keep_nobody_out(site: Site, kind: str) -> None:
    first, then = SLOW[kind]
    with slow_clients(site, first, then=then):
        for _ in range(5):
            assert site.answers() == 200
            assert site.answers(site.long_file) == 200
            assert site.answers("/readyz") == 200


def test_sixty_who_read_slowly_keep_nobody_out(site: Site) -> None:
    request = f"GET {site.long_file} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with slow_clients(site, request) as lines:
        for _ in range(5):
            assert site.answers() == 200
            assert site.answers("/readyz") == 200
        # Some get the file, the others are asked to come back; none waits without an answer.
        heads = [line.recv(12) for line in lines]
        assert set(heads) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert heads.count(b"HTTP/1.1 200") >= 10
    wait_for(lambda: _is_sent(site), 20, "the places of those who left are not free again")


def _is_sent(site: Site) -> bool:
    try:
        return site.answers(site.long_file) == 200
    except urllib.error.HTTPError as error:
        with error:
            return False
