"""Addresses of answers within a page. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable

# An id in HTML may hold anything but white space; this is what also reads well in a link.
ANCHOR = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def anchor_of(block_id: str) -> str:
    """The id of an answer that has no word of its own: made from its block's id, which no move changes.

    'b7e0d5f2-...' becomes 'q-b7e0d5f2b1c4'.
    """
    letters = re.sub(r"[^0-9a-z]", "", block_id.lower())
    return f"q-{letters[:12]}"


def twice(words: Iterable[str]) -> list[str]:
    """The words that occur more than once, each once, in order; empty ones do not count."""
    seen: set[str] = set()
    found: dict[str, None] = {}
    for word in words:
        if word and word in seen:
            found[word] = None
        seen.add(word)
    return list(found)
