"""Reads transcripts: one reader for each format, all returning the same typed cues. No database, no Django
models.

Also the words of a transcript (`words`), and how closely a quote follows them (`rating`).
"""

from __future__ import annotations

from pathlib import PurePath

from transcripts import docx, ohms, speech, srt, table, textgrid, webvtt
from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused
from transcripts.decoding import decode

__all__ = ["Cue", "TranscriptRead", "Unreadable", "Unused", "read", "read_all"]

FORMATS = ("webvtt", "srt", "ohms", "textgrid", "docx", "csv", "text")


def read(data: bytes, filename: str = "") -> TranscriptRead:
    """Return a transcript; the content decides the format, and the file name if the content does not.

    Raises Unreadable, with a sentence for the editor, for a file that is not a transcript. Takes linear time.
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
    """Return one transcript from one file, or from one file for each speaker (Praat), in order of time."""
    parts = [read(data, filename) for data, filename in files]
    if len(parts) == 1:
        return parts[0]
    if any(cue.start is None for part in parts for cue in part.cues):
        raise Unreadable("Several files can be joined only if each of them has time codes.")
    cues = sorted(
        (cue for part in parts for cue in part.cues), key=lambda cue: (cue.start or 0.0, cue.end or 0.0)
    )
    unused = [one for part in parts for one in part.unused]
    return TranscriptRead(parts[0].format, cues, unused, [note for part in parts for note in part.notes])
