"""WebVTT by the standard's algorithm, and the one mistake that is met so often that it is mended. Pure."""

from __future__ import annotations

import re

from interviews.transcripts.cues import Cue, TranscriptRead, Unreadable
from media import captions

_COMMAS = re.compile(r"^[ \t]*(?:\d+:)?\d\d:\d\d,\d{3}[ \t]*-->[ \t]*(?:\d+:)?\d\d:\d\d,\d{3}", re.M)
_COMMA = re.compile(r"(\d\d),(\d{3})")


def read(text: str) -> TranscriptRead:
    """The cues of a WebVTT file, in the file's order. Raises Unreadable when it does not begin as one."""
    notes = []
    wrong = len(_COMMAS.findall(text))
    if wrong and wrong * 2 > text.count("-->"):
        # A subtitle file of the other kind under a WebVTT heading: the standard would pass over every cue.
        text = _COMMAS.sub(lambda line: _COMMA.sub(r"\1.\2", line.group()), text)
        notes.append(f"{wrong} times are written with a comma, as in SRT; they are read as if with a point.")
    try:
        found = captions.parse(text)
    except captions.NotWebVTT as error:
        raise Unreadable(str(error)) from error
    cues = [Cue(cue.start, cue.end, cue.speaker, " ".join(cue.text.split())) for cue in found.cues]
    return TranscriptRead("webvtt", cues, list(found.unused), notes)
