"""Cutting in the queue: after any kill, every clip is cut completely and once."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from media import clip_tasks, working_folder
from media.captions import Cue, parse
from media.models import Clip
from media.models.clip import INTERRUPTED_TRIES, TRIES
from media.storage import private_storage
from tests.media import tones
from tests.migrated_database import lend

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def source() -> str:
    return str(private_storage().save("talks/talk.ogg", ContentFile(tones.recording("ogg"))))


def wanted(source: str, start: float = 3.0, end: float = 5.0, **options: Any) -> Clip:
    return Clip.objects.wanted(
        storage="private", source=source, start=start, end=end, **{"kind": "audio", **options}
    )


def files(clip: Clip) -> set[str]:
    folder = Path(clip.file.storage.path(clip.path("")))
    return {path.name for path in folder.glob("*")}


# One clip ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_clip_is_made_once(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = wanted(source, cues=[Cue(0.0, 2.0, "Marta", "No doctor promised us anything.")], language="en")
    assert (clip.state, clip.url, clip.captions_url) == ("pending", "", "")
    assert clip_tasks.make(clip.pk)
    clip.refresh_from_db()
    assert clip.url.endswith(f"/clips/{clip.folder}/clip.m4a")
    assert clip.duration == pytest.approx(2.0, abs=0.1)
    assert parse(clip.captions.read().decode()).cues[0].text == "No doctor promised us anything."
    monkeypatch.setattr(clip_tasks, "cut", lambda *a, **k: pytest.fail("cut again"))
    assert clip_tasks.make(clip.pk)
    assert wanted(source, cues=clip.cues, language="en").pk == clip.pk
    assert len(files(clip)) == 2


@pytest.mark.django_db
def test_equal_clips_have_one_row(source: str) -> None:
    clip = wanted(source)
    assert wanted(source, cues=[Cue(0, 1, "", "Other words.")]).pk == clip.pk
    others = {
        wanted(source, start=3.1).pk,
        wanted(source, end=5.1).pk,
        wanted(source, kind="video").pk,
        wanted("talks/other.ogg").pk,
    }
    assert len(others | {clip.pk}) == 5
    assert len(set(Clip.objects.values_list("folder", flat=True))) == 5


@pytest.mark.django_db
def test_changed_captions_are_written_without_cutting_again(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = wanted(source, cues=[Cue(0, 1, "", "Hannah saw it.")])
    clip_tasks.make(clip.pk)
    monkeypatch.setattr(clip_tasks, "cut", lambda *a, **k: pytest.fail("cut again"))
    clip = wanted(source, cues=[Cue(0, 1, "", "[my sister] saw it.")])
    # The old captions disappear at once.
    assert clip.is_ready
    assert clip.captions_url == ""


@pytest.mark.django_db
def test_a_recording_that_cannot_be_cut_is_tried_three_times_and_the_reason_is_stored(
    own_folder: Path,
) -> None:
    broken = private_storage().save("talks/broken.ogg", ContentFile(b"OggS" + bytes(900)))
    clip = wanted(broken)
    for number in range(TRIES + 2):
        assert not clip_tasks.make(clip.pk)
        clip.refresh_from_db()
        assert clip.state == "failed"
        assert clip.attempts == min(number + 1, TRIES)
    assert "cannot be read" in clip.error
    assert not Clip.objects.unfinished().exists()
    # Published again, it gets new tries.
    assert wanted(broken).state == "pending"
    assert not files(clip)


@pytest.mark.django_db
def test_a_recording_that_no_longer_exists(source: str) -> None:
    clip = wanted("talks/gone.ogg")
    assert not clip_tasks.make(clip.pk)
    clip.refresh_from_db()
    assert clip.state == "failed"
    assert clip.error


@pytest.mark.django_db
def test_a_recording_that_kills_workers_is_given_up(source: str) -> None:
    clip = wanted(source)
    Clip.objects.update(attempts=INTERRUPTED_TRIES)
    assert not clip_tasks.make(clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.error) == ("failed", "The worker stopped each time it tried to cut this clip.")


@pytest.mark.django_db
def test_files_of_a_killed_attempt_are_overwritten(source: str) -> None:
    clip = wanted(source)
    for name in ("clip.m4a", "poster.jpg"):
        clip.file.storage.save(clip.path(name), ContentFile(b"half a file"))
    clip_tasks.make(clip.pk)
    clip.refresh_from_db()
    assert clip.file.name == clip.path("clip.m4a")
    assert len(tones.heard(clip.file.path)) / tones.RATE == pytest.approx(2.0, abs=0.1)


# The sweep --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_unused_clips_are_removed_with_all_their_files(source: str) -> None:
    clip = wanted(source, cues=[Cue(0, 1, "", "Words.")])
    clip_tasks.make(clip.pk)
    clip.file.storage.save(clip.path("captions-old.vtt"), ContentFile(b"WEBVTT"))
    assert clip_tasks.sweep(dry_run=True).removed == 1
    assert len(files(clip)) == 3
    assert clip_tasks.sweep().removed == 1
    assert not Clip.objects.exists()
    assert not files(clip)


def test_only_folders_of_killed_processes_are_removed(own_folder: Path) -> None:
    dead = working_folder.base_folder() / ".cutting-7"
    with working_folder.working_folder("8") as alive:
        assert alive
        (alive / "half.m4a").write_bytes(b"half")
        dead.mkdir()
        (dead / "half.m4a").write_bytes(b"half")
        with working_folder.working_folder("8") as second:
            assert second is None
        assert working_folder.remove_abandoned() == 1
        assert (alive / "half.m4a").exists()
        assert not dead.exists()
    assert list(working_folder.base_folder().iterdir()) == []


@pytest.mark.django_db
def test_the_command_reports_its_work(source: str) -> None:
    from experiences.models import StoryClip
    from tests import factories as make

    page = make.StoryPageFactory(conditions=[make.ConditionFactory()])
    for number, clip in enumerate((wanted(source), wanted("talks/gone.ogg"))):
        StoryClip.objects.create(page=page, block_id=str(number), clip=clip)
    wanted(source, start=1)

    def run(*options: str) -> Any:
        out = io.StringIO()
        try:
            call_command("cut_clips", "--json", *options, stdout=out)
        except CommandError as error:
            return json.loads(out.getvalue()), str(error)
        return json.loads(out.getvalue()), ""

    said, error = run("--dry-run")
    assert (said["unfinished"], said["removed"], said["dry_run"], error) == (2, 1, True, "")
    assert Clip.objects.count() == 3
    said, error = run("--now")
    assert error == "Could not be cut: 1 of 2 clips."
    assert [entry["reason"] for entry in said["failed"]] == ["Its recording no longer exists."]
    assert list(Clip.objects.order_by("pk").values_list("state", flat=True)) == ["ready", "failed"]


# A real worker ----------------------------------------------------------------------------------------------

PREPARE = """
import sys
from django.core.files.base import ContentFile
from experiences.models import StoryClip
from media.models import Clip
from media.clip_tasks import cut_clip
from media.storage import private_storage
from tests import factories as make
from tests.media import tones
page = make.StoryPageFactory(conditions=[make.ConditionFactory()])
content = tones.recording("webm", 20, pictures="libvpx", size=(640, 360))
source = private_storage().save("talks/talk.webm", ContentFile(content))
for number in range(6):
    clip = Clip.objects.wanted(storage="private", source=source, start=number, end=number + 12.0, kind="video", language="en", cues=[])
    clip.stored_cues = [{"start": 0, "end": 1, "speaker": "", "text": str(number), "identifier": ""}]
    clip.save()
    StoryClip.objects.create(page=page, block_id=str(number), clip=clip)
    cut_clip.enqueue(clip.pk)
