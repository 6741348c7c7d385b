"""WebVTT by the standard's algorithm, with a correction for one common mistake. Pure."""

from __future__ import annotations

import re

from media import captions
from transcripts.cues import Cue, TranscriptRead, Unreadable

_COMMAS = re.compile(r"^[ \t]*(?:\d+:)?\d\d:\d\d,\d{3}[ \t]*-->[ \t]*(?:\d+:)?\d\d:\d\d,\d{3}", re.M)
_COMMA = re.compile(r"(\d\d),(\d{3})")


def read(text: str) -> TranscriptRead:
    """Return the cues of a WebVTT file, in the file's order.

    Raises Unreadable if it does not start like one.
    """
    notes = []
    wrong = len(_COMMAS.findall(text))
    if wrong and wrong * 2 > text.count("-->"):
        # An SRT file with a WebVTT heading: by the standard, every cue would be ignored.
        text = _COMMAS.sub(lambda line: _COMMA.sub(r"\1.\2", line.group()), text)
        notes.append(
            f"{wrong} times are written with a comma, as in SRT; they are read as if with a full stop."
        )
    try:
        found = captions.parse(text)
    except captions.NotWebVTT as error:
        raise Unreadable(str(error)) from error
    cues = [Cue(cue.start, cue.end, cue.speaker, " ".join(cue.text.split())) for cue in found.cues]
    return TranscriptRead("webvtt", cues, list(found.unused), notes)
