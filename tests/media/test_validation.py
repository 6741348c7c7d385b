"""Validation of recordings, documents and names, without the admin."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from documents.upload import check_document
from media.captions import Cue
from media.models import CaptionTrack, Recording
from media.transcript_text import clock, length_in_words, transcript_lines
from media.validation.captions import read_captions
from media.validation.recordings import poster, probe
from uploads.file_names import unguessable_path

from .conftest import VTT, pdf_bytes, picture_bytes, sound_bytes, video_bytes, zip_bytes


def file(content: bytes, name: str) -> ContentFile[bytes]:
    return ContentFile(content, name=name)


@pytest.mark.parametrize(
    ("content", "kind", "type_", "suffix"),
    [
        (video_bytes("webm", "libvpx"), "video", "video/webm", ".webm"),
        (video_bytes("webm", "libvpx-vp9"), "video", "video/webm", ".webm"),
        (video_bytes("mp4", "libx264", sound="aac"), "video", "video/mp4", ".mp4"),
        (sound_bytes("mp3", "libmp3lame"), "audio", "audio/mpeg", ".mp3"),
        (sound_bytes("ogg", "libopus"), "audio", "audio/ogg", ".ogg"),
        (sound_bytes("wav", "pcm_s16le"), "audio", "audio/wav", ".wav"),
        (sound_bytes("mp4", "aac"), "audio", "audio/mp4", ".m4a"),
        (sound_bytes("webm", "libopus"), "audio", "audio/webm", ".webm"),
    ],
)
def test_recordings_that_browsers_play_are_accepted(
    content: bytes, kind: str, type_: str, suffix: str
) -> None:
    facts = probe(file(content, "anything"))
    assert (facts.kind, facts.content_type, facts.suffix) == (kind, type_, suffix)
    assert facts.duration == pytest.approx(2 if kind == "video" else 1, abs=0.1)
    assert (facts.width, facts.height) == ((160, 90) if kind == "video" else (0, 0))


def test_length_is_found_where_the_file_does_not_state_it() -> None:
    content = video_bytes()
    # The EBML id of Duration, 4489, replaced with an id that players ignore.
    hidden = content.replace(b"\x44\x89", b"\x44\x00", 1)
    assert hidden != content
    assert probe(file(hidden, "x.webm")).duration == pytest.approx(2, abs=0.15)


def test_poster_is_a_frame_from_some_way_into_the_video() -> None:
    made = poster(file(video_bytes(seconds=20), "x.webm"))
    assert made is not None
    # The video begins at (0, 255, 90) and changes by 12 a frame: at a tenth, frame 20, red is about 240.
    red, green, _blue = Image.open(made).getpixel((80, 45))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)


# What phones, recorders and offices bring (shared/data/SOURCES.md): kind and shown size, or why it is refused.
SOUND, WIDE, TALL = ("audio", 0, 0), ("video", 320, 240), ("video", 240, 320)
BROUGHT: dict[str, tuple[str, int, int] | str] = {
    "call.amr": "not a recording that browsers can play",
    "call_amr.3gp": "encoded as “amrnb”",
    "cover.mp3": SOUND,
    "cut_off.mp3": "lasts 00:04, but ends after 00:02",
    "cut_off_faststart.mp4": "lasts 00:04, but ends after 00:02",
    "cut_off_moov_end.mp4": "damaged or incomplete",
    "faststart.mp4": WIDE,
    "fragmented.mp4": WIDE,
    "h264_in.mkv": "not a recording that browsers can play",
    "iphone_spatial_apac.mov": WIDE,
    "lossless.flac": "not a recording that browsers can play",
    "moov_at_end.mp4": WIDE,
    "old.avi": "not a recording that browsers can play",
    "old_quicktime_no_ftyp.mov": "not a recording that browsers can play",
    "pcm_camera.mov": "encoded as “pcm_s16be”",
    "phone_8k.wav": "encoded as “pcm_alaw”",
    "plain.mp3": SOUND,
    "portrait90_h264.mp4": TALL,
    "recorder32.wav": "encoded as “pcm_s32le”",
    "recorder_rf64.wav": "not a recording that browsers can play",
    "silent.mp4": WIDE,
    "tenbit_h264.mp4": "stored as “yuv420p10le”",
    "upside_down180_h264.mp4": WIDE,
    "vfr.mp4": WIDE,
    "voice.aac": "not a recording that browsers can play",
    "voice_aac.m4a": SOUND,
    "voice_alac.m4a": "encoded as “alac”",
    "whatsapp.opus": SOUND,
    "wrong_ext_is_mp3.mp4": SOUND,
    "yuv444_h264.mp4": "stored as “yuv444p”",
    "zero.mp4": "is empty",
}


def brought(folder: Path, name: str) -> ContentFile[bytes]:
    return file((folder / "files/av" / name).read_bytes(), name)


def test_each_shared_recording_is_named_here(shared_data: Path) -> None:
    assert {path.name for path in (shared_data / "files/av").iterdir()} == set(BROUGHT)


@pytest.mark.parametrize("name", BROUGHT)
def test_what_people_bring_is_taken_upright_or_refused_with_the_reason(shared_data: Path, name: str) -> None:
    expected = BROUGHT[name]
    if isinstance(expected, str):
        with pytest.raises(ValidationError, match=expected):
            probe(brought(shared_data, name))
    else:
        facts = probe(brought(shared_data, name))
        assert (facts.kind, facts.width, facts.height) == expected
        assert facts.duration == pytest.approx(5.3 if name == "vfr.mp4" else 4, abs=0.1)


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("portrait90_h264.mp4", Image.Transpose.ROTATE_270),
        ("upside_down180_h264.mp4", Image.Transpose.ROTATE_180),
    ],
)
def test_the_poster_of_a_turned_film_is_upright(shared_data: Path, name: str, turn: Image.Transpose) -> None:
    """The same pictures, of which the file says that players turn them."""
    lying, upright = (poster(brought(shared_data, film)) for film in ("faststart.mp4", name))
    assert lying is not None
    assert upright is not None
    expected, shown = Image.open(lying).transpose(turn), Image.open(upright)
    assert shown.size == expected.size
    difference = ImageChops.difference(shown.convert("L"), expected.convert("L"))
    assert sum(ImageStat.Stat(difference).mean) < 3


@pytest.mark.parametrize("share", [0.35, 0.6, 0.85])
@pytest.mark.parametrize("name", ["faststart.mp4", "plain.mp3", "phone_16.wav"])
def test_a_file_that_was_cut_off_says_where_it_ends(shared_data: Path, name: str, share: float) -> None:
    content = (
        sound_bytes("wav", "pcm_s16le", seconds=4)
        if name.endswith("wav")
        else brought(shared_data, name).read()
    )
    with pytest.raises(
        ValidationError, match=r"was cut off: it says that it lasts 00:04, but ends after 00:0[0-3]"
    ):
        probe(file(content[: int(len(content) * share)], name))


mutable = st.sampled_from(
    [video_bytes("mp4", "libx264"), video_bytes(), sound_bytes(), sound_bytes("ogg", "libopus")]
)
changes_ = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)), max_size=12)


@settings(max_examples=80, deadline=60_000)
@given(mutable, changes_, st.integers(1, 9000))
def test_damaged_recordings_are_accepted_or_refused_without_a_crash(
    original: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(original)
    for place, value in changes:
        content[place % len(content)] = value
    broken = file(bytes(content[:length]), "x.mp4")
    with contextlib.suppress(ValidationError):
        assert probe(broken).kind in {"video", "audio"}
        poster(broken)


@settings(max_examples=150, deadline=20_000)
@given(
    st.sampled_from(["pdf", "docx", "odt", "csv", "vtt"]),
    st.sampled_from(
        [pdf_bytes(), zip_bytes({"word/document.xml": b"x" * 50, "[Content_Types].xml": b""}), VTT]
    ),
    changes_,
    st.integers(0, 900),
)
def test_damaged_documents_are_accepted_or_refused_without_a_crash(
    ending: str, original: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(original)
    for place, value in changes:
        content[place % len(content)] = value
    broken = file(bytes(content[:length]), f"x.{ending}")
    with contextlib.suppress(ValidationError):
        assert (read_captions if ending == "vtt" else check_document)(broken) != 0


ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}
DOCX = {"[Content_Types].xml": b"", "word/document.xml": b""}


@pytest.mark.parametrize(
    ("name", "content", "pages"),
    [
        ("a.pdf", pdf_bytes(7), 7),
        ("A.PDF", pdf_bytes(1), 1),
        ("a.docx", zip_bytes(DOCX), None),
        ("a.odt", zip_bytes(ODT), None),
        ("a.csv", "age,näme\n".encode(), None),
    ],
)
def test_documents_are_accepted(name: str, content: bytes, pages: int | None) -> None:
    assert check_document(file(content, name)) == pages


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.docx", zip_bytes({**DOCX, "word/vbaProject.bin": b"x"}), "macros"),
        ("a.xlsx", zip_bytes(DOCX), "not a XLSX"),
        ("a.odt", zip_bytes({**ODT, "mimetype": b"application/zip"}), "not a ODT"),
        ("a.docx", zip_bytes({**DOCX, **{f"x{n}": b"" for n in range(5_001)}}), "unpacks to far more"),
        ("a.pdf", b"junk " + pdf_bytes(), "not a PDF"),
        ("a", b"x", "Save it as PDF"),
    ],
)
def test_documents_are_refused(name: str, content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        check_document(file(content, name))


def test_a_large_pdf_is_counted_quickly() -> None:
    hostile = b"%PDF-1.4\n" + b"/Type /Pages /Count " * 1_000_000 + b"startxref\n%%EOF"
    began = time.process_time()
    check_document(file(hostile, "a.pdf"))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("given_name", "stored"),
    [
        ("Inès at home (2).JPEG", "ines-at-home-2.jpeg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\pictures\\a.png", "a.png"),
        ("школа.png", "picture.png"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".jpg", "x" * 40 + ".jpg"),
    ],
)
def test_names_are_safe_and_unguessable(given_name: str, stored: str) -> None:
    kind, random, name = unguessable_path("pictures", given_name).split("/")
    assert (kind, len(random), name) == ("pictures", 22, stored)
    assert random not in unguessable_path("pictures", given_name)


def test_lines_have_one_anchor_a_second() -> None:
    lines = transcript_lines(
        [Cue(61.2, 62, "A", "x\ny"), Cue(61.9, 63, "B", "z"), Cue(0, 1, "", "[Music]"), Cue(5, 6)]
    )
    assert [(line.anchor, line.stamp, line.text, line.is_sound) for line in lines] == [
        ("t0", "00:00", "[Music]", True),
        ("t61", "01:01", "x y", False),
        ("", "01:01", "z", False),
    ]


@pytest.mark.parametrize(
    ("seconds", "words", "stamp"),
    [(0, "0 seconds", "00:00"), (1, "1 second", "00:01"), (92, "1 minute 32 seconds", "01:32"), (3661, "1 hour 1 minute", "1:01:01")],
)  # fmt: skip
def test_lengths_in_words(seconds: float, words: str, stamp: str) -> None:
    assert (length_in_words(seconds), clock(seconds)) == (words, stamp)


@pytest.mark.django_db
def test_full_clean_of_a_recording_names_the_field() -> None:
    recording = Recording(
        title="x", type="video", file=file(picture_bytes(), "x.mp4"), thumbnail=file(b"MZ", "x.jpg")
    )
    with pytest.raises(ValidationError) as refused:
        recording.full_clean()
    assert set(refused.value.message_dict) == {"file", "thumbnail"}


@pytest.mark.django_db
def test_full_clean_of_a_track_names_the_field(make_recording: Callable[..., Recording]) -> None:
    track = CaptionTrack(recording=make_recording(), language="english!", file=file(video_bytes(), "x.vtt"))
    with pytest.raises(ValidationError) as refused:
        track.full_clean()
    assert set(refused.value.message_dict) == {"file", "language"}


@pytest.mark.django_db
def test_a_new_file_gets_a_new_poster(
    make_recording: Callable[..., Recording], django_capture_on_commit_callbacks: Any
) -> None:
    recording = make_recording()
    taken = recording.thumbnail.name
    recording.file = file(video_bytes(), "y.webm")
    with django_capture_on_commit_callbacks(execute=True):
        recording.save()
    assert recording.thumbnail.name != taken
    assert taken
    assert not recording.thumbnail.storage.exists(taken)
    recording.thumbnail = file(picture_bytes(), "chosen.png")
    recording.save()
    chosen = recording.thumbnail.name
    recording.file = file(video_bytes(), "z.webm")
    recording.save()
    # The poster of the earlier film would stand before another one.
    assert chosen.endswith("/chosen.jpg")
    assert recording.thumbnail.name.endswith("/poster.jpg")
