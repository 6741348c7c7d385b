"""Copies a recording without what the device wrote into it: place, make, dates, titles, telemetry. No Django.

Pictures and sound are taken over as they are, not encoded anew. All else stays behind: metadata of the container and
of its streams, covers, chapters, subtitle and data tracks (phones and action cameras keep positions there). How a
picture is to be turned stays, since players need it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO, Any

import av

# Suffix of the stored file -> FFmpeg's names of the format to read and to write. It would otherwise guess, and of a
# playlist open whatever the list names.
FORMATS: dict[str, tuple[str, str]] = {
    ".mp4": ("mp4", "mp4"),
    ".m4a": ("mp4", "mp4"),
    ".webm": ("matroska", "webm"),
    ".mp3": ("mp3", "mp3"),
    ".ogg": ("ogg", "ogg"),
    ".wav": ("wav", "wav"),
}
COVERS = {"mjpeg", "png", "bmp", "gif"}
# Written by the muxer itself, about itself.
OF_THE_MUXER = {
    "major_brand", "minor_version", "compatible_brands", "encoder", "handler_name", "vendor_id", "duration", "language",
}  # fmt: skip


class CannotRemux(ValueError):
    """The recording cannot be copied without its metadata; the message says why."""


def remux(source: str | IO[bytes], target: Path, *, suffix: str) -> None:
    """Write the pictures and the sound of `source`, a file of the kind `suffix`, to `target`, whole or not at all.

    Raises CannotRemux, also when the copy still holds metadata.
    """
    if suffix not in FORMATS:
        raise CannotRemux(f"There is no way to copy {suffix or 'a file without a suffix'}.")
    reads, writes = FORMATS[suffix]
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".remux-", suffix=suffix)
    os.close(handle)
    partial = Path(name)
    try:
        _copy(source, partial, reads, writes)
        if left := metadata(str(partial), suffix=suffix):
            raise CannotRemux(f"The copy still says {', '.join(sorted(left))}.")
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
    """What a recording says about itself, besides what every writer of such files notes about itself."""
    with av.open(source, "r", format=FORMATS[suffix][0]) as opened:
        said = dict(opened.metadata)
        for stream in opened.streams:
            said |= stream.metadata
        extra = [stream.type for stream in opened.streams if stream.type not in {"audio", "video"}]
    found = {key: value for key, value in said.items() if key.lower() not in OF_THE_MUXER}
    return found | {f"a {kind} track": "" for kind in extra}


def _copy(source: str | IO[bytes], partial: Path, reads: str, writes: str) -> None:
    # bitexact: the muxer names neither itself nor the time.
    options = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if writes == "mp4" else {})
    with (
        av.open(source, "r", format=reads) as recording,
        av.open(str(partial), "w", format=writes, options=options) as copy,
    ):
        streams = [stream for stream in recording.streams if _is_content(stream)]
        if not streams:
            raise CannotRemux("There is neither sound nor a picture in it.")
        out: dict[int, Any] = {}
        for stream in streams:
            made = copy.add_stream_from_template(stream, opaque=True)
            made.metadata.clear()
            if language := stream.metadata.get("language"):
                made.metadata["language"] = language
            out[stream.index] = made
        for packet in recording.demux(streams):
            # The last one of each stream is empty: it only says that there are no more.
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
