"""Reads the words of the rules from `vocabulary.txt`, by section. Pure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("vocabulary.txt")


@cache
def sections() -> dict[str, list[list[str]]]:
    """Return the lines of each section, as words; an underscore in a word is a space."""
    found: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append([word.replace("_", " ") for word in line.split()])
    return found


def words(section: str) -> list[str]:
    """Return all words of a section."""
    return [word for line in sections()[section] for word in line]


def one_of(section: str) -> str:
    """Return a pattern for any word of a section, the longest first."""
    return "|".join(sorted(words(section), key=len, reverse=True))
