"""`read_transcript` and `import_interview`, the commands."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from interviews.models import Cue, Interview, InterviewState
from tests.interviews.sounds import tone

VTT = """WEBVTT

00:01.000 --> 00:02.500
<v Doctor>How did it go?

00:02.500 --> 00:04.000
<v Patient>Well enough, um, thank you.

00:99:99 --> broken
"""


@pytest.fixture
def transcript(tmp_path: Path) -> str:
    file = tmp_path / "first.vtt"
    file.write_text(VTT)
    return str(file)


def said(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_reading_prints_one_json_object_without_a_database(transcript: str) -> None:
    found = json.loads(said("read_transcript", transcript, json=True))
    assert found["format"] == "webvtt"
    assert found["cues"] == [
        {"start": 1.0, "end": 2.5, "speaker": "Doctor", "text": "How did it go?"},
        {"start": 2.5, "end": 4.0, "speaker": "Patient", "text": "Well enough, um, thank you."},
    ]
    assert [set(one) for one in found["unused"]] == [{"line", "text", "reason"}]
    assert found["unused"][0]["line"] == 9


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20])
def test_reading_what_cannot_be_read_fails(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.vtt"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"a\.vtt: "):
        said("read_transcript", str(file))


def test_reading_a_missing_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.vtt: No such file"):
        said("read_transcript", str(tmp_path / "none.vtt"))


@pytest.mark.django_db
def test_importing_makes_an_interview(transcript: str, tmp_path: Path) -> None:
    sound = tmp_path / "sound.bin"
    sound.write_bytes(tone())
    found = json.loads(
        said(
            "import_interview",
            title="Marta",
            transcript=[transcript],
            recording=str(sound),
            language="pt-br",
            json=True,
        )
    )
    interview = Interview.objects.get(pk=found["id"])
    assert found["cues"] == interview.cues.count() == 2
    assert (found["speakers"], len(found["unused"])) == (["Doctor", "Patient"], 1)
    assert (interview.title, interview.language, interview.state) == (
        "Marta",
        "pt-br",
        InterviewState.TRANSCRIBED,
    )
    assert interview.recording_kind == found["recording"] == "audio"
    assert {(c.speaker, c.role) for c in interview.contributors.all()} == {
        ("Doctor", "clinician"),
        ("Patient", "patient"),
    }
    with interview.transcript.source.open("rb") as file:
        assert file.read().decode() == VTT


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(transcript: str) -> None:
    found = json.loads(
        said("import_interview", title="Marta", transcript=[transcript], json=True, dry_run=True)
    )
    assert (found["id"], found["cues"], found["dry_run"]) == (None, 2, True)
    assert not Interview.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"language": "not a code"}, "language: Write a language code"),
        ({"title": "  "}, "title: "),
        ({"recording": "{transcript}"}, "not a recording"),
        ({"recording": "/nowhere/a.mp3"}, "No such file"),
        ({"transcript": ["/nowhere/a.vtt"]}, "No such file"),
        ({"transcript": ["{sound}"]}, "not text"),
    ],
)
def test_what_fails_says_why_and_writes_nothing(
    changed: dict[str, Any], message: str, transcript: str, tmp_path: Path
) -> None:
    sound = tmp_path / "sound.mp3"
    sound.write_bytes(tone())
    options: dict[str, Any] = {"title": "Marta", "transcript": [transcript], **changed}
    for name, value in options.items():
        if isinstance(value, str):
            options[name] = value.format(transcript=transcript)
        else:
            options[name] = [one.format(sound=sound) for one in value]
    with pytest.raises(CommandError, match=message):
        said("import_interview", **options)
    assert not Interview.objects.exists()
    assert not Cue.objects.exists()
