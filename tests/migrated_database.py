"""Migrations run once for each state of the migration files, not once for each test run.

Migrating an empty database takes 15 to 25 seconds. On SQLite the migrated, empty database is therefore kept in
.pytest_cache, under a name made from the content of every migration file, and copied into memory from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

FOLDER = Path(__file__).resolve().parents[1] / ".pytest_cache" / "migrated"
KEEP = 3


def digest() -> str:
    state = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            state.update(f"{app.label}/{file.name}\0".encode() + file.read_bytes())
    return state.hexdigest()[:20]


def use_kept_databases() -> None:
    """Make Django's test runner take the kept database where there is one. Only SQLite in memory is concerned."""
    if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == ":memory:":
        creation: Any = connection.creation
        creation.create_test_db = partial(create, creation.create_test_db)


def create(
    migrate: Callable[..., str],
    verbosity: int = 1,
    autoclobber: bool = False,
    serialize: bool = True,
    keepdb: bool = False,
) -> str:
    """Stands in for BaseDatabaseCreation.create_test_db."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"{digest()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers the first migrates, the others wait and copy
        if not kept.exists():
            name = migrate(verbosity, autoclobber, serialize, keepdb)
            copy(connection.connection, sqlite3.connect(kept))
            for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)[:-KEEP]:
                old.unlink()
            return name
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    copy(sqlite3.connect(kept), connection.connection)
    if serialize:
        contents = connection.creation.serialize_db_to_string()
        connection._test_serialized_contents = contents  # type: ignore[attr-defined] # not public
    return name


def copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    source.backup(target)
    for side in (source, target):
        if side is not connection.connection:
            side.close()
