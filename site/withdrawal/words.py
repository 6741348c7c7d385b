"""Recognises words without storing them: keyed hashes of some runs of ten words. Pure.

A text is reduced to its words: without upper case, accents, punctuation and spaces. Each run of RUN words is
hashed with a secret key; of each WINDOW neighbouring hashes the smallest is kept (Schleimer, Wilkerson and
Aiken, Winnowing, SIGMOD 2003). So two texts that share RUN + WINDOW - 1 words in a row share a kept hash,
wherever these words stand in them.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable
from hashlib import blake2b
from unicodedata import normalize

import regex

RUN, WINDOW = 10, 6
# Of one withdrawal. A longer text is known by fewer of its hashes.
MOST = 20_000

_WORD = regex.compile(r"[\p{L}\p{N}]+")
_MARKS = regex.compile(r"\p{M}+")


def plain_words(text: str) -> list[str]:
    """Return the words of a text, in the form in which they are compared."""
    return _WORD.findall(_MARKS.sub("", normalize("NFKD", text)).casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """Return each run of words of a text that may be hashed."""
    found = plain_words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def hashes(text: str, key: bytes) -> set[int]:
    """Return the kept hashes of a text, as signed numbers of 64 bits. Empty for fewer than RUN words."""
    found = plain_words(text)
    runs = [_hash(" ".join(found[start : start + RUN]), key) for start in range(max(0, len(found) - RUN + 1))]
    if not runs:
        return set()
    return {min(runs[start : start + WINDOW]) for start in range(max(1, len(runs) - WINDOW + 1))}


def _hash(run: str, key: bytes) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=8, key=key).digest(), "big", signed=True)


def bounded(numbers: Iterable[int]) -> list[int]:
    """Return at most MOST of the hashes, the same ones whenever a text is asked again."""
    return sorted(set(numbers))[:MOST]


def packed(numbers: Iterable[int]) -> str:
    """Return hashes as text for the ledger."""
    kept = list(numbers)
    return base64.b64encode(struct.pack(f">{len(kept)}q", *kept)).decode()


def unpacked(text: str) -> list[int]:
    """Return the hashes of a packed text."""
    raw = base64.b64decode(text)
    return list(struct.unpack(f">{len(raw) // 8}q", raw))
