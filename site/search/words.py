"""Make the typed search text safe and short. Pure.

Only words and phrases reach the database, where a single quotation mark, NUL, operators or 3,000 words cause
errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conditions.words import fold

LONGEST = 200
MOST_WORDS = 10

# Letters and digits with their diacritics: Latin, Cyrillic, Hebrew and Arabic.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_PART = re.compile(rf'"(?P<phrase>[^"]*)"|{WORD.pattern}')

Part = tuple[str, ...]


@dataclass(frozen=True)
class SearchText:
    """A search. `text`: shown in the search box. `parts`: single words, and phrases in quotation marks.

    A page must contain all parts.
    """

    text: str
    parts: tuple[Part, ...]

    @property
    def words(self) -> Part:
        return tuple(word for part in self.parts for word in part)


def words_in(text: str) -> Part:
    return tuple(WORD.findall(text))


def asked(typed: str) -> SearchText:
    """Return at most 200 characters and 10 words of the typed text. Without any words: no parts."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in typed[:LONGEST]).split())
    parts: list[Part] = []
    left = MOST_WORDS
    for found in _PART.finditer(text):
        phrase = found["phrase"]
        part = words_in(found[0] if phrase is None else phrase)[:left]
        if part:
            parts.append(part)
            left -= len(part)
        if not left:
            break
    return SearchText(text=text, parts=tuple(parts))


def runs(words: Part, longest: int = 5) -> Iterator[tuple[int, int, str]]:
    """Yield runs of at most `longest` neighbouring words as (start, end, folded words), the longest first."""
    for length in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield start, start + length, fold(" ".join(words[start : start + length]))
