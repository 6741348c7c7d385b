"""Folds text, so that different spellings of the same words compare equal. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata

# Removed without leaving a gap, so that "Parkinson's", "Parkinson’s" and "Parkinsons" are one word;
# the last is the Arabic tatweel, which only stretches a word.
_DROPPED = re.compile("['’‘ʼ`´\u0640]")
_GAP = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return `text` for comparison: no case, no accents, no punctuation, single spaces.

    "Guillain–Barré  syndrome" becomes "guillain barre syndrome". Any text is accepted, and folding it
    again changes nothing.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAP.sub(" ", _DROPPED.sub("", plain)).strip()


def distinct(words: list[str]) -> list[str]:
    """Return the words in their order without repetitions (case and accents do not count) and empty words."""
    seen: set[str] = set()
    unique: list[str] = []
    for word in words:
        key = fold(word)
        if key and key not in seen:
            seen.add(key)
            unique.append(word)
    return unique


def slug_of(name: str) -> str:
    """Return the ASCII words of the name joined by hyphens; "term" for a name without any."""
    plain = fold(name).encode("ascii", "ignore").decode()
    return "-".join(plain.split())[:180].strip("-") or "term"
