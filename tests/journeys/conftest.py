"""The demo site as a newcomer gets it: started by the program behind `make run`, with a database and a folder
of its own.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page

from tests import browser as browsers
from tests.migrated_database import kept_database, lend

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 400  # seconds until the demo site must answer; it takes half a minute on a machine with nothing else to do

broken: list[str] = []  # why the demo site did not start: no later test waits for that again


@dataclass(frozen=True)
class DemoSite:
    """A running demo site: `origin` is scheme and host, `var` the folder it writes."""

    origin: str
    var: Path

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.origin + path, timeout=60, **options)

    @property
    def editor(self) -> tuple[str, str]:
        return "editor", (self.var / "editor-password").read_text().strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def own_database(django_db_setup: None, worker_id: str) -> Iterator[str]:
    """DATABASE_URL of a migrated database: on the suite's PostgreSQL when it runs there, else '' for SQLite.

    That the site also starts from nothing at all is tested in tests/config/test_serve.py.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"firsthand_journeys_{os.getpid()}_{worker_id}"
    parts = urlsplit(url)
    # The suite's own database is made and dropped by Django's test runner; every server has one named
    # postgres.
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept_database()}"')
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def demo_site(
    tmp_path_factory: pytest.TempPathFactory, own_database: str, worker_id: str
) -> Iterator[DemoSite]:
    if broken:
        pytest.fail(broken[0])
    if worker_id != "master":
        # One for the whole run: it takes half a minute, and two would hide that the groups are lost
        # (tests/schedule.py).
        first = tmp_path_factory.getbasetemp().parent / "demo-site-of"
        first.open("a").close()
        assert first.read_text() in ("", worker_id), f"{first.read_text()} has a demo site already"
        first.write_text(worker_id)
    var, port = tmp_path_factory.mktemp("demo"), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "FIRSTHAND_VAR": str(var),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "CACHE_KEY_PREFIX": f"journeys-{os.getpid()}",
    }
    if own_database:
        environment["DATABASE_URL"] = own_database
    else:
        lend(var / "db.sqlite3")
    log = var / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "site" / "config" / "serve.py")],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    site = DemoSite(f"http://127.0.0.1:{port}", var)
    try:
        deadline = time.monotonic() + PATIENCE
        while "Stop with Ctrl-C" not in log.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                broken.append(f"the demo site did not start:\n{log.read_text()[-3000:]}")
                pytest.fail(broken[0])
            time.sleep(0.2)
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        faults = re.findall(r"^.*(?:Traceback|Internal Server Error).*$", log.read_text(), re.M)
    assert not faults, log.read_text()[-5000:]


@pytest.fixture
def visit(browser: Browser, demo_site: DemoSite) -> Iterator[Callable[..., Page]]:
    """`visit(color_scheme="dark", viewport={...})` -> a tab on the demo site in a fresh context.

    When the test ends it fails if any tab asked another host for anything or had an error in its console.
    """
    watch = browsers.Watch(demo_site.origin)
    contexts: list[BrowserContext] = []

    def open_one(*, allow: str = "", **options: Any) -> Page:
        if allow:
            watch.allow(allow)
        context = browser.new_context(
            base_url=demo_site.origin, **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        context.set_default_timeout(browsers.PATIENCE)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert watch.verdict() == []
