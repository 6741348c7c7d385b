"""A recording's public copy: the same pictures and sound without the device's metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from uploads.remux import CannotRemux, metadata, remux

from .conftest import sound_bytes, video_bytes

CANARY = "CANARY"
SAID = {
    "location": f"+59.4370+024.7536/{CANARY}",
    "com.apple.quicktime.location.ISO6709": f"+59.4/{CANARY}",
    "make": CANARY,
    "creation_time": "2026-01-02T03:04:05Z",
    "title": CANARY,
    "artist": CANARY,
}
MADE = {
    ".mp4": ("mp4", video_bytes("mp4", "libx264", sound="aac")),
    ".webm": ("webm", video_bytes("webm", "libvpx", sound="libopus")),
    ".mp3": ("mp3", sound_bytes("mp3", "libmp3lame")),
    ".m4a": ("mp4", sound_bytes("mp4", "aac")),
    ".ogg": ("ogg", sound_bytes("ogg", "libopus")),
    ".wav": ("wav", sound_bytes("wav", "pcm_s16le")),
}


def talkative(path: Path, format_: str, content: bytes) -> None:
    """Return the recording with metadata of the container and of its streams."""
    plain = path.with_name(f"plain{path.suffix}")
    plain.write_bytes(content)
    options = {"movflags": "use_metadata_tags"} if format_ == "mp4" else {}
    with av.open(str(plain)) as source, av.open(str(path), "w", format=format_, options=options) as made:
        made.metadata.update(SAID)
        out: dict[int, Any] = {}
        for stream in source.streams:
            out[stream.index] = made.add_stream_from_template(stream, opaque=True)
            out[stream.index].metadata.update({"title": CANARY, "handler_name": CANARY, "comment": CANARY})
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = out[packet.stream.index]
                made.mux(packet)


def packets(path: Path) -> list[tuple[str, bytes]]:
    with av.open(str(path)) as opened:
        return [(packet.stream.type, bytes(packet)) for packet in opened.demux() if packet.dts is not None]


def length(path: Path) -> float:
    with av.open(str(path)) as opened:
        return (opened.duration or 0) / 1_000_000


@pytest.mark.parametrize("suffix", MADE)
def test_metadata_is_removed_and_sound_and_pictures_are_kept(tmp_path: Path, suffix: str) -> None:
    source, target = tmp_path / f"source{suffix}", tmp_path / f"target{suffix}"
    talkative(source, *MADE[suffix])
    assert CANARY.encode() in source.read_bytes()
    remux(str(source), target, suffix=suffix)
    content = target.read_bytes()
    assert CANARY.encode() not in content
    assert b"2026-01-02" not in content
    assert metadata(str(target), suffix=suffix) == {}
    assert sorted(packets(target)) == sorted(packets(source))
    assert length(target) == pytest.approx(length(source), abs=0.1)


def test_the_rotation_is_kept(tmp_path: Path) -> None:
    """Phones record it in the track's header (ISO 14496-12, 8.3.2). Without it, a video is shown on its side."""
    upright = b"\0\1\0\0" + bytes(12) + b"\0\1\0\0" + bytes(12) + b"\x40\0\0\0"
    turned = bytes(4) + b"\0\1\0\0" + bytes(4) + b"\xff\xff\0\0" + bytes(16) + b"\x40\0\0\0"
    content = video_bytes("mp4", "libx264")
    header = content.index(b"tkhd")
    place = content.index(upright, header)
    source, target = tmp_path / "source.mp4", tmp_path / "target.mp4"
    source.write_bytes(content[:place] + turned + content[place + len(turned) :])
    remux(str(source), target, suffix=".mp4")
    assert rotation(target) == rotation(source) != 0


def rotation(path: Path) -> int:
    with av.open(str(path)) as opened:
        return int(next(opened.decode(video=0)).rotation)


def test_a_recording_that_cannot_be_copied_leaves_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "source.mp4", tmp_path / "target.mp4"
    source.write_bytes(MADE[".mp4"][1][:700])
    with pytest.raises(CannotRemux):
        remux(str(source), target, suffix=".mp4")
    with pytest.raises(CannotRemux, match="Cannot copy"):
        remux(str(source), target, suffix=".avi")
    assert [path.name for path in tmp_path.iterdir()] == ["source.mp4"]


def test_an_incomplete_recording_is_copied_as_far_as_it_goes(tmp_path: Path) -> None:
    source, target = tmp_path / "source.webm", tmp_path / "target.webm"
    source.write_bytes(MADE[".webm"][1][:-2000])
    remux(str(source), target, suffix=".webm")
    assert packets(target)
