"""Places in a text: browsers count UTF-16 units, Python counts code points. Pure.

The two differ after each character above U+FFFF (most emoji, some Chinese characters and scripts).
"""

from __future__ import annotations

_LAST_OF_ONE_UNIT = "\uffff"


class NoSuchPlace(ValueError):
    """The offset is outside the text, or inside a character."""


def units(text: str) -> int:
    """Return the number of UTF-16 units of `text`."""
    return len(text) + sum(char > _LAST_OF_ONE_UNIT for char in text)


def to_utf16(text: str, offset: int) -> int:
    """Return the code point `offset` of `text` in UTF-16 units.

    An offset beyond the end counts as the end.
    """
    if text.isascii():
        return min(offset, len(text))
    return units(text[:offset])


def to_code_points(text: str, offset: int) -> int:
    """Return the UTF-16 `offset` of `text` in code points. Raises NoSuchPlace."""
    if offset < 0:
        raise NoSuchPlace(f"{offset} is before the text")
    if text.isascii():
        if offset > len(text):
            raise NoSuchPlace(f"{offset} is beyond a text of {len(text)} units")
        return offset
    seen = 0
    for index, char in enumerate(text):
        if seen == offset:
            return index
        if seen > offset:
            raise NoSuchPlace(f"{offset} is inside a character")
        seen += 2 if char > _LAST_OF_ONE_UNIT else 1
    if seen != offset:
        what = "inside a character" if seen > offset else f"beyond a text of {seen} units"
        raise NoSuchPlace(f"{offset} is {what}")
    return len(text)
