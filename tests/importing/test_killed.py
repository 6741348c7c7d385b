"""Acceptance: an import that is killed at random and started again ends as one that was left alone.

`IMPORT_KILLS=20 IMPORT_ROWS=10000` kills as often, with as many stories; the ordinary run kills three times.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from consent.models import ConsentForm
from tests import factories as make
from tests.importing import archives

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("IMPORT_KILLS", "3"))
ROWS = int(os.environ.get("IMPORT_ROWS", "450"))
SEED = os.environ.get("FAULT_SEED", "7")


def run(folder: Path, archive: Path, *args: str) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, "tests/importing/killed.py", str(archive), *args],
        cwd=ROOT,
        env={
            **os.environ,
            "FAULT_FOLDER": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.faults.killed_settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


@pytest.fixture
def source(transactional_db: None, tmp_path: Path) -> Path:
    """A folder with a database that has a vocabulary and the page under which stories are."""
    if connection.vendor != "sqlite":
        pytest.skip("a killed process needs a database that can be copied: SQLite")
    archives.vocabulary()
    archives.index()
    ConsentForm.objects.create(name="Patient story", version="2026-01", text="I agree.")
    folder = tmp_path / "source"
    folder.mkdir()
    target = sqlite3.connect(folder / "db.sqlite3")
    connection.connection.backup(target)
    target.close()
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Stories, some of them refused, some with pictures and documents that others share."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.png").write_bytes(make.png(40 + number).read())
    (folder / "report.pdf").write_bytes(make.PDF)
    rows = []
    for number in range(ROWS):
        more: dict[str, Any] = {"tags": [f"tag {number % 60}"]}
        if number % 9 == 4:
            more |= {"picture": f"{number % 4}.png", "picture_description": "A girl on the stairs, smiling."}
        if number % 50 == 7:
            more["documents"] = ["report.pdf"]
        if number % 100 == 50:
            more["outcome"] = "not one of ours"
        rows.append(archives.a_row(number, **more))
    return archives.json_lines(folder / "stories.jsonl", rows)


def test_an_import_that_is_killed_ends_as_one_that_is_not(
    source: Path, archive: Path, tmp_path: Path
) -> None:
    shutil.copytree(source, tmp_path / "alone")
    *_runs, last, alone = run(tmp_path / "alone", archive, "0", SEED)
    assert last["status"] == 0
    assert len(alone["state"]["stories"]) == ROWS - len(range(50, ROWS, 100))
    shutil.copytree(source, tmp_path / "killed")
    *killed, last, ended = run(tmp_path / "killed", archive, str(KILLS), SEED, str(last["made"]))
    assert [one["status"] for one in killed if one["status"]] == [-signal.SIGKILL] * len(killed)
    assert len(killed) == KILLS
    assert last["status"] == 0
    ours, theirs = ended["state"], alone["state"]
    assert {key: (ours["counts"][key], number) for key, number in theirs["counts"].items() if
            ours["counts"][key] != number} == {}  # fmt: skip
    assert ours["stories"] == theirs["stories"]
    assert ours["problems"] == theirs["problems"] == [[]] * 6
    print(f"\n{ROWS} stories, {len(killed)} kills; the last run took {last['seconds']} s. "
          f"Files in the storage: {ours['files']}, alone {theirs['files']}.")  # fmt: skip


def test_recording_consents_that_is_killed_ends_as_one_that_is_not(
    source: Path, archive: Path, tmp_path: Path
) -> None:
    numbers = [number for number in range(min(ROWS, 350)) if number % 100 != 50]
    archive.write_text("".join(archive.read_text().splitlines(keepends=True)[:350]))
    run(source, archive, "0", SEED)
    (archive.parent / "form.pdf").write_bytes(make.PDF)
    path = archive.parent / "consents.csv"
    # A person with two stories, and a row in ten that is refused.
    lines = [
        f"s{n},P{n // 2},Person Secretson{n // 2},text,2026-03-{1 + n % 2:02},form.pdf,{'no' if n % 10 == 3 else 'yes'}"
        for n in numbers
    ]
    path.write_text("\n".join(["story,person,name,uses,given_on,scan,understood", *lines]) + "\n")
    shutil.copytree(source, tmp_path / "alone")
    *_runs, last, alone = run(tmp_path / "alone", path, "0", SEED)
    recorded = sum(n % 10 != 3 for n in numbers)
    assert alone["state"]["counts"]["consent.Consent"] == recorded == alone["state"]["files"] - 5
    shutil.copytree(source, tmp_path / "killed")
    *killed, last, ended = run(tmp_path / "killed", path, str(KILLS), SEED, str(last["made"]))
    assert [one["status"] for one in killed] == [-signal.SIGKILL] * KILLS
    ours, theirs = ended["state"], alone["state"]
    assert {key: (ours["counts"][key], number) for key, number in theirs["counts"].items() if
            ours["counts"][key] != number} == {}  # fmt: skip
    assert (ours["stories"], ours["consents"]) == (theirs["stories"], theirs["consents"])
    assert ours["problems"] == theirs["problems"] == [[]] * 6


def test_the_comparison_notices_a_difference(source: Path, archive: Path, tmp_path: Path) -> None:
    shutil.copytree(source, tmp_path / "one")
    *_runs, one = run(tmp_path / "one", archive, "0", SEED)
    lines = archive.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("five stairs", "six stairs", 1)
    archive.write_text("".join(lines))
    shutil.copytree(source, tmp_path / "other")
    *_runs, other = run(tmp_path / "other", archive, "0", SEED)
    different = {
        key for key, value in one["state"]["stories"].items() if other["state"]["stories"][key] != value
    }
    assert different == {"s3"}
