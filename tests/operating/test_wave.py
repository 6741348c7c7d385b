"""A wave of readers on a page that has not been asked for yet. One real server with two worker processes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.migrated_database import lend
from tests.operating.cluster import give_static_files, manage
from tests.operating.processes import ROOT, free_port, running, wait_for

CLIENTS = 500
WORKERS = 2
pytestmark = pytest.mark.django_db


async def ask(port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def _wave(port: int, path: str, clients: int) -> list[bytes]:
    return await asyncio.gather(*(ask(port, path) for _ in range(clients)))


def wave(port: int, path: str, clients: int = CLIENTS) -> list[bytes]:
    """In a thread of its own: after a test with a browser, Playwright's loop still runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _wave(port, path, clients)).result()


@pytest.fixture
def site(django_db_setup: None, tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A port and the address of a story."""
    lend(tmp_path / "db.sqlite3")
    ours = ("DATABASE_", "CACHE_", "DJANGO_", "WEB_", "S3_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {
        "FIRSTHAND_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.operating.counted_settings",
        "PYTHONPATH": str(ROOT),
    }
    manage(environment, "manage.py", "migrate", "--verbosity", "0")
    content = json.loads(manage(environment, "tests/operating/content.py").splitlines()[-1])
    give_static_files(environment)
    # Its pictures are there, as after publication. What was stored is not, so the page has to be rendered.
    manage(environment, "manage.py", "make_pages")
    forget = "from delivery.models import StoredPage; print(StoredPage.objects.all().delete()[0])"
    assert int(manage(environment, "manage.py", "shell", "-v0", "-c", forget).split()[-1]) > 0
    (tmp_path / "reached-django").unlink()
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve_pages", "--no-prepare"]
    command += ["--workers", str(WORKERS), "--port", str(port)]
    with running(command, port, tmp_path / "log", environment):
        wait_for(lambda: b" 200 " in wave(port, "/healthz", 1)[0][:20], 60, "it does not answer")
        yield port, content["public"]


def test_a_wave_on_a_cold_page_makes_it_once_in_each_process(site: tuple[int, str], tmp_path: Path) -> None:
    port, path = site

    answers = wave(port, path)

    assert {answer.split(b"\r\n", 1)[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert len({answer.split(b"\r\n\r\n", 1)[1] for answer in answers}) == 1
    asked = (tmp_path / "reached-django").read_text().splitlines()
    assert 1 <= asked.count(path) <= WORKERS
