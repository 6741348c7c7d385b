"""One kept response: its bytes in each encoding, and for how long it holds."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from delivery import encodings

# How long a browser shows the page again without asking.
BROWSER_SECONDS = 60
# A cache in front of the site asks again after this time, since it is told nothing: the promise that a
# withdrawn page is gone within 2 seconds holds there too.
SHARED_SECONDS = 1
# How long a cache may show the former version of a page that shows no person, while it asks for the new one.
STALE_SECONDS = 600
Headers = list[tuple[str, str]]


@dataclass
class Entry:
    """A page as every visitor without a login gets it.

    `headers`: without Cache-Control, ETag, Vary and what depends on the encoding. `until`: seconds since 1970
    after which it must be made again. `keys`: what it shows (`changes.models.Change`). `version`: when the
    rendering began, as in `changes.log.now`. `page`: the page of the tree that it is.
    `known`: the latest changes that the rendering could see (`changes.reader.known`).
    """

    body: bytes
    headers: Headers
    keys: frozenset[str]
    until: float
    version: int
    shows_people: bool
    page: int | None = None
    known: Mapping[str, int] = field(default_factory=dict)
    _bodies: dict[str, bytes] = field(default_factory=dict)
    _heads: dict[str, tuple[int, Headers]] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """Return what tells this version of the page from others."""
        return hashlib.sha256(self.body).hexdigest()[:24]

    def etag(self, encoding: str) -> str:
        """Return the strong validator of this encoding: other bytes, another validator."""
        return f'"{self.digest}{"-" + encoding if encoding else ""}"'

    def in_encoding(self, encoding: str) -> bytes:
        """Return the body in an encoding, compressed once."""
        if not encoding:
            return self.body
        if (body := self._bodies.get(encoding)) is None:
            body = self._bodies[encoding] = encodings.compress(self.body, encoding)
        return body

    @property
    def size(self) -> int:
        """Return about how many bytes of memory it takes."""
        return 2 * len(self.body) + 120 * len(self.keys) + 1500

    def matches(self, if_none_match: str) -> bool:
        """Return whether the client has this version, in any encoding (RFC 9110, 13.1.2)."""
        if if_none_match.strip() == "*":
            return True
        return any(
            tag.strip().removeprefix("W/").strip('"').partition("-")[0] == self.digest
            for tag in if_none_match.split(",")
        )

    def cache_control(self, now: float) -> str:
        """Return for how long browsers and caches may keep the page: never past the moment it changes."""
        left = max(0, int(self.until - now))
        lasting = f"public, max-age={min(BROWSER_SECONDS, left)}, s-maxage={min(SHARED_SECONDS, left)}"
        if self.shows_people:
            return f"{lasting}, must-revalidate"
        return f"{lasting}, stale-while-revalidate={min(STALE_SECONDS, max(0, left - BROWSER_SECONDS))}"

    def head(self, encoding: str) -> Headers:
        """Return all headers of a full response. They are made once a second at most."""
        now = time.time()
        made = self._heads.get(encoding)
        if made is None or made[0] != int(now):
            made = self._heads[encoding] = (int(now), self._head(encoding, now))
        return made[1]

    def _head(self, encoding: str, now: float) -> Headers:
        headers = [
            *self.headers,
            ("Cache-Control", self.cache_control(now)),
            ("ETag", self.etag(encoding)),
            ("Vary", "Accept-Encoding"),
            ("Content-Length", str(len(self.in_encoding(encoding)))),
        ]
        return [*headers, ("Content-Encoding", encoding)] if encoding else headers

    def short_head(self, encoding: str) -> Headers:
        """Return the headers of '304 Not Modified'."""
        return [
            ("Cache-Control", self.cache_control(time.time())),
            ("ETag", self.etag(encoding)),
            ("Vary", "Accept-Encoding"),
        ]


def encoding_for(entry: Entry, accept_encoding: str) -> str:
    """Return the encoding in which a client is sent this entry."""
    if len(entry.body) < encodings.SHORTEST:
        return encodings.IDENTITY
    return encodings.choose(accept_encoding)


# Headers that the entry writes itself, or that belong to one request.
_OWN = frozenset({"cache-control", "content-encoding", "content-length", "date", "etag", "expires", "vary"})


def kept_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return the headers of a response that are kept with it."""
    return [(name, value) for name, value in headers if name.lower() not in _OWN]
