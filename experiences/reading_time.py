"""Compute which kinds of block a story's parts contain, and how long they take to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# Words a minute, for unhurried silent reading of plain text.
PACE = 200
READ = {"text", "quote", "excerpt_quote", "timeline", "callout", "table"}
# Values in blocks that are not words to read.
UNREAD = {"id", "type", "kind", "part", "rating", "compiled"}
_TAG = re.compile(r"<[^>]*>")


def kinds_in(stored: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the kinds of block in the stored form of a StreamField (`value.raw_data`)."""
    return {str(item.get("type", "")) for item in stored}


def minutes_to_read(*parts: Iterable[Mapping[str, Any]]) -> int:
    """Return whole minutes (at least 1) for text, quotes, timelines, callouts and tables of stored parts."""
    words = sum(
        len(_TAG.sub(" ", text).split())
        for part in parts
        for item in part
        if item.get("type") in READ
        for text in _texts(item.get("value"))
    )
    return max(1, -(-words // PACE))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in UNREAD:
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
