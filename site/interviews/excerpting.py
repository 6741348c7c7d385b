"""Makes an excerpt of selected words: one speaker, the exact words, the question before, and the times. Pure.

One excerpt has one speaker (docs/workbench.md). Up to three words by another speaker inside it are left out;
more than that leave […]. A question before it is kept, so that readers know what was asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from transcripts.words import tokens
from uploads.errors import EditorError

FEW_WORDS = 3
MOST_WORDS = 1000
# How a question ends. The Greek question mark is U+037E, mostly typed as a semicolon: that counts after a
# Greek letter.
_ASKS = re.compile(r"(?:[?؟？\u037e]|[\u0370-\u03ff\u1f00-\u1fff]\s?;)$")


class Spoken(Protocol):
    """A cue, as far as it is needed here."""

    @property
    def speaker(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float | None: ...
    @property
    def end(self) -> float | None: ...


class NoWords(EditorError):
    """The selection has no words, or is outside the transcript. The message says which."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a transcript: the index of a cue, and an offset in its text in code points."""

    cue: int
    offset: int


@dataclass(frozen=True)
class Run:
    """Selected words of one speaker.

    `start` and `end` are in this speaker's cues; times in seconds, in steps of 0.1.
    """

    speaker: str
    verbatim: str
    asked: str
    start: Place
    end: Place
    clip_in: float | None
    clip_out: float | None


def time_at(cue: Spoken, offset: int) -> float | None:
    """Return when the character at `offset` is spoken, to 0.1 s, estimated by its place in the text."""
    if cue.start is None or cue.end is None:
        return None
    share = min(1.0, max(0.0, offset / max(1, len(cue.text))))
    return round(cue.start + (cue.end - cue.start) * share, 1)


@dataclass(frozen=True)
class _SelectedPart:
    """The selected words of one cue, given by its index."""

    cue: int
    speaker: str
    text: str


def run_of(
    cues: Sequence[Spoken], start: Place, end: Place, *, interviewers: Collection[str] = frozenset()
) -> Run:
    """Return the run from `start` to `end`, by the speaker with most of the text.

    Interviewers count only where no one else speaks. Raises NoWords, with a sentence for the editor.
    """
    parts = _selected_parts(cues, start, end)
    lengths: Counter[str] = Counter()
    for part in parts:
        lengths[part.speaker] += len(part.text)
    speaker = max(lengths, key=lambda name: (name not in interviewers, lengths[name]))
    verbatim, asked = _words_of(speaker, parts)
    if len(verbatim.split()) > MOST_WORDS:
        raise NoWords(
            f"An excerpt can have at most {MOST_WORDS:,} words. Select less, and make two excerpts."
        )
    own = [part.cue for part in parts if part.speaker == speaker]
    first, last = cues[own[0]], cues[own[-1]]
    begin = Place(own[0], start.offset if own[0] == start.cue else 0)
    finish = Place(own[-1], end.offset if own[-1] == end.cue else len(last.text))
    return Run(
        speaker,
        verbatim,
        asked or _question_before(cues, own[0], speaker),
        begin,
        finish,
        time_at(first, begin.offset),
        time_at(last, finish.offset),
    )


def _selected_parts(cues: Sequence[Spoken], start: Place, end: Place) -> list[_SelectedPart]:
    """Return the parts of the selection that have words. Raises NoWords."""
    if not (0 <= start.cue <= end.cue < len(cues)) or end <= start:
        raise NoWords("The selected words are not in this transcript. Reload the page and select them again.")
    parts: list[_SelectedPart] = []
    for index in range(start.cue, end.cue + 1):
        text = cues[index].text
        first = start.offset if index == start.cue else 0
        last = end.offset if index == end.cue else len(text)
        if selected := text[first:last].strip():
            parts.append(_SelectedPart(index, cues[index].speaker, selected))
    if not parts:
        raise NoWords("The selection has no words. Select some words.")
    return parts


def _words_of(speaker: str, parts: Sequence[_SelectedPart]) -> tuple[str, str]:
    """Return the words of one speaker, and the words of another speaker right before them."""
    asked, verbatim, has_gap = "", "", False
    for part in parts:
        if part.speaker == speaker:
            verbatim += (" […] " if has_gap else " ") + part.text if verbatim else part.text
            has_gap = False
        elif not verbatim:
            asked = part.text
        elif sum(token.kind == "word" for token in tokens(part.text, said=True)) > FEW_WORDS:
            has_gap = True
    return verbatim, asked


def _question_before(cues: Sequence[Spoken], index: int, speaker: str) -> str:
    """Return the question right before a cue; '' if the previous cue has the same speaker or asks nothing."""
    if index == 0 or cues[index - 1].speaker == speaker:
        return ""
    before = cues[index - 1].text.strip()
    return before if _ASKS.search(before) else ""
