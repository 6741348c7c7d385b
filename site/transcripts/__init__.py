"""Reads transcripts: one reader for each format, all returning the same typed cues. No database, no Django
models.

Also the words of a transcript (`words`), and how closely a quote follows them (`rating`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from transcripts import formats
from transcripts.cues import Cue, TimedWord, TranscriptRead, Unreadable, Unused, close_ends
from transcripts.decoding import decode
from transcripts.doubts import doubts_of
from transcripts.formats import docx, refused, text, xlsx
from transcripts.formats.office_zip import names_in

__all__ = ["Cue", "TimedWord", "TranscriptRead", "Unreadable", "Unused", "read", "read_all"]


def read(data: bytes, filename: str = "", *, language: str = "") -> TranscriptRead:
    """Return a transcript; the content decides the format, and the file name only if the content does not.

    `language`: the language of the interview as a code, or ''; it helps to guess an encoding. Raises
    Unreadable, with a sentence for the editor that names the format, for a file that is not read. Takes
    linear time.
    """
    path = PurePath(filename)
    suffix = path.suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        return _checked(_office(data), [])
    refused.refuse_bytes(data)
    decoded, notes = decode(data, language)
    decoded = decoded.lstrip("\ufeff")
    if not decoded.strip():
        raise Unreadable("The file is empty.")
    known = formats.format_of(decoded)
    if known:
        found = known.read(decoded, path.stem)
    else:
        refused.refuse_text(decoded)
        found = formats.read_by_suffix(decoded, suffix) or text.read(decoded)
    return _checked(found, notes)


def _office(data: bytes) -> TranscriptRead:
    """Return the reading of a Word or Excel file. Raises Unreadable for any other archive."""
    if "xl/workbook.xml" in names_in(data):
        return xlsx.read(data)
    refused.refuse_zip(data)
    return docx.read(data)


def _checked(found: TranscriptRead, notes: list[str]) -> TranscriptRead:
    """Return a reading with its notes and doubts.

    Raises Unreadable if what was read as words is markup or data.
    """
    words = " ".join(cue.text for cue in found.cues[:2000])
    if kind := refused.markup_in(words, is_whole=len(found.cues) == 1):
        raise Unreadable(
            f"The file was recognised as {formats.NAMES[found.format]}, but its words look like {kind}. "
            "It may be damaged. Export the transcript again, as WebVTT, SRT, DOCX or plain text."
        )
    # Times of words are kept only where they are those of the words.
    whole = [
        replace(cue, words=()) if cue.words and [word.text for word in cue.words] != cue.text.split() else cue
        for cue in found.cues
    ]
    # WebVTT may have cues without words, which say only who speaks when.
    spoken = [cue for cue in whole if cue.text or found.format == "webvtt"]
    silent = [Unused(0, cue.speaker, "There are no words with this label.") for cue in whole if not cue.text]
    if len(spoken) < len(whole):
        found = replace(found, unused=[*found.unused, *silent])
    found = replace(found, cues=close_ends(spoken), notes=[*notes, *found.notes])
    return replace(found, doubts=doubts_of(found))


def read_all(files: list[tuple[bytes, str]], *, language: str = "") -> TranscriptRead:
    """Return one transcript from one file, or from one file for each speaker (Praat), in order of time."""
    parts = [read(data, filename, language=language) for data, filename in files]
    if len(parts) == 1:
        return parts[0]
    if any(cue.start is None for part in parts for cue in part.cues):
        raise Unreadable("Several files can be joined only if each of them has time codes.")
    cues = sorted(
        (cue for part in parts for cue in part.cues), key=lambda cue: (cue.start or 0.0, cue.end or 0.0)
    )
    whole = TranscriptRead(
        parts[0].format,
        cues,
        [one for part in parts for one in part.unused],
        [note for part in parts for note in part.notes],
    )
    return replace(whole, doubts=doubts_of(whole))
