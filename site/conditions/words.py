"""How two spellings of the same words are seen to be the same. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata

# Dropped without leaving a gap, so that "Parkinson's", "Parkinson’s" and "Parkinsons" are one word;
# the last is the Arabic tatweel, which only stretches a word.
_DROPPED = re.compile("['’‘ʼ`´\u0640]")
_GAP = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """`text` as it is compared: no case, no accents, no punctuation, single spaces.

    "Guillain–Barré  syndrome" becomes "guillain barre syndrome". Any text is accepted, and folding
    twice changes nothing.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAP.sub(" ", _DROPPED.sub("", plain)).strip()


def distinct(words: list[str]) -> list[str]:
    """The words in their order, each once, whatever its case and accents; empty ones left out."""
    seen: set[str] = set()
    kept: list[str] = []
    for word in words:
        key = fold(word)
        if key and key not in seen:
            seen.add(key)
            kept.append(word)
    return kept


def slug_of(name: str) -> str:
    """ASCII words of the name joined by hyphens; "term" when it has none."""
    plain = fold(name).encode("ascii", "ignore").decode()
    return "-".join(plain.split())[:180].strip("-") or "term"
