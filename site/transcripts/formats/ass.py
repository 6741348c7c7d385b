"""Advanced SubStation Alpha (ASS, SSA): subtitles as rows of a table. Pure."""

from __future__ import annotations

import re

from transcripts.cues import Cue, TranscriptRead, Unused, close_ends, seconds
from transcripts.formats.labelled import labelled

_TAG = re.compile(r"\{[^{}]{0,300}\}")
_USUAL = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]


def looks_like(text: str) -> bool:
    return text.lstrip().lower().startswith("[script info]")


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of an ASS or SSA file; drawings and comments are left out and listed."""
    columns = _USUAL
    cues: list[Cue] = []
    unused: list[Unused] = []
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        key, _colon, rest = line.partition(":")
        if line.startswith("["):
            section = line.strip().lower()
        elif section != "[events]":
            continue
        elif key.strip().lower() == "format":
            columns = [one.strip().lower() for one in rest.split(",")]
        elif key.strip().lower() in ("dialogue", "comment"):
            row = dict(zip(columns, rest.split(",", len(columns) - 1), strict=False))
            words = re.sub(r"\\[Nnh]", "\n", _TAG.sub("", row.get("text", "")))
            start, end = seconds(row.get("start", "")), seconds(row.get("end", ""))
            if key.strip().lower() == "comment" or r"\p1" in row.get("text", "") or not words.strip():
                unused.append(Unused(number, line[:500], "It is a comment or a drawing, not speech."))
            elif start is None:
                unused.append(Unused(number, line[:500], "It does not have a time."))
            else:
                until = end if end is not None and end >= start else None
                cues.append(Cue(start, until, " ".join(row.get("name", "").split()), words))
    cues.sort(key=lambda cue: cue.start or 0.0)
    return TranscriptRead("ass", close_ends(labelled(cues)), unused)
