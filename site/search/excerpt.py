"""Excerpts of a text around the words found, with those words marked. Pure.

Results are HTML: all text is escaped, and `<mark>` is the only element.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from conditions.words import fold
from search.words import WORD, Part

LENGTH = 200
# How many characters may come before the first word found.
LEAD = 60
# Long enough for any page; the rest of a longer text is not searched.
LONGEST = 200_000

_folded = lru_cache(maxsize=20_000)(fold)


@dataclass(frozen=True)
class Match:
    """The needle with this number is at characters `start` to `end` of a text."""

    start: int
    end: int
    needle: int


def matches(text: str, needles: Sequence[Part]) -> list[Match]:
    """Return where the words of a needle are whole words of `text`, in a row, ignoring case and accents.

    Matches do not overlap: the longer of two at the same position is returned.
    """
    wanted = sorted(
        ((tuple(_folded(word) for word in needle), number) for number, needle in enumerate(needles)),
        key=lambda pair: -len(pair[0]),
    )
    spans = [(found.start(), found.end()) for found in WORD.finditer(text[:LONGEST])]
    tokens = [_folded(text[start:end]) for start, end in spans]
    found: list[Match] = []
    at = 0
    while at < len(tokens):
        for words, number in wanted:
            if words and tuple(tokens[at : at + len(words)]) == words:
                found.append(Match(spans[at][0], spans[at + len(words) - 1][1], number))
                at += len(words)
                break
        else:
            at += 1
    return found


def marked(text: str, needles: Sequence[Part]) -> str:
    """Return the whole `text` as HTML, with matches marked."""
    return "".join(_pieces(text, matches(text, needles), 0, len(text)))


def excerpt(texts: str | Sequence[str], needles: Sequence[Part], length: int = LENGTH) -> str:
    """Return about `length` characters of that text, of one or several, that contains most of `needles`.

    Cut between words, with omissions shown as '…'. '' if nothing is found.
    """
    best: tuple[int, str, list[Match], int] | None = None
    for text in (texts,) if isinstance(texts, str) else texts:
        found = matches(text, needles)
        for number, first in enumerate(found):
            reach = first.start + length - LEAD
            within = {match.needle for match in found[number : number + 40] if match.end <= reach}
            if within and (best is None or len(within) > best[0]):
                best = len(within), text, found, first.start
    if best is None:
        return ""
    _count, text, found, first_start = best
    start, end = _window(text, first_start, length)
    return _cut(text, found, start, end)


def opening(text: str, length: int = LENGTH) -> str:
    """Return the first `length` characters of `text` as HTML, cut between words."""
    return _cut(text, [], *_window(text, 0, length))


def _window(text: str, first: int, length: int) -> tuple[int, int]:
    """Return a start and end that include the word at `first` and do not cut a word."""
    start = max(0, first - LEAD)
    if start:
        sentence = max(text.rfind(stop, start, first) for stop in (". ", "? ", "! ", "\n"))
        start = sentence + 1 if sentence >= 0 else _after_word(text, start, first)
    end = start + length
    if end >= len(text):
        return start, len(text)
    cut = text.rfind(" ", start + length // 2, end)
    return start, cut if cut > first else end


def _after_word(text: str, start: int, first: int) -> int:
    space = text.find(" ", start, first)
    return space + 1 if space >= 0 else first


def _cut(text: str, found: Sequence[Match], start: int, end: int) -> str:
    """Return a piece of `text` as HTML, without white space at its ends, with '…' for omissions."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    before = "… " if text[:start].strip() else ""
    after = " …" if text[end:].strip() else ""
    return before + "".join(_pieces(text, found, start, end)) + after


def _pieces(text: str, found: Sequence[Match], start: int, end: int) -> Iterator[str]:
    at = start
    for match in found:
        if match.start < start or match.end > end:
            continue
        yield escape(text[at : match.start])
        yield f"<mark>{escape(text[match.start : match.end])}</mark>"
        at = match.end
    yield escape(text[at:end])
