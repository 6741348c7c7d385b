"""From marked words to an excerpt: one speaker, the exact words, the question before them, and when. Pure.

One excerpt has one speaker (WORKBENCH.md, section 4 and rule 6): words by somebody else inside it fall away if three or
fewer and leave […] if more; a question before it is kept beside it (D10).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from interviews.words import tokens

FEW_WORDS = 3
MOST_WORDS = 1000
# How a question ends. The Greek question mark is U+037E, mostly typed as a semicolon: that counts after a Greek letter.
_ASKS = re.compile(r"(?:[?؟？\u037e]|[\u0370-\u03ff\u1f00-\u1fff]\s?;)$")


class Spoken(Protocol):
    """What is needed of a cue."""

    @property
    def speaker(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float | None: ...
    @property
    def end(self) -> float | None: ...


class NoWords(ValueError):
    """The marked place holds no words, or lies outside the transcript; the message says which."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a transcript: the index of a cue, and an offset in its text in code points."""

    cue: int
    offset: int


@dataclass(frozen=True)
class Run:
    """Marked words as one speaker's: `start` and `end` lie in the speaker's own cues; times in seconds, 0.1 s steps."""

    speaker: str
    verbatim: str
    asked: str
    start: Place
    end: Place
    clip_in: float | None
    clip_out: float | None


def time_at(cue: Spoken, offset: int) -> float | None:
    """When the character at `offset` is said: by the length of what stands before it, to 0.1 s."""
    if cue.start is None or cue.end is None:
        return None
    share = min(1.0, max(0.0, offset / max(1, len(cue.text))))
    return round(cue.start + (cue.end - cue.start) * share, 1)


def run_of(
    cues: Sequence[Spoken], start: Place, end: Place, *, interviewers: Collection[str] = frozenset()
) -> Run:
    """The run from `start` to `end`, said by who says most of it; by an interviewer only where nobody else speaks.

    Raises NoWords, with a sentence for the editor.
    """
    if not (0 <= start.cue <= end.cue < len(cues)) or end <= start:
        raise NoWords(
            "The marked words are not in this transcript. Load the page again and mark them once more."
        )
    parts: list[tuple[int, str, str]] = []
    for index in range(start.cue, end.cue + 1):
        text = cues[index].text
        from_, to = (
            (start.offset if index == start.cue else 0),
            (end.offset if index == end.cue else len(text)),
        )
        if said := text[from_:to].strip():
            parts.append((index, cues[index].speaker, said))
    if not parts:
        raise NoWords("Mark some words: the marked place holds none.")
    lengths: Counter[str] = Counter()
    for _index, speaker, said in parts:
        lengths[speaker] += len(said)
    speaker = max(lengths, key=lambda name: (name not in interviewers, lengths[name]))
    own = [index for index, name, _said in parts if name == speaker]
    asked, verbatim, gap = "", "", False
    for _index, name, said in parts:
        if name == speaker:
            verbatim += (" […] " if gap else " ") + said if verbatim else said
            gap = False
        elif not verbatim:
            asked = said
        elif sum(token.kind == "word" for token in tokens(said, said=True)) > FEW_WORDS:
            gap = True
    if len(verbatim.split()) > MOST_WORDS:
        raise NoWords(f"An excerpt has at most {MOST_WORDS:,} words. Mark less, and make two.")
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


def _question_before(cues: Sequence[Spoken], index: int, speaker: str) -> str:
    """Return the question right before a cue; '' where the cue before is the speaker's own or asks nothing."""
    if index == 0 or cues[index - 1].speaker == speaker:
        return ""
    before = cues[index - 1].text.strip()
    return before if _ASKS.search(before) else ""