"""


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., Any]:
    """Runs management commands in separate processes on a database in a file, as a deployment does."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "FIRSTHAND_VAR": str(tmp_path / "var"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    return start


def rows(database: Path) -> list[tuple[str, str, int]]:
    """Return state, file and attempts of each clip, read from another process."""
    with sqlite3.connect(database, timeout=20) as connection:
        return connection.execute("SELECT state, file, attempts FROM media_clip ORDER BY id").fetchall()


def check_whole(var: Path) -> int:
    """Check that every clip that a page would show now is complete, and return their number."""
    shown = [file for state, file, _attempts in rows(var / "db.sqlite3") if state == "ready"]
    for file in shown:
        heard = tones.heard(str(var / "files" / file))
        assert len(heard) / tones.RATE == pytest.approx(12.0, abs=0.1), file
    return len(shown)


@pytest.mark.journey
def test_a_worker_killed_while_cutting_costs_only_time(machine: Callable[..., Any], tmp_path: Path) -> None:
    """Kill the worker at random moments: every ready clip is complete, and in the end all clips are ready, once."""
    var = tmp_path / "var"
    var.mkdir()
    lend(var / "db.sqlite3")  # it saves this test the migrations
    for arguments in (("migrate", "--verbosity", "0"), ("shell", "--no-imports", "-c", PREPARE)):
        process = machine(*arguments)
        output, _none = process.communicate(timeout=400)
        assert process.returncode == 0, output.decode()[-3000:]
    dice = random.Random(3)
    killed = 0
    worker = (
        "db_worker",
        "--no-startup-delay",
        "--interval",
        "0.1",
        "--batch",
        "--no-reload",
        "--queue-name",
        "*",
    )
    for _round in range(4):
        begun = sum(attempts for _state, _file, attempts in rows(var / "db.sqlite3"))
        ready = check_whole(var)
        process = machine(*worker)
        # Kill it while it cuts, not while it starts: a moment after an attempt was counted.
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            now = rows(var / "db.sqlite3")
            tried = sum(attempts for _state, _file, attempts in now)
            if tried > begun or sum(state == "ready" for state, _file, _attempts in now) > ready:
                break
            time.sleep(0.02)
        time.sleep(dice.uniform(0.0, 0.8))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait(timeout=30)
        check_whole(var)
    assert killed >= 2
    process = machine(*worker)
    output, _none = process.communicate(timeout=400)
    assert process.returncode == 0, output.decode()[-3000:]
    assert check_whole(var) == 6
    assert [state for state, _file, _attempts in rows(var / "db.sqlite3")] == ["ready"] * 6
    # Once, complete, and without other files.
    folders = sorted((var / "files" / "clips").iterdir())
    assert len(folders) == 6
    for folder in folders:
        assert sorted(path.name.split("-")[0] for path in folder.iterdir()) == [
            "captions",
            "clip.mp4",
            "poster.jpg",
        ]
    assert list((var / "cutting").iterdir()) == []
