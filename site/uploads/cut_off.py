"""Finds recordings that were cut off: what a file says of its length is not what is in it. No Django."""

from __future__ import annotations

import contextlib
from typing import Any

import av

# A file that ends this much earlier than it says was cut off: seconds, and share of its length.
MISSING, MISSING_SHARE = 0.5, 0.02
# Sizes from here on stand for 'not known' in WAV files.
WAV_UNKNOWN = 0xFFFF_0000


def cut_off(opened: Any, duration: float, file: Any, container: str) -> tuple[float, float] | None:
    """Return how long a recording says it is and how long it is, in seconds; None where they agree.

    `opened`: PyAV's container. `duration`: in seconds, where no stream states its own. `file`: the same file,
    with `size`. `container`: as FFmpeg names it. Reads the whole file, and decodes nothing.
    """
    streams = [
        stream for stream in opened.streams if stream.type in ("audio", "video") and not is_cover(stream)
    ]
    lengths = [float(stream.duration * stream.time_base) for stream in streams if stream.duration]
    stated = max(lengths, default=duration) * (_stated_share(file) if container == "wav" else 1)
    opened.seek(0)
    end = 0.0
    # FFmpeg reports what is missing as an error or as an end, depending on the format.
    with contextlib.suppress(av.FFmpegError):
        for packet in opened.demux(streams):
            if packet.pts is not None and packet.size:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return (stated, end) if stated - end > max(MISSING, MISSING_SHARE * stated) else None


def _stated_share(file: Any) -> float:
    """Return how many times larger a WAV file says it is than it is. FFmpeg believes the size of the file."""
    place = file.tell()
    file.seek(4)
    stated = int.from_bytes(bytes(file.read(4)), "little") + 8
    file.seek(place)
    # A recorder that lost its power has written nothing there, a program that writes to a pipe the largest.
    return max(1.0, stated / file.size) if stated < WAV_UNKNOWN and file.size else 1.0


def states_length(file: Any) -> bool:
    """Return whether an MP3 file says how long it is, in its first frame. Otherwise FFmpeg guesses.

    Leaves the file at its start.
    """
    start = bytes(file.read(10))
    # ID3v2.4, 3.1: ten bytes, the last four of which hold the size of the tag, seven bits in each.
    tag = (
        10 + sum(byte << 7 * (3 - place) for place, byte in enumerate(start[6:10]))
        if start[:3] == b"ID3"
        else 0
    )
    file.seek(tag)
    frame = bytes(file.read(2_000))
    file.seek(0)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def is_cover(stream: Any) -> bool:
    """Return whether a picture stream is an album cover."""
    return bool(stream.disposition & type(stream.disposition).attached_pic) or stream.codec_context.name in {
        "mjpeg",
        "png",
    }
