"""WebVTT by the standard's algorithm, with a correction for one common mistake. Pure."""

from __future__ import annotations

import re

from media import captions
from transcripts.cues import Cue, TranscriptRead, Unreadable, joined
from transcripts.formats.labelled import labelled
from transcripts.formats.rolling import CaptionBlock, are_rolling, unrolled

_COMMAS = re.compile(r"^[ \t]*(?:\d+:)?\d\d:\d\d,\d{3}[ \t]*-->[ \t]*(?:\d+:)?\d\d:\d\d,\d{3}", re.M)
_COMMA = re.compile(r"(\d\d),(\d{3})")
_NOTE = re.compile(r"^NOTE(?:[ \t]+(.*)|[ \t]*)$((?:\n(?!\n).+)*)", re.M)
_MARK = re.compile(r"<c\.\d{1,4}>\s*\[?\d{1,4}\]?\s*</c>")
MOST_NOTES = 20


def looks_like(text: str) -> bool:
    return bool(re.match(r"\s*WEBVTT(?:\s|$)", text))


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of a WebVTT file, in the file's order.

    Raises Unreadable if it does not start like one.
    """
    notes = []
    if looks_like(text):
        text = text.lstrip()
    wrong = len(_COMMAS.findall(text))
    if wrong and wrong * 2 > text.count("-->"):
        # An SRT file with a WebVTT heading: by the standard, every cue would be ignored.
        text = _COMMAS.sub(lambda line: _COMMA.sub(r"\1.\2", line.group()), text)
        notes.append(
            f"{wrong} times are written with a comma, as in SRT; they are read as if with a full stop."
        )
    if "ANNOTATIONS BEGIN" in text:  # OHMS 6: numbers of notes stand among the words.
        text = _MARK.sub("", text)
    try:
        found = captions.parse(text)
    except captions.NotWebVTT as error:
        raise Unreadable(str(error)) from error
    notes += _comments(text)
    blocks = _blocks(text)
    if are_rolling(blocks):
        notes.append("These are rolling captions; words that several cues repeat are read once.")
        return TranscriptRead("webvtt", unrolled(blocks), list(found.unused), notes)
    cues = labelled([Cue(cue.start, cue.end, cue.speaker, cue.text) for cue in found.cues])
    return TranscriptRead("webvtt", cues, list(found.unused), notes)


def _comments(text: str) -> list[str]:
    """Return a sentence for each comment of the file (NOTE), which is not speech."""
    found = [joined([first, rest]) for first, rest in _NOTE.findall(text.replace("\r\n", "\n"))]
    said = [f"Left out, because it is a note and not speech: ‘{note[:200]}’" for note in found if note]
    return said[:MOST_NOTES]


def _blocks(text: str) -> list[CaptionBlock]:
    blocks: list[CaptionBlock] = []
    is_open = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        found = captions.TIMINGS.match(line)
        if found:
            parts = [int(part or 0) for part in found.groups()]
            start, end = (
                parts[at] * 3600 + parts[at + 1] * 60 + parts[at + 2] + parts[at + 3] / 1000 for at in (0, 4)
            )
            blocks.append(CaptionBlock(start, end, []))
            is_open = True
        elif not line:
            is_open = False
        elif is_open:
            blocks[-1].lines.append(line)
    return blocks
