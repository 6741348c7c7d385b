"""Finds the speaker of a line: 'Mother: ...', '[Mother] ...', '**Mother:** ...'. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# Marks of direction, and spaces without width.
DIRECTION = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_WITHOUT_DIRECTION = str.maketrans("", "", DIRECTION)
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Mme|Prof|St|Sr|Sra|Jr|Fr|Rev|Hr|Dra|[^\W\d_])\."
_LETTER = rf"{_TITLE}(?=[ \t])|(?<=[^\W\d_])\.(?=[ \t]\w)|[^:：.!?\[\](){{}}<>|\t\n]"
NAME = rf"[^\W\d_](?:{_LETTER}){{0,39}}?(?:[ \t]*\([^\W\d][^():\d]{{0,28}}\))?"
_START = r"(?:>{1,3}[ \t]*|[-–—•][ \t]*|>>[ \t]*)?"
_LABEL = re.compile(
    rf"{_START}(?:[\[(【][ \t]*(?P<inside>{NAME})[ \t]*[\])】][ \t]*(?P<closed>[:：])?"
    rf"|(?P<name>{NAME})[ \t]*(?P<mark>[:：]|\t|[ \t]\|(?=[ \t])))[ \t]*(?P<words>.*)",
    re.S,
)
MOST_WORDS = 4
# 'The doctor said: ...' quotes the doctor, who is not speaking.
_SAYING = frozenset(
    [
        "said",
        "says",
        "asked",
        "asks",
        "replied",
        "told",
        "thought",
        "was",
        "is",
        "are",
        "were",
        "that",
        "this",
        "it",
        "me",
        "him",
        "her",
        "us",
        "them",
        "and",
        "or",
        "but",
        "to",
        "of",
        "the",
        "a",
        "follows",
    ]
)
_SOUNDS = re.compile(
    r"(?:back)?(?:music|laugh|applau|inaudib|unintellig|pause|silen|cross|noise|cry|cries|sigh|cough|sound|"
    r"over|end\b|begin|start|phone|door|break|beep|blank|indist|foreign|record|speak(?:s|ing)\b|redact|name\b)",
    re.I,
)


def without_direction(text: str) -> str:
    """Return `text` without marks of direction and spaces without width."""
    return text.translate(_WITHOUT_DIRECTION)


def without_emphasis(line: str) -> str:
    """Return a line of Markdown without the marks of bold text."""
    return re.sub(r"\*\*|__(?=\S)|(?<=\S)__", "", line)


def is_name(text: str) -> bool:
    """Return whether `text` could be a person's name and nothing else."""
    return bool(
        re.fullmatch(NAME, text)
        and len(text.split()) <= MOST_WORDS
        and (text[0].isupper() or not text[0].islower())
        and (" " not in text or text.rsplit(maxsplit=1)[-1].lower() not in _SAYING)
        and text[-1] not in ",;-…"
    )


def _parsed(line: str) -> tuple[str, str, bool] | None:
    """Return (name, words, whether the mark after the name is a colon with a space) of a possible label."""
    match = _LABEL.match(without_direction(line[:400]))
    if not match:
        return None
    name = " ".join((match["inside"] or match["name"]).split())
    words = without_direction(line)[match.start("words") :].strip()
    mark = match["closed"] if match["inside"] else match["mark"]
    if not is_name(name) or (match["inside"] and _SOUNDS.match(name)):
        return None
    spaced = not words or match.start("words") > match.end("closed" if match["inside"] else "mark")
    if mark == ":" and not spaced and not _may_follow(words):
        return None
    return name, words, bool(mark) and mark in ":：" and (spaced or mark == "：" or words[0] > "\u2e7f")


def _may_follow(words: str) -> bool:
    return words[0].isalpha() or words[0] in "\"'“‘«([¿¡…-–—"


def label(line: str) -> tuple[str, str] | None:
    """Return ('Mother', 'the rest') if `line` starts with what looks like a speaker's label; else None."""
    found = _parsed(line)
    return (found[0], found[1]) if found and found[2] else None


@dataclass(frozen=True)
class Labels:
    """The labels of one file: each occurs twice, is in capitals, or most lines have one. 'Note: bring water'
    is not a label.
    """

    known: frozenset[str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Labels:
        """Return the labels that occur in `lines`."""
        clear: Counter[str] = Counter()
        vague: Counter[str] = Counter()
        total = 0
        for line in lines:
            if line.strip():
                total += 1
                if found := _parsed(line.strip()):
                    (clear if found[2] else vague)[found[0]] += 1
        both = clear + vague
        most = sum(clear.values()) * 2 > total
        known = {name for name, count in clear.items() if both[name] > 1 or most or name.isupper()}
        if sum(both.values()) * 2 > total:
            # Brackets, a tab or no space after the colon: only if the file does so throughout.
            nearly_all = sum(both.values()) * 5 >= total * 4 and total > 1
            known |= {name for name in vague if both[name] > 1 or nearly_all}
        return cls(frozenset(known))

    def split(self, line: str) -> tuple[str, str]:
        """Return (speaker or '', words)."""
        found = _parsed(line.strip())
        return (found[0], found[1]) if found and found[0] in self.known else ("", line.strip())
