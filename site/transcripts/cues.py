"""Cues: what every reader of transcripts returns. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from media.captions import Unused
from uploads.errors import EditorError

__all__ = ["Cue", "TimedWord", "TranscriptRead", "Unreadable", "Unused", "close_ends", "seconds"]


class Unreadable(EditorError):
    """The file cannot be read as a transcript. The message says what the file is and what to do."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with its punctuation, as the file times it, in seconds; None where the file has no time."""

    text: str
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Cue:
    """Words said by `speaker` ('' if the file names no speaker).

    Times in seconds, None if the file has none. `words`: the words of `text` with their times, if the file
    has times of words.
    """

    start: float | None
    end: float | None
    speaker: str
    text: str
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True)
class TranscriptRead:
    """A transcript as read: `unused` lists everything that was left out, `notes` what was corrected or
    guessed, `doubts` why the reading may be wrong.

    `format`: a code of `transcripts.formats`.
    """

    format: str
    cues: list[Cue]
    unused: list[Unused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def speakers(self) -> list[str]:
        """Return the speakers in order of appearance."""
        return list(dict.fromkeys(cue.speaker for cue in self.cues if cue.speaker))

    @property
    def duration(self) -> float:
        """Return the seconds until the last word; 0 without time codes."""
        return max((cue.end for cue in self.cues if cue.end is not None), default=0.0)

    def renamed(self, names: dict[str, str]) -> TranscriptRead:
        """Return the same transcript with its speakers renamed."""
        return replace(
            self, cues=[replace(cue, speaker=names.get(cue.speaker, cue.speaker)) for cue in self.cues]
        )


# 1:02:03.4, 02:03,456, 62:03: hours may be missing; a decimal mark may be a comma.
TIME = r"(?:(\d{1,4}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,6}))?"
_WHOLE_TIME = re.compile(TIME)
_SECONDS = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")


def seconds(text: str) -> float | None:
    """Return '01:02:03,5', '62:03.5' or '3723.5' in seconds; None for anything else."""
    text = text.strip()
    if match := _WHOLE_TIME.fullmatch(text):
        hours, minutes, second, fraction = match.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + int(second) + float(f"0.{fraction or 0}")
    if _SECONDS.fullmatch(text):
        return float(text.replace(",", "."))
    return None


# People seldom speak faster than this for long. It estimates how long the last words take.
WORDS_A_SECOND = 2.5


def close_ends(cues: Sequence[Cue]) -> list[Cue]:
    """Give each cue that has a start and no end the start of the next one; the length of the last is
    estimated. An end before its start is none.
    """
    closed: list[Cue] = []
    later: float | None = None
    for cue in reversed(cues):
        end = cue.end if cue.start is None or cue.end is None or cue.end >= cue.start else None
        if cue.start is not None and end is None:
            spoken = round(max(1.0, len(cue.text.split()) / WORDS_A_SECOND), 3)
            end = later if later is not None and later >= cue.start else cue.start + spoken
        if cue.start is not None:
            later = cue.start
        closed.append(replace(cue, end=end))
    closed.reverse()
    return closed


def joined(parts: Iterable[str]) -> str:
    """Return the words of several lines as one line, with single spaces."""
    return " ".join(" ".join(parts).split())
