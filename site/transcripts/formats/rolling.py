"""Rolling captions, as YouTube makes them: each cue repeats the line above the new one. Pure.

00:00.000 --> 00:02.990             so<00:00:00.400><c> we</c><00:00:00.800><c> were</c>
00:02.990 --> 00:03.000             so we were
00:03.000 --> 00:05.990             so we were / told<00:00:03.400><c> on</c>
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcripts.cues import Cue, TimedWord, joined, seconds

_TAG = re.compile(r"<[^<>]{0,200}>")
_TIME = re.compile(r"<((?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{3})>")
FEWEST = 3


@dataclass(frozen=True)
class CaptionBlock:
    """One cue as the file has it: its lines still have their tags."""

    start: float
    end: float | None
    lines: list[str]


def plain(line: str) -> str:
    """Return the words of a line of a caption."""
    return joined([html.unescape(_TAG.sub("", line))])


def are_rolling(blocks: Sequence[CaptionBlock]) -> bool:
    """Return whether most cues begin with the lines that the previous one ended with."""
    lines = [[plain(line) for line in block.lines if plain(line)] for block in blocks]
    filled = [one for one in lines if one]
    repeats = sum(1 for one, two in pairwise(filled) if _repeated(one, two))
    return (
        len(filled) >= FEWEST
        and repeats * 2 > len(filled) - 1
        and any(len(two) > 1 and _repeated(one, two) for one, two in pairwise(filled))
    )


def _repeated(before: Sequence[str], lines: Sequence[str]) -> int:
    """Return how many of the first lines are the last lines of the cue before."""
    most = min(len(before), len(lines))
    return next((n for n in range(most, 0, -1) if list(before[-n:]) == list(lines[:n])), 0)


def unrolled(blocks: Sequence[CaptionBlock]) -> list[Cue]:
    """Return a cue for each new line, without repeated words; the times of its words where the file has
    them.
    """
    cues: list[Cue] = []
    before: list[str] = []
    for block in blocks:
        raw = [line for line in block.lines if plain(line)]
        lines = [plain(line) for line in raw]
        new = _repeated(before, lines)
        before = lines or before
        if fresh := raw[new:]:
            cues.append(_cue(block, fresh))
    return [
        Cue(cue.start, _end(cue, later), cue.speaker, cue.text, cue.words)
        for cue, later in zip(cues, [*cues[1:], None], strict=True)
    ]


def _end(cue: Cue, later: Cue | None) -> float | None:
    if cue.end is not None and later and later.start is not None:
        return max(cue.start or 0.0, min(cue.end, later.start))
    return cue.end


def _cue(block: CaptionBlock, lines: Sequence[str]) -> Cue:
    line = " ".join(lines)
    text = plain(line)
    pieces = _TIME.split(line)
    starts: list[float | None] = [block.start]
    words: list[str] = []
    for index, piece in enumerate(pieces):
        if index % 2:
            starts.append(seconds(piece))
        else:
            words.append(plain(piece))
    if len(pieces) == 1:
        return Cue(block.start, block.end, "", text)
    timed = [
        one
        for piece, at, until in zip(words, starts, [*starts[1:], block.end], strict=True)
        for one in _divided(piece.split(), at, until)
    ]
    return Cue(block.start, block.end, "", text, tuple(timed))


def _divided(words: Sequence[str], start: float | None, end: float | None) -> list[TimedWord]:
    """Return the words between two times; several words share the time evenly."""
    if start is None or end is None or end < start:
        return [TimedWord(word, start, None) for word in words]
    step = (end - start) / max(len(words), 1)
    return [
        TimedWord(word, round(start + at * step, 3), round(start + (at + 1) * step, 3))
        for at, word in enumerate(words)
    ]
