"""Settings: no secret in the repository, production starts only when told enough, SQLite as it should be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "kJ3-x9Qm_7Zt4Rw1Yb8Nc5Vd2Fg6Hh0Ls" * 2


def python(code: str, settings: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` after django.setup() in a process that has no variable of ours but these."""
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=ROOT / "site",
        env={
            "PATH": os.environ["PATH"],
            "FIRSTHAND_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": settings,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def last_line(run: subprocess.CompletedProcess[str]) -> str:
    return run.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "x" * 60},
        {"SECRET_KEY": "django-insecure-" + GOOD_KEY},
        {"SECRET_KEY": "only-for-tests-" + "x" * 40},
    ],
    ids=["missing", "empty", "short", "monotonous", "Django's default", "the tests' own"],
)
def test_production_refuses_a_bad_secret_key(tmp_path: Path, environment: dict[str, str]) -> None:
    run = python("", "config.settings.production", tmp_path, ALLOWED_HOSTS="www.example.org", **environment)
    assert run.returncode == 1
    assert "SECRET_KEY is missing" in last_line(run)


@pytest.mark.parametrize("hosts", [None, "", "*", "www.example.org,*"])
def test_production_refuses_to_answer_to_any_name(tmp_path: Path, hosts: str | None) -> None:
    environment = {"SECRET_KEY": GOOD_KEY} | ({} if hosts is None else {"ALLOWED_HOSTS": hosts})
    run = python("", "config.settings.production", tmp_path, **environment)
    assert run.returncode == 1
    assert "ALLOWED_HOSTS is" in last_line(run)


def test_production_starts_when_it_has_both(tmp_path: Path) -> None:
    run = python(
        "from django.conf import settings; print(settings.DEBUG, settings.SESSION_COOKIE_SECURE)",
        "config.settings.production",
        tmp_path,
        SECRET_KEY=GOOD_KEY,
        ALLOWED_HOSTS="www.example.org",
    )
    assert (run.returncode, run.stdout) == (0, "False True\n"), run.stderr


def test_the_repository_holds_no_secret_key() -> None:
    """Keys come from the environment; the tests' key is a row of x."""
    for file in (ROOT / "site" / "config" / "settings").glob("*.py"):
        for literal in re.findall(r"SECRET_KEY\s*=\s*(.+)", file.read_text()):
            assert re.match(r'(env\.|kept_secret_key\(|"only-for-tests-" \+ "x" \* 40)', literal), (
                f"{file}: {literal}"
            )


def test_the_kept_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = (python(code, "config.settings.dev", tmp_path) for _ in range(2))
    assert first.stdout == second.stdout
    assert len(first.stdout.strip()) >= 50, first.stderr
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_the_demo_works_without_https_and_shows_no_debug_page(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )
    assert python(code, "config.settings.dev", tmp_path).stdout == "False False False False 0\n"


def test_sqlite_is_durable_and_waits_its_turn(tmp_path: Path) -> None:
    """On a file: WAL, synchronous NORMAL (1), a busy timeout, and transactions that lock when they begin."""
    code = """
from django.db import connection, transaction
with connection.cursor() as cursor:
    for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
        print(pragma, cursor.execute(f"PRAGMA {pragma}").fetchone()[0])
import sqlite3
other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
with transaction.atomic():
    connection.ensure_connection()
    connection.cursor().execute("SELECT 1")
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        print("second writer:", error)
"""
    run = python(code, "config.settings.dev", tmp_path)
    assert run.stdout.splitlines() == [
        "journal_mode wal",
        "synchronous 1",
        "busy_timeout 20000",
        "foreign_keys 1",
        "second writer: database is locked",
    ], run.stderr


def test_another_database_gets_none_of_sqlites_options(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default'])"
    run = python(
        code, "config.settings.dev", tmp_path, DATABASE_URL="postgres://someone@db.example.org/firsthand"
    )
    assert "postgresql" in run.stdout, run.stderr
    assert "init_command" not in run.stdout
    assert "'CONN_HEALTH_CHECKS': True" in run.stdout


@pytest.mark.django_db
def test_pages_carry_the_protective_headers() -> None:
    from django.test import Client

    response = Client().get("/admin/login/")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
