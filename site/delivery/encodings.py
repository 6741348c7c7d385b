"""Compression of kept pages, and which of them a client is sent. Pure."""

from __future__ import annotations

import gzip
import re

import brotli
import zstandard

IDENTITY, BROTLI, ZSTANDARD, GZIP = "", "br", "zstd", "gzip"
# The smallest first.
OFFERED = (BROTLI, ZSTANDARD, GZIP)
_WEIGHT = re.compile(r"^q=(\d(?:\.\d{0,3})?)$")
# Shorter bodies gain nothing.
SHORTEST = 200


def accepted(header: str) -> frozenset[str]:
    """Return the encodings that an Accept-Encoding header allows, of those offered (RFC 9110, 12.5.3)."""
    if not header:
        return frozenset()
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        found = next((match for part in parameters if (match := _WEIGHT.match(part))), None)
        weights[name] = float(found[1]) if found else 1.0
    others = weights.get("*", 0.0)
    return frozenset(name for name in OFFERED if weights.get(name, others) > 0)


def choose(header: str) -> str:
    """Return the encoding in which a client is sent a page: the smallest it accepts."""
    allowed = accepted(header)
    return next((name for name in OFFERED if name in allowed), IDENTITY)


def compress(body: bytes, encoding: str) -> bytes:
    """Return a body in this encoding."""
    if encoding == BROTLI:
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)
    if encoding == ZSTANDARD:
        # A compressor belongs to one thread.
        return zstandard.ZstdCompressor(level=12).compress(body)
    if encoding == GZIP:
        # Without a time, so that equal pages are equal bytes.
        return gzip.compress(body, compresslevel=6, mtime=0)
    return body


def decompress(body: bytes) -> bytes:
    """Return what `compress` made with Brotli."""
    return bytes(brotli.decompress(body))
