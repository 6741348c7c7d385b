"""Time codes in a text, as people and programs write them. Pure.

[00:12:31]  (12:31)  0:12:31.5  00:12:31 - 00:12:40  #00:12:31-5# (F4, MAXQDA)  ¤<751500> (Transana)
00:12:31:12 (frames, video editors)  [00:12:31.12] (hundredths; frames in InqScribe)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from transcripts.cues import seconds

_CLOCK = (
    r"(?:\d{1,2}[:;]\d{2}[:;]\d{2}[:;]\d{2,3}(?!\d)|(?:\d{1,4}:)?\d{1,3}:[0-5]\d(?!\d)(?:[.,]\d{1,6}(?!\d))?)"
)
_SPAN = rf"{_CLOCK}(?:[ \t]*(?:--?>|-|–|—|to)[ \t]*{_CLOCK})?"
_HASHED = r"#\d{1,2}:\d{2}:\d{2}(?:[-.,]\d{1,3})?#"
# Inside a line, only these are time codes: '(at 10:30)' and '10:30' may be words.
FIRM = rf"(?:\[[ \t]*{_SPAN}[ \t]*\]|{_HASHED}|¤[ \t]*<\d{{1,9}}>)"
MARKED = rf"(?:{FIRM}|\([ \t]*{_SPAN}[ \t]*\)|\{{[ \t]*{_SPAN}[ \t]*\}}|<[ \t]*{_SPAN}[ \t]*>)"
STAMP = rf"(?:{MARKED}|{_SPAN}(?![\d:;]))"

_PARTS = re.compile(_CLOCK)
_HASHED_PARTS = re.compile(r"#(\d{1,2}:\d{2}:\d{2})(?:[-.,](\d{1,3}))?#")
_TRANSANA = re.compile(r"¤[ \t]*<(\d{1,9})>")
_FRAMES = re.compile(r"(\d{1,2})[:;](\d{2})[:;](\d{2})[:;](\d{2,3})")
_INQSCRIBE = re.compile(r"\[(\d{2}:\d{2}:\d{2})\.(\d{2})\]")
FRAME_RATES = (25, 30, 50, 60)
INQSCRIBE_RATE = 30
FEWEST_FRAMES = 4  # as many times below .30 are frames; of hundredths, one in a hundred files would be


@dataclass(frozen=True)
class Clock:
    """How the times of one file count. `rate`: frames a second; 0 if no time has frames.

    `has_hundredths`: whether the two digits of '[00:12:31.12]' are hundredths of a second.
    """

    rate: int = 0
    has_hundredths: bool = True

    @classmethod
    def of(cls, stamps: Iterable[str]) -> Clock:
        """Return how the times of a file count, from all its time codes."""
        codes = list(stamps)
        frames = [int(one[4]) for code in codes for one in _FRAMES.finditer(code) if len(one[4]) == 2]
        digits = [int(one[2]) for code in codes if (one := _INQSCRIBE.fullmatch(code))]
        # InqScribe writes frames where others write hundredths of a second.
        inqscribe = (
            len(digits) == len(codes) >= FEWEST_FRAMES and max(digits) < 30 and len(set(digits) - {0}) > 1
        )
        if inqscribe:
            return cls(INQSCRIBE_RATE, False)
        most = max(frames, default=-1)
        rate = next((rate for rate in FRAME_RATES if most < rate), FRAME_RATES[-1]) if most >= 0 else 0
        return cls(rate, True)

    @property
    def note(self) -> str:
        """What an editor should know; '' if nothing was guessed."""
        return f"The times have frames; they are read as {self.rate} frames a second." if self.rate else ""

    def times(self, stamp: str) -> tuple[float | None, float | None]:
        """Return start and end of a time code in seconds; None for what it does not have."""
        if found := _TRANSANA.fullmatch(stamp):
            return int(found[1]) / 1000, None
        if found := _HASHED_PARTS.fullmatch(stamp):
            return seconds(f"{found[1]}.{found[2] or 0}"), None
        found = _INQSCRIBE.fullmatch(stamp)
        if found and not self.has_hundredths:
            return round((seconds(found[1]) or 0.0) + int(found[2]) / (self.rate or 1), 3), None
        both = [self._seconds(part) for part in _PARTS.findall(stamp)]
        return both[0] if both else None, both[1] if len(both) > 1 else None

    def _seconds(self, code: str) -> float | None:
        if not (found := _FRAMES.fullmatch(code)):
            return seconds(code)
        hours, minutes, second, last = (int(part) for part in found.groups())
        part = last / 1000 if len(found[4]) == 3 else last / (self.rate or 1)
        return round(hours * 3600 + minutes * 60 + second + part, 3)
