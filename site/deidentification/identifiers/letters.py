"""Words as they are compared: without case, accents and characters that no one sees. Pure."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import decimal, normalize

import regex

# Characters inside words that no reader sees: they would hide a name from the search.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f"
)
_UNSEEN = regex.compile(f"[{INVISIBLE}]+")
_TOKEN = regex.compile(rf"[\p{{L}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}{INVISIBLE}]*")
_MARKS = regex.compile(rf"[\p{{M}}\u0640{INVISIBLE}]+")
# Letters whose stroke is not an accent to Unicode.
_STROKES = str.maketrans("łŁøØđĐħĦıŧŦ", "lLoOdDhHitT") | {ord("æ"): "ae", ord("Æ"): "AE", ord("œ"): "oe"}
_SPACES = dict.fromkeys(
    map(
        ord,
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t",
    ),
    " ",
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212\ufe63\uff0d"), "-")
_FULL = {
    ord("＠"): "@",
    ord("．"): ".",
    ord("＋"): "+",
    ord("／"): "/",
    ord("："): ":",
    ord("（"): "(",
    ord("）"): ")",
}
_LIKE = str.maketrans(_SPACES | _DASHES | _FULL)  # fmt: skip
_DIGIT = regex.compile(r"(?![0-9])\p{Nd}")


class Token(NamedTuple):
    """A word in a text: as it is written, and without case and accents."""

    text: str
    word: str
    start: int
    end: int


def plain(word: str) -> str:
    """Return a word without case, accents, strokes through letters and the Arabic stretching sign."""
    if word.isascii():  # none of these
        return word.casefold()
    return _MARKS.sub("", normalize("NFKD", word.translate(_STROKES))).casefold()


def tokens(text: str) -> list[Token]:
    """Return the words of a text. A possessive s after an apostrophe is a word of its own."""
    return [Token(m[0], plain(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in the form in which they are compared."""
    return tuple(token.word for token in tokens(text))


def is_capital(text: str) -> bool:
    """Return whether a word begins with a capital letter, or its script has none."""
    return not text[:1].islower()


def legible(text: str) -> tuple[str, list[int] | None]:
    """Return a text with plain spaces, hyphens and digits and without invisible characters, and where each
    character was in `text`; None where each is where it was.
    """
    if text.isascii():
        return text.replace("\t", " "), None
    like = _DIGIT.sub(lambda digit: str(decimal(digit[0])), text.translate(_LIKE))
    if not _UNSEEN.search(like):
        return like, None
    kept = [at for at, char in enumerate(like) if not _UNSEEN.match(char)]
    return "".join(like[at] for at in kept), [*kept, len(text)]
