"""Matches the words of a corrected transcript with the previous transcript, so that excerpts stay attached.
Pure.

Cues with the same words are matched first. Between them words are matched one by one, which handles edited,
split and joined cues. If the same words occur twice, their order decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from interviews.excerpting import Place, Spoken
from transcripts.words import norm

_WORD = re.compile(r"\S+")
_STRIP = re.compile(r"^\W+|\W+$")
MIN_KEPT = 0.5  # share of an excerpt's words that must be found again


@dataclass(frozen=True)
class Word:
    """A word of a transcript: its cue, its place in the cue's text (code points), and the form that is
    compared.
    """

    cue: int
    at: int
    end: int
    norm: str


@dataclass(frozen=True)
class Alignment:
    """`words` maps indices of old words to new words; `cues` maps indices of old cues to new cues, each at
    most once.
    """

    old: list[Word]
    new: list[Word]
    words: dict[int, int]
    cues: dict[int, int]

    def place(self, start: Place, end: Place) -> tuple[Place, Place] | None:
        """Return the new place of an excerpt from `start` to `end`; None if too few of its words are left."""
        keys = [(word.cue, word.at) for word in self.old]
        first = bisect_left(keys, (start.cue, start.offset))
        if first and self.old[first - 1].cue == start.cue and self.old[first - 1].end > start.offset:
            first -= 1
        last = bisect_left(keys, (end.cue, end.offset))
        if first >= last:
            return None
        found = [self.words[index] for index in range(first, last) if index in self.words]
        if len(found) < MIN_KEPT * (last - first):
            return None
        begin, finish = self.new[min(found)], self.new[max(found)]
        return Place(begin.cue, begin.at), Place(finish.cue, finish.end)


def words_of(cues: Sequence[Spoken]) -> list[Word]:
    """Return the words of all cues."""
    return [
        Word(index, match.start(), match.end(), _STRIP.sub("", norm(match.group())) or match.group())
        for index, cue in enumerate(cues)
        for match in _WORD.finditer(cue.text)
    ]


def align(old: Sequence[Spoken], new: Sequence[Spoken]) -> Alignment:
    """Return which words and cues of `new` are which of `old`."""
    old_words, new_words = words_of(old), words_of(new)
    of_old, of_new = _by_cue(old_words, len(old)), _by_cue(new_words, len(new))
    keys_old = [" ".join(old_words[index].norm for index in indices) for indices in of_old]
    keys_new = [" ".join(new_words[index].norm for index in indices) for indices in of_new]
    matched: dict[int, int] = {}
    for tag, a, b, c, d in SequenceMatcher(None, keys_old, keys_new, autojunk=False).get_opcodes():
        left = [index for cue in range(a, b) for index in of_old[cue]]
        right = [index for cue in range(c, d) for index in of_new[cue]]
        if tag == "equal":
            matched.update(zip(left, right, strict=True))
        elif tag == "replace" and left and right:
            _match_words(old_words, new_words, left, right, matched)
    return Alignment(old_words, new_words, matched, _cues(old_words, new_words, matched))


def _by_cue(words: Sequence[Word], cues: int) -> list[list[int]]:
    grouped: list[list[int]] = [[] for _ in range(cues)]
    for index, word in enumerate(words):
        grouped[word.cue].append(index)
    return grouped


def _match_words(
    old: Sequence[Word], new: Sequence[Word], left: list[int], right: list[int], matched: dict[int, int]
) -> None:
    # Long new passages are compared without their most frequent words, which would cost quadratic time.
    matcher = SequenceMatcher(
        None,
        [old[i].norm for i in left],
        [new[i].norm for i in right],
        autojunk=len(left) * len(right) > 1_000_000,
    )
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            matched[left[block.a + step]] = right[block.b + step]


def _cues(old: Sequence[Word], new: Sequence[Word], matched: dict[int, int]) -> dict[int, int]:
    """Return pairs of old and new cues, those that share most words first; each cue is used once."""
    votes: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for was, is_ in matched.items():
        votes[old[was].cue][new[is_].cue] += 1
    pairs = sorted(
        ((count, was, is_) for was, counts in votes.items() for is_, count in counts.items()), reverse=True
    )
    cues: dict[int, int] = {}
    taken: set[int] = set()
    for _count, was, is_ in pairs:
        if was not in cues and is_ not in taken:
            cues[was] = is_
            taken.add(is_)
    return cues
