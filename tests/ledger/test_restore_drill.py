"""Acceptance: an older database is restored, the ledger is today's, and the operator runs nothing.

A real server starts on the database from before a withdrawal. From its first answer on nothing that was
withdrawn is sent, on any surface. Without the ledger, nothing about people is sent at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from audit.actors import Actor
from changes import log
from delivery import encodings, program, stored
from delivery.models import StoredPage
from ledger import guard
from tests import factories as make
from tests.operating.processes import ROOT, Process, free_port
from tests.withdrawal import rich as riches
from withdrawal.services import withdraw

# Seconds, on a machine that does much else; 26 were measured with ten busy programs on two cores.
READY_WITHIN = 180.0
# Where the person is; elsewhere (lists, search) others are shown too.
OWN = ("page", "alias", "translation", "rendition", "video", "poster", "captions", "clip", "clip captions",
       "document file", "PDF", "CSV", "JSON")  # fmt: skip


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Site:
    """A running server."""

    port: int
    cookie: str
    seconds: float = 0.0

    def ask(self, url: str, *, cookie: str = "") -> Answer:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        asking.request("GET", url, headers={"Host": "localhost", **({"Cookie": cookie} if cookie else {})})
        answer = asking.getresponse()
        body = answer.read()
        asking.close()
        return Answer(answer.status, body, {name.lower(): value for name, value in answer.getheaders()})


@contextlib.contextmanager
def serving(folder: Path, database: str, cookie: str) -> Iterator[Site]:
    """Yield the site once it has answered /healthz, as an operator's monitor would see it."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.ledger.drill_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "DRILL_FOLDER": str(folder),
        "DRILL_DATABASE": database,
    }
    command = [
        sys.executable,
        "manage.py",
        "serve_pages",
        "--no-prepare",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    began = time.monotonic()
    server = Process(command, folder / "server.log", environment)
    site = Site(port, cookie)
    try:
        server.wait_until_it_listens(port, READY_WITHIN)
        while site.ask("/healthz").status != 200:
            assert time.monotonic() - began < READY_WITHIN, server.said()
            time.sleep(0.1)
        site.seconds = time.monotonic() - began
        yield site
    finally:
        server.stop()


def terminate_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextlib.contextmanager
def copied(folders: list[Path]) -> Iterator[list[str]]:
    """Copy the test's database as it is now: into each folder, or beside it. Yield the names beside it."""
    if connection.vendor == "sqlite":
        for folder in folders:
            target = sqlite3.connect(folder / "db.sqlite3")
            connection.connection.backup(target)
            target.close()
        yield [""] * len(folders)
        return
    own = str(connection.settings_dict["NAME"])
    names = [f"{own}_drill{number}" for number in range(len(folders))]
    terminate_others()
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for name in names:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
    try:
        yield names
    finally:
        with connection._nodb_cursor() as cursor:
            for name in names:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class Before:
    """A site as it was backed up: folders and databases, and what the person's surfaces showed then."""

    folders: list[Path]
    databases: list[str]
    rich: riches.Rich
    files: dict[str, str]
    plain: Any
    cookie: str
    ledger: Path
    withdrawal: Any = None

    @property
    def own(self) -> list[str]:
        return [url for kind in OWN for url in self.rich.kinds[kind]]

    def serve(self, number: int) -> Any:
        return serving(self.folders[number], self.databases[number], self.cookie)

    def leaks(self, site: Site) -> list[str]:
        """Return what a visitor was sent of the person, at all addresses where they ever were."""
        found = []
        for kind, urls in self.rich.kinds.items():
            for url in urls:
                answer = site.ask(url)
                text = answer.body.decode("utf-8", "replace").lower()
                shown = [needle for needle in riches.NEEDLES if needle in text]
                if answer.status < 400 and (shown or hashlib.sha256(answer.body).hexdigest() in self.files):
                    found.append(f"{kind} {url} {answer.status} {shown}")
                assert answer.status < 500 or answer.status == 503, (url, answer.status)
        return found


def store(page: Any) -> None:
    """Store a page as it was when it was published."""
    address = f"http://localhost{page.url}"
    StoredPage.objects.create(
        address_hash=hashlib.sha256(address.encode()).hexdigest(),
        page_id=page.pk,
        headers=[["Content-Type", "text/html; charset=utf-8"]],
        body=encodings.compress(f"<p>{riches.CANARY}</p>".encode(), encodings.BROTLI),
        until=timezone.now() + timedelta(hours=1),
        version=log.now(),
        program=program.digest(),
    )
    assert stored.read(address) is not None


@pytest.fixture
def before(
    transactional_db: None, settings: Any, tmp_path: Path, ledger_file: Path, editor: Any
) -> Iterator[Before]:
    """A backup in two copies, and a withdrawal after it that only the ledger knows."""
    settings.MEDIA_ROOT = tmp_path / "files"
    assert guard.check().problems == ()
    rich = riches.build(Client())
    plain = make.StandardPageFactory(title="How we make stories", slug="how")
    admin = Client()
    admin.force_login(editor)
    store(rich.story)
    files = rich.bytes()
    folders = [tmp_path / "first", tmp_path / "second"]
    private = Path(django_settings.STORAGES["private"]["OPTIONS"]["location"])
    for folder in folders:
        folder.mkdir()
        shutil.copytree(settings.MEDIA_ROOT, folder / "files")
        if private.exists():
            shutil.copytree(private, folder / "private")
    with copied(folders) as databases:
        cookie = f"sessionid={admin.cookies['sessionid'].value}"
        made = Before(folders, databases, rich, files, plain, cookie, ledger_file)
        made.withdrawal = withdraw(consent=rich.consent, by=Actor.system("test"), channel="editor")
        yield made


def test_a_restored_database_shows_nothing_that_was_withdrawn_since(before: Before) -> None:
    shutil.copy(before.ledger, before.folders[0] / "ledger.jsonl")
    with before.serve(0) as site:
        first = {url: site.ask(url).status for url in before.own}
        assert set(first.values()) <= {404, 410}, first
        assert first[before.rich.story.url] == 410
        assert before.leaks(site) == []
        assert site.ask(before.rich.other.url).status == 200
        receipt = site.ask(f"/admin/withdrawals/{before.withdrawal.number}/", cookie=before.cookie)
        assert receipt.status == 200, receipt.status
        assert b"restored a backup" in receipt.body
        print(f"\nready after {site.seconds:.1f} s")
        assert site.seconds < READY_WITHIN

    # Without the ledger everything else works, and the admin says why.
    with before.serve(1) as site:
        assert {url: site.ask(url).status for url in before.own} == dict.fromkeys(before.own, 503)
        assert site.ask(before.rich.story.url).headers["retry-after"] == "60"
        assert before.leaks(site) == []
        assert site.ask(before.rich.other.url).status == 503
        assert site.ask("/search/?q=stairs").status == 503
        assert site.ask(before.plain.url).status == 200
        assert b"ledger of withdrawals is missing" in site.ask("/admin/", cookie=before.cookie).body
        # The operator puts it back while the site runs.
        shutil.copy(before.ledger, before.folders[1] / "ledger.jsonl")
        deadline = time.monotonic() + 60
        while site.ask(before.rich.other.url).status == 503:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert before.leaks(site) == []
