"""Migrations run once for each state of the migration files, and every test finds the database as they leave
it.

Migrating an empty database takes 15 to 25 seconds. The migrated database is therefore kept, under a name made
from the content of every migration file, and copied from there: on SQLite as a file in .pytest_cache, on
PostgreSQL as a database of the same server (`firsthand_migrated_...`).

Most tests run in a transaction that is rolled back. After the others (the journeys, whose server has
connections of its own) Django would empty every table and load what the migrations had made from JSON. Here
the database is put back as it was instead, rows of the migrations included, in a few milliseconds.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

from config import roles
from tests.live_server import all_quiet

FOLDER = Path(__file__).resolve().parents[1] / ".pytest_cache" / "migrated"
KEEP = 3
PREFIX = "firsthand_migrated_"  # names of kept databases on PostgreSQL
KEPT_ROWS = "kept_rows"  # schema with the rows that the migrations made
LOCK = 0x66697273  # any number that no other program locks on the test server


@cache
def digest() -> str:
    state = hashlib.sha256((django.__version__ + Path(__file__).read_text()).encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        # A migration of `measures` loads its data file.
        for file in [
            *sorted(Path(app.path, "migrations").glob("*.py")),
            *Path(app.path).glob("data/measures.toml"),
        ]:
            state.update(f"{app.label}/{file.name}\0".encode() + file.read_bytes())
    state.update(Path(roles.__file__).read_bytes())  # what a migration makes of it
    return state.hexdigest()[:20]


def use_kept_databases() -> None:
    """Make Django's test runner take the kept database where there is one, and put it back after each test."""
    creation: Any = connection.creation
    creation.create_test_db = partial(create, creation.create_test_db)
    TransactionTestCase._fixture_teardown = put_back  # type: ignore[attr-defined] # not public


def create(
    migrate: Callable[..., str],
    verbosity: int = 1,
    autoclobber: bool = False,
    serialize: bool = True,
    keepdb: bool = False,
) -> str:
    """Stands in for BaseDatabaseCreation.create_test_db."""
    take = {"sqlite": take_file, "postgresql": take_database}[connection.vendor]
    take(partial(migrate, verbosity, autoclobber, False, keepdb))
    return str(connection.settings_dict["NAME"])


def put_back(_case: TransactionTestCase) -> None:
    """Stands in for TransactionTestCase._fixture_teardown: the database as the migrations left it."""
    with all_quiet():
        {"sqlite": put_back_file, "postgresql": put_back_rows}[connection.vendor]()


def use(name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name


# SQLite ---------------------------------------------------------------------------------------------------


def take_file(migrate: Callable[[], str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"{digest()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers the first migrates, the others wait and copy
        if not kept.exists():
            migrate()
            connection.ensure_connection()
            unfinished = kept.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            target = sqlite3.connect(unfinished)
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without another beside it
            target.close()
            unfinished.rename(kept)
            for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)[:-KEEP]:
                old.unlink()
    use(connection.creation._get_test_db_name())  # type: ignore[attr-defined] # not public
    put_back_file()


def lend(path: Path) -> None:
    """Put the migrated SQLite database at `path`, for a process of its own; nothing where none is kept: it
    migrates itself.
    """
    kept = FOLDER / f"{digest()}.sqlite3"
    if kept.exists():
        shutil.copyfile(kept, path)


@cache
def kept_file() -> sqlite3.Connection:
    return sqlite3.connect(f"file:{FOLDER / digest()}.sqlite3?mode=ro&immutable=1", uri=True)


def put_back_file() -> None:
    connection.ensure_connection()
    kept_file().backup(connection.connection)


# PostgreSQL -----------------------------------------------------------------------------------------------


def kept_database() -> str:
    """The name of the migrated database, to be used as a template: there is one once a test has used the
    database.
    """
    return PREFIX + digest()


def take_database(migrate: Callable[[], str]) -> None:
    kept = kept_database()
    creation: Any = connection.creation
    name, quote = creation._get_test_db_name(), connection.ops.quote_name
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # of several workers the first migrates
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept])
        if cursor.fetchone() is None:
            migrate()
            keep_rows()
            connection.close()
            cursor.execute(f"CREATE DATABASE {quote(kept)} TEMPLATE {quote(name)}")
            cursor.execute(
                f"SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%' ORDER BY oid DESC"
            )
            for (old,) in cursor.fetchall()[KEEP:]:
                cursor.execute(f"DROP DATABASE IF EXISTS {quote(old)}")
        else:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
            cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(kept)}")
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    use(name)


def tables() -> list[str]:
    """Every table of ours, quoted; the list of migrations, which no test touches, is not among them."""
    quote = connection.ops.quote_name
    return sorted(map(quote, connection.introspection.django_table_names(only_existing=True)))


def filled(among: list[str]) -> list[str]:
    """Those of the tables that have rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT {at} WHERE EXISTS (SELECT FROM {t})" for at, t in enumerate(among))
        )
        return [among[at] for (at,) in cursor.fetchall()]


def keep_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {KEPT_ROWS}")
        for table in filled(tables()):
            cursor.execute(f"CREATE TABLE {KEPT_ROWS}.{table} AS TABLE public.{table}")


@cache
def refill() -> tuple[list[str], str]:
    """Every table, and the SQL that fills those that the migrations filled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_generated = 'NEVER' AND table_name IN "
            f"(SELECT tablename FROM pg_tables WHERE schemaname = '{KEPT_ROWS}') GROUP BY table_name"
        )
        kept = [(connection.ops.quote_name(table), columns) for table, columns in cursor.fetchall()]
        cursor.execute("SELECT current_setting('is_superuser')")
        # Without it the rows come and go just the same, but each is looked for in all tables that refer to
        # it.
        unchecked = "SET LOCAL session_replication_role = replica; " if cursor.fetchone() == ("on",) else ""
    insert = (f"INSERT INTO {t} ({columns}) SELECT {columns} FROM {KEPT_ROWS}.{t}; " for t, columns in kept)
    return tables(), unchecked + "SET LOCAL lock_timeout = '20s'; {delete} " + "".join(insert)


def put_back_rows() -> None:
    """Delete, not truncate: a truncated table is a new file, for each of 150 tables."""
    connection.close_if_unusable_or_obsolete()
    every, sql = refill()
    delete = "".join(f"DELETE FROM {table}; " for table in filled(every))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.replace("{delete}", delete))
