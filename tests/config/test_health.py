"""/healthz and /readyz say what a process can do, and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.db import connection

from changes.models import Change
from config import health
from config.health import Checks, Health, NotReady


def site(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b"the site"]


def ask(app: Health, path: str, method: str = "GET") -> tuple[int, dict[str, Any], dict[str, str]]:
    got: list[Any] = []
    body = app(
        {"PATH_INFO": path, "REQUEST_METHOD": method},
        lambda status, headers: got.extend((status, dict(headers))),
    )
    return int(got[0][:3]), json.loads(b"".join(body)), got[1]


def fail() -> None:
    raise NotReady("postgres://user:secret@host refuses")


@pytest.fixture
def stopped() -> Iterator[None]:
    health.announce_stop()
    yield
    health._stopping[0] = 0


def test_a_process_that_answers_is_alive_whatever_else_fails() -> None:
    status, content, headers = ask(Health(site, Checks({"database": fail})), "/healthz")
    assert (status, content) == (200, {"status": "ok"})
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


def test_ready_names_what_fails_and_keeps_the_reason_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    app = Health(site, Checks({"database": fail, "files": lambda: None}))
    status, content, _headers = ask(app, "/readyz")
    assert (status, content) == (503, {"status": "failed", "checks": {"database": "failed", "files": "ok"}})
    assert "refuses" in caplog.text


@pytest.mark.usefixtures("stopped")
def test_a_server_that_stops_is_alive_and_not_ready() -> None:
    app = Health(site, Checks({}))
    assert ask(app, "/readyz")[:2] == (503, {"status": "stopping"})
    assert ask(app, "/healthz")[0] == 200


def test_a_check_that_hangs_is_a_failed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    gate = threading.Event()
    try:
        assert ask(Health(site, Checks({"database": gate.wait})), "/readyz")[:2] == (  # type: ignore[dict-item]
            503,
            {"status": "failed", "checks": {"database": "failed"}},
        )
    finally:
        gate.set()


def test_many_questions_cost_one_check() -> None:
    asked: list[int] = []
    app = Health(site, Checks({"database": lambda: asked.append(1)}))
    for _ in range(20):
        ask(app, "/readyz")
    assert len(asked) == 1


def test_other_addresses_and_methods() -> None:
    app = Health(site, Checks({}))
    assert ask(app, "/healthz", "POST")[0] == 405
    got: list[Any] = []
    assert app({"PATH_INFO": "/healthz/", "REQUEST_METHOD": "GET"}, lambda *status: got.append(status)) == [
        b"the site"
    ]


# The checks -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_database_with_all_migrations() -> None:
    assert ("wagtailcore", "0001_initial") in health.known_migrations()
    check = health.Migrations()
    check()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'withdrawal'")
    check()  # known already
    with pytest.raises(NotReady, match="withdrawal"):
        health.Migrations()()


@pytest.mark.django_db
def test_the_log_of_changes_can_be_read() -> None:
    health.check_change_log()
    Change.objects.create(key="page:1", version=1)
    health.check_change_log()


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    health.check_storage(FileSystemStorage(location=tmp_path / "not" / "yet" / "made"))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotReady):
        health.check_folder(tmp_path / "file" / "below")
    monkeypatch.setattr(health, "LEAST_SPACE", 2**62)
    with pytest.raises(NotReady, match="free"):
        health.check_folder(tmp_path)


def test_a_storage_that_is_no_folder_is_written_to_and_left_empty() -> None:
    storage = InMemoryStorage()
    health.check_storage(storage)
    assert storage.listdir("readyz") == ([], [])

    class Closed(InMemoryStorage):
        def save(self, *_args: Any, **_options: Any) -> str:
            raise OSError("closed")

    with pytest.raises(OSError, match="closed"):
        health.check_storage(Closed())
