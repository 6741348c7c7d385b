"""What every reader of transcripts yields. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from media.captions import Unused

__all__ = ["Cue", "TranscriptRead", "Unreadable", "Unused", "close_ends", "seconds"]


class Unreadable(ValueError):
    """The file is no transcript that can be read; the message says what it is and how to mend it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words said by `speaker` ('' where nobody is named). Times in seconds, None where the file has none."""

    start: float | None
    end: float | None
    speaker: str
    text: str


@dataclass(frozen=True)
class TranscriptRead:
    """A transcript as read: `unused` lists every line that could not be used, `notes` what was mended or guessed."""

    format: str
    cues: list[Cue]
    unused: list[Unused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def speakers(self) -> list[str]:
        """Who speaks, in order of appearance."""
        return list(dict.fromkeys(cue.speaker for cue in self.cues if cue.speaker))

    @property
    def duration(self) -> float:
        """Seconds until the last word; 0 without time codes."""
        return max((cue.end for cue in self.cues if cue.end is not None), default=0.0)

    def renamed(self, names: dict[str, str]) -> TranscriptRead:
        """The same with speakers renamed, once for all."""
        return replace(
            self, cues=[replace(cue, speaker=names.get(cue.speaker, cue.speaker)) for cue in self.cues]
        )


# 1:02:03.4, 02:03,456, 62:03: hours may be missing; a decimal mark may be a comma.
TIME = r"(?:(\d{1,4}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,6}))?"
_WHOLE_TIME = re.compile(TIME)
_SECONDS = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")


def seconds(text: str) -> float | None:
    """'01:02:03,5', '62:03.5' or '3723.5' in seconds; None when it is no time."""
    text = text.strip()
    if match := _WHOLE_TIME.fullmatch(text):
        hours, minutes, second, fraction = match.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + int(second) + float(f"0.{fraction or 0}")
    if _SECONDS.fullmatch(text):
        return float(text.replace(",", "."))
    return None


# Nobody speaks faster than this for long: a guess at how long the last words take.
WORDS_A_SECOND = 2.5


def close_ends(cues: Sequence[Cue]) -> list[Cue]:
    """Give each cue that has a start and no end the start of the next one; the last ends as its words would."""
    closed: list[Cue] = []
    later: float | None = None
    for cue in reversed(cues):
        end = cue.end
        if cue.start is not None and end is None:
            spoken = round(max(1.0, len(cue.text.split()) / WORDS_A_SECOND), 3)
            end = later if later is not None and later >= cue.start else cue.start + spoken
        if cue.start is not None:
            later = cue.start
        closed.append(replace(cue, end=end))
    closed.reverse()
    return closed


def joined(parts: Iterable[str]) -> str:
    """Words of several lines in one: white space folded."""
    return " ".join(" ".join(parts).split())
