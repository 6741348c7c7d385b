"""Acceptance: kill -9 at any point of a withdrawal; after a restart it is complete, and never is anything
half public.

`make faults` kills a hundred times, at points spread at random over the whole withdrawal; the ordinary test
run a few.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from tests.withdrawal import rich as riches

ROOT = Path(__file__).resolve().parents[2]
RUNS = int(os.environ.get("FAULT_RUNS", "5"))
SHOWN = (
    "page",
    "alias",
    "translation",
    "rendition",
    "video",
    "poster",
    "captions",
    "clip",
    "clip captions",
    "document file",
    "CSV",
)


def killed(
    source: Path, folder: Path, consent: int, points: list[int], asked: list[str]
) -> list[dict[str, Any]]:
    """What `killing.py` tells of each of the points."""
    command = [
        sys.executable,
        "tests/faults/killing.py",
        str(source),
        str(consent),
        json.dumps(points),
        json.dumps(asked),
    ]
    environment = {
        **os.environ,
        "FAULT_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.faults.killed_settings",
    }
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


@pytest.fixture
def published(transactional_db: None, settings: Any, tmp_path: Path) -> tuple[Path, list[str], int]:
    """A folder with a database and files in which a rich story is public; its addresses; its consent."""
    if connection.vendor != "sqlite":
        pytest.skip("a killed process needs a database that can be copied: SQLite; the races run on both")
    folder = tmp_path / "source"
    settings.MEDIA_ROOT = folder / "files"
    rich = riches.build(Client())
    target = sqlite3.connect(folder / "db.sqlite3")
    connection.connection.backup(target)
    target.close()
    private = Path(django_settings.STORAGES["private"]["OPTIONS"]["location"])
    if private.exists():
        shutil.copytree(private, folder / "private")
    return folder, [url for kind in SHOWN for url in rich.kinds[kind]], rich.consent.pk


def test_a_killed_withdrawal_is_completed_after_a_restart(
    published: tuple[Path, list[str], int], tmp_path: Path
) -> None:
    source, asked, consent = published
    (whole,) = killed(source, tmp_path / "whole", consent, [0], asked)
    steps, committed = whole["made"]
    steps -= 10  # their number differs by a few from one run to the next
    assert whole["status"] == 0
    assert steps > 100
    assert set(whole["seen"]["first"].values()) == {410}

    chosen = random.Random(os.environ.get("FAULT_SEED", "4"))
    # Before the line in the ledger, between it and the commit, after the commit, the last step, the first one.
    # Then as many before the commit as after it.
    points = [-1, -2, committed + 1, steps, 1]
    for number in range(RUNS - len(points)):
        points.append(chosen.randint(*((committed + 1, steps) if number % 2 else (1, committed))))
    completed = 0
    states: dict[int, tuple[bool, bool]] = {}
    for run in killed(source, tmp_path / "run", consent, points[:RUNS], asked):
        seen, point = run["seen"], run["point"]
        assert run["status"] == -signal.SIGKILL, run
        assert seen is not None, point
        public = {url for url, status in seen["first"].items() if status == 200}
        states[point] = seen["decided"], seen["began"]
        if seen["decided"]:
            # From its line in the ledger on nothing is public after a restart, which does what is left.
            assert public == set(), (point, public)
            assert set(seen["then"].values()) == {410}, (point, seen["then"])
            assert (seen["unfinished"], seen["withdrawals"], seen["waiting"]) == ([], 1, []), point
            completed += 1
        else:
            # Killed before its line in the ledger it never happened: all is as it was.
            assert not seen["began"], point
            assert public == set(asked), (point, seen["first"])
            assert seen["withdrawals"] == 0
    print(
        f"\n{RUNS} withdrawals of {steps} steps killed: {completed} completed, {RUNS - completed} never begun"
    )
    assert completed
    assert states[-1] == (False, False)
    assert states[-2] == (True, False)
    assert states[committed + 1] == (True, True)
