"""Transcripts in: one pure reader a format, all yielding the same typed cues."""

from __future__ import annotations

from pathlib import PurePath

from interviews.transcripts import docx, ohms, speech, srt, table, textgrid, webvtt
from interviews.transcripts.cues import Cue, TranscriptRead, Unreadable, Unused
from interviews.transcripts.decoding import decode

__all__ = ["Cue", "TranscriptRead", "Unreadable", "Unused", "read", "read_all"]

FORMATS = ("webvtt", "srt", "ohms", "textgrid", "docx", "csv", "text")


def read(data: bytes, filename: str = "") -> TranscriptRead:
    """Read a transcript, its format told by its content first and its name second.

    Raises Unreadable, with a sentence for the editor, for a file that is no transcript. Takes linear time.
    """
    suffix = PurePath(filename).suffix.lower()
    if data.startswith(b"PK\x03\x04") or suffix == ".docx":
        found = docx.read(data)
        return _checked(found, [])
    text, notes = decode(data)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise Unreadable("The file is empty.")
    if text.startswith("WEBVTT") or suffix in (".vtt", ".webvtt"):
        found = webvtt.read(text)
    elif ohms.looks_like(text):
        found = ohms.read(text)
    elif textgrid.looks_like(text):
        found = textgrid.read(text, PurePath(filename).stem)
    elif srt.looks_like(text) or suffix == ".srt":
        found = srt.read(text)
    elif suffix in (".csv", ".tsv") or _is_table(text):
        found = table.read(text)
    else:
        found = speech.read(text)
    return _checked(found, notes)


def _is_table(text: str) -> bool:
    first = text.splitlines()[0]
    return any(table.headings(first.split(delimiter)) for delimiter in (",", ";", "\t"))


def _checked(found: TranscriptRead, notes: list[str]) -> TranscriptRead:
    return TranscriptRead(found.format, found.cues, found.unused, [*notes, *found.notes])


def read_all(files: list[tuple[bytes, str]]) -> TranscriptRead:
    """Read one transcript, or one file for each speaker (Praat) into one, in order of time."""
    parts = [read(data, filename) for data, filename in files]
    if len(parts) == 1:
        return parts[0]
    if any(cue.start is None for part in parts for cue in part.cues):
        raise Unreadable("Several files make one transcript only where each has time codes.")
    cues = sorted(
        (cue for part in parts for cue in part.cues), key=lambda cue: (cue.start or 0.0, cue.end or 0.0)
    )
    unused = [one for part in parts for one in part.unused]
    return TranscriptRead(parts[0].format, cues, unused, [note for part in parts for note in part.notes])
