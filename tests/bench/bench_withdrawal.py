"""How long a withdrawal takes, with and without pages of others that name the person.

Target: less than two seconds of processor time at 20,000 stories, also with 25 pages of others to change, in a process
that was just started. SQLite; with DATABASE_URL, PostgreSQL too. SHORT=1 measures 1,000 stories only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.bench.sites import (
    SHORT,
    copy_of,
    environment,
    made_site,
    made_site_on_postgres,
    manage,
    median,
    postgres_address,
    table,
)
from tests.operating.processes import ROOT

SIZES = (1_000,) if SHORT else (1_000, 20_000)
OTHERS = (0, 25)
TIMES = 3 if SHORT else 6


def bench_withdrawal(tmp_path: Path) -> None:
    rows = [_heading()]
    for size in SIZES:
        with copy_of(indexed(made_site(size)), tmp_path) as var:
            rows += _rows(size, _measured(var))
    table("A withdrawal on SQLite", rows)


def bench_withdrawal_on_postgres(tmp_path: Path) -> None:
    if not os.environ.get("DATABASE_URL") or not postgres_address(0):
        print("PostgreSQL is measured where DATABASE_URL is set and a server answers.")
        return
    rows = [_heading()]
    for size in SIZES:
        site, address = made_site_on_postgres(size)
        with copy_of(indexed(site, DATABASE_URL=address), tmp_path) as var, copy_of_postgres(address) as copy:
            rows += _rows(size, _measured(var, DATABASE_URL=copy))
    table("A withdrawal on PostgreSQL, with the processor time of its server process", rows)


def _heading() -> tuple[str, ...]:
    return (
        "stories",
        "pages of others",
        "CPU, first",
        "CPU, median of later",
        "wall, first",
        "later",
        "queries",
    )


def _measured(var: Path, **more: str) -> list[list[dict[str, float]]]:
    """Return the withdrawals of one process for each of OTHERS."""
    found = []
    for number, others in enumerate(OTHERS):
        done = subprocess.run(
            [
                sys.executable,
                str(ROOT / "tests/bench/withdrawer.py"),
                json.dumps([others] * TIMES),
                str(number * TIMES),
            ],
            env={**environment(var, **more), "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
            cwd=ROOT / "site",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found.append(json.loads(done.stdout.strip().splitlines()[-1]))
    return found


def _rows(size: int, found: list[list[dict[str, float]]]) -> Iterator[tuple[str, ...]]:
    for first, *later in found:
        yield (
            f"{size:,}",
            str(first["others"]),
            f"{first['cpu']:.2f} s",
            f"{median([one['cpu'] for one in later]):.2f} s",
            f"{first['wall']:.2f} s",
            f"{median([one['wall'] for one in later]):.2f} s",
            str(int(median([one["queries"] for one in later]))),
        )


# What is prepared ---------------------------------------------------------------------------------------------


def indexed(site: Path, **more: str) -> Path:
    """Have the index of words made in a kept site, as the worker does within minutes; return its folder."""
    if not (site / "indexed").exists():
        code = "from mentions import word_index; print(sum(1 for _row in word_index.make()))"
        (site / "indexed").write_text(manage(site, "shell", "-v0", "-c", code, **more))
    return site


@contextmanager
def copy_of_postgres(address: str) -> Iterator[str]:
    """Yield the address of a copy of a database, removed afterwards."""
    server, _slash, name = address.rpartition("/")
    copy = f"{name}_copy"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {copy}")
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {name}")
        try:
            yield f"{server}/{copy}"
        finally:
            connection.execute(f"DROP DATABASE {copy} WITH (FORCE)")
