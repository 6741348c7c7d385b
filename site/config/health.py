"""Answers /healthz and /readyz, for whatever watches over the site's processes.

`/healthz` says that this process answers. `/readyz` says that it can do its work: 200 when every check
succeeds, else 503. While the server is being stopped it says 503, so that a load balancer sends no more.

Both are answered in front of Django: without a session, at any host name, also while all of Django's threads
are busy. The answers name checks, not addresses, versions or errors; the log has the errors.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection

from changes.models import Change

logger = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds that the checks may take
KEPT_FOR = 1.0  # seconds for which an answer is repeated: a thousand questions cost one check
STORAGE_KEPT_FOR = 30.0  # seconds; in a bucket the check writes an object
LEAST_SPACE = 50 * 1024 * 1024  # bytes that must be free where files are written

# One byte that the processes of a server share, because they are forked from the one that makes it.
_stopping = mmap.mmap(-1, 1)


class NotReady(Exception):
    """A check has found what prevents the site from working; the message is for the log."""


def announce_stop() -> None:
    """Have /readyz say 503 from now on, in all processes of this server."""
    _stopping[0] = 1


def is_stopping() -> bool:
    return _stopping[0] != 0


# Checks ---------------------------------------------------------------------------------------------------


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def known_migrations() -> set[tuple[str, str]]:
    """Return app and name of every migration of the installed apps. Reads folders, imports nothing."""
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in Path(app.path, "migrations").glob("[0-9]*.py")
    }


class Migrations:
    """The check that the database has every migration of this version. Once true, it is not asked again."""

    def __init__(self) -> None:
        self.applied = False

    def __call__(self) -> None:
        if self.applied:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            missing = known_migrations() - set(cursor.fetchall())
        if missing:
            raise NotReady(f"{len(missing)} migrations are missing, for instance {min(missing)}.")
        self.applied = True


class Files:
    """The check that files can be stored. A folder is looked at; in a bucket a small object is written."""

    def __init__(self) -> None:
        self.checked_at = -STORAGE_KEPT_FOR

    def __call__(self) -> None:
        if time.monotonic() - self.checked_at < STORAGE_KEPT_FOR:
            return
        for alias in ("default", "private"):
            check_storage(storages[alias])
        self.checked_at = time.monotonic()


def check_storage(storage: Storage) -> None:
    """Raise NotReady, or what the storage raises, when a file cannot be stored."""
    if isinstance(storage, FileSystemStorage):
        check_folder(Path(storage.location))
        return
    name = storage.save(f"readyz/{uuid.uuid4().hex}", ContentFile(b"ready"))
    storage.delete(name)


def check_folder(folder: Path) -> None:
    """Raise NotReady unless files can be written in `folder`, or the folder can be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotReady(f"{folder} cannot be written.")
    if (free := shutil.disk_usage(folder).free) < LEAST_SPACE:
        raise NotReady(f"Only {free} bytes are free in {folder}.")


def check_change_log() -> None:
    Change.objects.order_by().values_list("version").first()


class Checks:
    """Runs all checks in a thread of its own, so that a database that does not answer holds up one thread."""

    def __init__(
        self, checks: dict[str, Callable[[], None]] | None = None, **more: Callable[[], None]
    ) -> None:
        self.checks = checks or {
            "database": check_database,
            "migrations": Migrations(),
            "files": Files(),
            "change_log": check_change_log,
            **more,
        }
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="readyz")
        self.lock = threading.Lock()
        self.found: dict[str, str] = {}
        self.found_at = -KEPT_FOR

    def results(self) -> dict[str, str]:
        """Return "ok" or "failed" for each check by its name; "failed" for all that did not end in time."""
        with self.lock:
            if time.monotonic() - self.found_at >= KEPT_FOR:
                future = self.pool.submit(self.run)
                try:
                    self.found = future.result(PATIENCE)
                except TimeoutError:
                    future.cancel()
                    logger.warning("The checks of /readyz did not end in %s seconds.", PATIENCE)
                    self.found = dict.fromkeys(self.checks, "failed")
                self.found_at = time.monotonic()
            return self.found

    def run(self) -> dict[str, str]:
        found = {}
        for name, check in self.checks.items():
            try:
                check()
            except Exception as error:
                logger.warning("Not ready: %s: %s", name, error)
                found[name] = "failed"
                connection.close()
            else:
                found[name] = "ok"
        return found


# Answers --------------------------------------------------------------------------------------------------


class Health:
    """A WSGI application that answers the two addresses and leaves all others to `site`."""

    def __init__(
        self,
        site: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]],
        checks: Checks | None = None,
    ) -> None:
        self.site = site
        self.checks = checks or Checks()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in {"/healthz", "/readyz"}:
            return self.site(environ, start_response)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return answer(start_response, "405 Method Not Allowed", {"status": "GET or HEAD only"})
        if path == "/healthz":
            return answer(start_response, "200 OK", {"status": "ok"})
        if is_stopping():
            return answer(start_response, "503 Service Unavailable", {"status": "stopping"})
        found = self.checks.results()
        if set(found.values()) == {"ok"}:
            return answer(start_response, "200 OK", {"status": "ok", "checks": found})
        return answer(start_response, "503 Service Unavailable", {"status": "failed", "checks": found})


def answer(start_response: Callable[..., Any], status: str, content: dict[str, Any]) -> list[bytes]:
    body = json.dumps(content).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex"),
    ]
    start_response(status, headers)
    return [body]
