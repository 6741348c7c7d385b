"""Praat TextGrid, long and short: one tier for each speaker, in one or more files. Pure.

Praat reads such a file as a stream of free-standing values (strings in quotation marks, numbers, <flags>) and
ignores everything else (manual, 'TextGrid file formats'); so both forms are read the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused

_VALUE = re.compile(
    r'"((?:[^"]|"")*)"|(?<!\S)(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?!\S)|(?<!\S)(<exists>|<absent>)(?!\S)'
)
MOST_TIERS = 1000
MOST_SECONDS = 1e9  # thirty years
MOST_INTERVALS = 2_000_000


class _TextGridValues:
    """The values of a file, read one after the other.

    Each method raises Unreadable for a value of another kind.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: Iterator[re.Match[str]] = _VALUE.finditer(text)
        self.at = 0

    def _next(self) -> re.Match[str]:
        match = next(self.found, None)
        if match is None:
            raise Unreadable(
                f"The TextGrid ends too early, at line {self.text.count(chr(10)) + 1}. "
                "Save it again from Praat."
            )
        self.at = match.start()
        return match

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def string(self) -> str:
        match = self._next()
        if match[1] is None:
            raise Unreadable(
                f"Line {self.line} of the TextGrid has ‘{match.group()[:40]}’ where words in quotation marks "
                "should be."
            )
        return match[1].replace('""', '"')

    def number(self) -> float:
        match = self._next()
        if match[2] is None:
            raise Unreadable(
                f"Line {self.line} of the TextGrid has ‘{match.group()[:40]}’ where a number should be."
            )
        value = float(match[2])
        if not -MOST_SECONDS <= value <= MOST_SECONDS:
            raise Unreadable(
                f"Line {self.line} of the TextGrid has ‘{match.group()[:40]}’, which is not a time."
            )
        return value

    def flag(self) -> str:
        match = self._next()
        if match[3] is None:
            raise Unreadable(f"Line {self.line} of the TextGrid should say <exists>.")
        return match[3]


def looks_like(text: str) -> bool:
    return "TextGrid" in text[:200] and ("ooTextFile" in text[:200])


def read(text: str, name: str = "") -> TranscriptRead:
    """Return the cues of all tiers in order of time. `name` is the speaker of a tier without a name.

    Raises Unreadable, with the line, for a file that is not a TextGrid.
    """
    values = _TextGridValues(text)
    if values.string() != "ooTextFile" or values.string() != "TextGrid":
        raise Unreadable("The file does not start like a Praat TextGrid. Save it from Praat as a text file.")
    values.number(), values.number()
    if values.flag() == "<absent>":
        return TranscriptRead("textgrid", [])
    tiers = int(values.number())
    if not 0 <= tiers <= MOST_TIERS:
        raise Unreadable(f"The TextGrid says it has {tiers} tiers; at most {MOST_TIERS} are read.")
    cues: list[Cue] = []
    unused: list[Unused] = []
    for _tier in range(tiers):
        kind, speaker = values.string(), values.string().strip() or name
        values.number(), values.number()
        count = int(values.number())
        if not 0 <= count <= MOST_INTERVALS:
            raise Unreadable(
                f"Line {values.line} of the TextGrid says {count} intervals, which is impossible."
            )
        for _interval in range(count):
            start = values.number()
            end = values.number() if kind == "IntervalTier" else start
            words = " ".join(values.string().split())
            if words and end < start:
                unused.append(Unused(values.line, words, "It ends before it starts."))
            elif words:
                cues.append(Cue(max(0.0, start), max(0.0, end), speaker, words))
    cues.sort(key=lambda cue: (cue.start or 0.0, cue.end or 0.0))
    return TranscriptRead("textgrid", cues, unused)
