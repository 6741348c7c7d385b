"""The changes between two versions, word by word, for a family that approved the first. Pure functions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

# Unchanged words shown on either side of a change, so that it can be read without the whole passage.
AROUND = 12


@dataclass(frozen=True)
class Run:
    """Words of a passage.

    `kind`: 'same', 'out' (removed), 'in' (added), 'gap' (unchanged words that are not shown).
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One passage that differs.

    `is_new`: only in the later version; `is_gone`: only in the earlier version.
    """

    part: str
    label: str
    runs: tuple[Run, ...]
    is_new: bool = False
    is_gone: bool = False

    @property
    def words(self) -> int:
        """Return how many words were removed or added, whichever is more."""
        removed, added = (
            sum(len(run.text.split()) for run in self.runs if run.kind == kind) for kind in ("out", "in")
        )
        return max(removed, added)


def changes(before: Sequence[tuple[str, str, str]], after: Sequence[tuple[str, str, str]]) -> list[Change]:
    """Return the passages (part, label, text) that differ, in the order of the later version; removed
    passages come last."""
    old = {part: (label, text) for part, label, text in before}
    new: Mapping[str, tuple[str, str]] = {part: (label, text) for part, label, text in after}
    found = []
    for part, (label, text) in new.items():
        if part not in old:
            found.append(Change(part, label, (Run("in", text),), is_new=True))
        elif old[part][1] != text:
            found.append(Change(part, label, word_runs(old[part][1], text)))
    found += [
        Change(part, label, (Run("out", text),), is_gone=True)
        for part, (label, text) in old.items()
        if part not in new
    ]
    return found


def word_runs(old: str, new: str) -> tuple[Run, ...]:
    """Return the words of `new` with those removed from `old`; long unchanged stretches are cut to a few
    words."""
    a, b = (regex.findall(r"\S+", text) for text in (old, new))
    runs: list[Run] = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            runs += _shortened(b[b1:b2], first=not b1, last=b2 == len(b))
            continue
        if a1 < a2:
            runs.append(Run("out", " ".join(a[a1:a2])))
        if b1 < b2:
            runs.append(Run("in", " ".join(b[b1:b2])))
    return tuple(runs)


def _shortened(words: list[str], *, first: bool, last: bool) -> list[Run]:
    if len(words) <= 2 * AROUND + 1:
        return [Run("same", " ".join(words))]
    head = [] if first else [Run("same", " ".join(words[:AROUND]))]
    tail = [] if last else [Run("same", " ".join(words[-AROUND:]))]
    return [*head, Run("gap", "…"), *tail]
