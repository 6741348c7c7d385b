"""Copies a recording without what the device wrote into it: place, make, dates, titles, telemetry. No Django.

Pictures and sound are copied as they are and not encoded again. Everything else is left out: metadata of the
container and of its streams, covers, chapters, subtitle and data tracks (where phones and action cameras
record positions). The rotation of the pictures is kept, because players need it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO, Any

import av

# Suffix of the stored file -> FFmpeg's names of the format to read and to write. Otherwise FFmpeg would
# guess, and open every file that a playlist names.
FORMATS: dict[str, tuple[str, str]] = {
    ".mp4": ("mp4", "mp4"),
    ".m4a": ("mp4", "mp4"),
    ".webm": ("matroska", "webm"),
    ".mp3": ("mp3", "mp3"),
    ".ogg": ("ogg", "ogg"),
    ".wav": ("wav", "wav"),
}
COVERS = {"mjpeg", "png", "bmp", "gif"}
# What the muxer writes about itself.
OF_THE_MUXER = {
    "major_brand", "minor_version", "compatible_brands", "encoder", "handler_name", "vendor_id", "duration",
    "language",
}  # fmt: skip


class CannotRemux(ValueError):
    """The recording cannot be copied without its metadata; the message says why."""


def remux(source: str | IO[bytes], target: Path, *, suffix: str) -> None:
    """Write the pictures and sound of `source`, whose format is `suffix`, to `target`, completely or not at
    all.

    Raises CannotRemux, also when the copy still contains metadata.
    """
    if suffix not in FORMATS:
        raise CannotRemux(f"Cannot copy {suffix or 'a file without a suffix'}.")
    reads, writes = FORMATS[suffix]
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".remux-", suffix=suffix)
    os.close(handle)
    partial = Path(name)
    try:
        _copy(source, partial, reads, writes)
        if left := metadata(str(partial), suffix=suffix):
            raise CannotRemux(f"The copy still contains {', '.join(sorted(left))}.")
        partial.replace(target)
    except CannotRemux:
        raise
    # FFmpeg's errors have many classes, and some broken files raise plain ValueError or IndexError.
    except (av.FFmpegError, ValueError, IndexError, KeyError) as error:
        raise CannotRemux(
            f"The recording cannot be copied: {getattr(error, 'strerror', '') or error}."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def metadata(source: str | IO[bytes], *, suffix: str) -> dict[str, str]:
    """Return the metadata of a recording, without what every muxer writes about itself."""
    with av.open(source, "r", format=FORMATS[suffix][0]) as opened:
        tags = dict(opened.metadata)
        for stream in opened.streams:
            tags |= stream.metadata
        extra = [stream.type for stream in opened.streams if stream.type not in {"audio", "video"}]
    personal = {key: value for key, value in tags.items() if key.lower() not in OF_THE_MUXER}
    return personal | {f"a {kind} track": "" for kind in extra}


def _copy(source: str | IO[bytes], partial: Path, reads: str, writes: str) -> None:
    # bitexact: the muxer writes neither its name nor the time.
    options = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if writes == "mp4" else {})
    with (
        av.open(source, "r", format=reads) as recording,
        av.open(str(partial), "w", format=writes, options=options) as copy,
    ):
        streams = [stream for stream in recording.streams if _is_content(stream)]
        if not streams:
            raise CannotRemux("It has neither sound nor pictures.")
        out: dict[int, Any] = {}
        for stream in streams:
            copied = copy.add_stream_from_template(stream, opaque=True)
            copied.metadata.clear()
            if language := stream.metadata.get("language"):
                copied.metadata["language"] = language
            out[stream.index] = copied
        for packet in recording.demux(streams):
            # The last packet of each stream is empty and only marks the end.
            if packet.dts is None:
                continue
            packet.stream = out[packet.stream.index]
            copy.mux(packet)


def _is_content(stream: Any) -> bool:
    if stream.type == "audio":
        return True
    return (
        stream.type == "video"
        and not stream.disposition & type(stream.disposition).attached_pic
        and stream.codec_context.name not in COVERS
    )
