"""Acceptance: kill -9 at any point of a withdrawal; after a restart it is complete, and never is anything half public.

`make faults` kills a hundred times, at points spread at random over the whole withdrawal; the ordinary test run a few.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from tests.people import rich as riches

ROOT = Path(__file__).resolve().parents[2]
RUNS = int(os.environ.get("FAULT_RUNS", "5"))
# Read by a process of its own after each kill: what the public can have, before and after the next start.
LOOK = """
import sys; sys.path.insert(0, 'site')
import django; django.setup()
import json, hashlib
from django.test import Client
from people import takedown
from people.models import Consent, Withdrawal
asked = json.loads(sys.argv[1])
client = Client()
def look():
    seen = {}
    for url in asked:
        answer = client.get(url)
        seen[url] = answer.status_code
    return seen
first = look()
began = Consent.objects.get(pk=int(sys.argv[2])).withdrawn_at is not None
takedown.sweep()
print(json.dumps({'first': first, 'began': began, 'then': look(), 'unfinished': takedown.unfinished(),
    'withdrawals': Withdrawal.objects.count(),
    'failed': [(s.surface, s.error) for w in Withdrawal.objects.all() for s in w.steps.exclude(state='done')]}))
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "FAULT_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.faults.killed_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def published(
    transactional_db: None, settings: Any, tmp_path: Path
) -> tuple[Path, dict[str, list[str]], int]:
    """A folder with a database and files in which a rich story is public; its addresses by kind; its consent."""
    if connection.vendor != "sqlite":
        pytest.skip("a killed process needs a database of its own to be copied: SQLite; races run on both")
    settings.MEDIA_ROOT = tmp_path / "source" / "files"
    client = Client()
    rich = riches.build(client)
    folder = tmp_path / "source"
    target = sqlite3.connect(folder / "db.sqlite3")
    connection.connection.backup(target)
    target.close()
    private = Path(django_settings.STORAGES["private"]["OPTIONS"]["location"])
    if private.exists():
        shutil.copytree(private, folder / "private")
    return folder, rich.kinds, rich.consent.pk


def test_a_killed_withdrawal_is_completed_after_a_restart(published: Any, tmp_path: Path) -> None:
    source, kinds, consent = published
    pages = [url for kind in ("page", "alias", "translation") for url in kinds[kind]]
    files = [
        url
        for kind in (
            "rendition",
            "video",
            "poster",
            "captions",
            "clip",
            "clip captions",
            "document file",
            "PDF",
        )
        for url in kinds[kind]
    ]
    whole = tmp_path / "whole"
    shutil.copytree(source, whole)
    child = "tests/faults/withdrawal_child.py"
    ran = python(whole, child, str(consent), "0")
    assert ran.returncode == 0, ran.stderr[-2000:]
    steps = int(ran.stdout.split("done after ")[1].split()[0])
    assert steps > 100

    chosen = random.Random(os.environ.get("FAULT_SEED", "4"))
    # The first and the last point, those around the commit, and points anywhere between.
    points = [1, steps, *(chosen.randint(2, steps - 1) for _ in range(max(0, RUNS - 2)))]
    told: dict[str, int] = {"nothing done": 0, "completed": 0}
    for number, point in enumerate(points[:RUNS]):
        folder = tmp_path / f"run-{number}"
        shutil.copytree(source, folder)
        killed = python(folder, child, str(consent), str(point))
        assert killed.returncode == -9, (point, killed.stdout, killed.stderr[-2000:])
        looked = python(folder, "-c", LOOK, json.dumps([*pages, *files]), str(consent))
        assert looked.returncode == 0, looked.stderr[-2000:]
        seen = json.loads(looked.stdout.strip().splitlines()[-1])
        public = {url for url, status in seen["first"].items() if status == 200}
        if seen["began"]:
            # From its commit on nothing is public, restarted or not; the restart does what is left.
            assert public == set(), (point, public)
            assert set(seen["then"].values()) == {410}, (point, seen["then"])
            assert (seen["unfinished"], seen["withdrawals"], seen["failed"]) == ([], 1, []), point
            told["completed"] += 1
        else:
            # Killed before its commit it never happened: all is as it was.
            assert public == {*pages, *files}, (point, seen["first"])
            assert seen["withdrawals"] == 0
            told["nothing done"] += 1
        shutil.rmtree(folder)
    print(f"\n{RUNS} withdrawals of {steps} steps killed: {told}")
    assert told["completed"]
