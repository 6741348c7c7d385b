"""Slugs that no query has to find free. Pure."""

from __future__ import annotations

from django.utils.text import slugify

LONGEST_WORDS = 80
LETTERS = 10
# Digits would look like a telephone number in an address, and vowels could make a name.
_CONSONANTS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")


def letters_of(key: str) -> str:
    """Return letters made of a key in hexadecimal digits: 10 letters, one of a million million."""
    return key[:LETTERS].translate(_CONSONANTS)


def slug_of(title: str, key: str) -> str:
    """Return the words of the title with letters of the key: unique among all stories, always the same."""
    words = slugify(title, allow_unicode=True)[:LONGEST_WORDS].strip("-") or "story"
    return f"{words}-{letters_of(key)}"
