"""A visitor who knows nothing of the site but its first address, and reads everything that can be fetched.

Every word that betrays someone has the form of `WORD`; every picture and film of someone has a colour of its
own. The visitor follows all links, remembers all addresses, and says at which address each was seen. What may
be seen is for others to judge: this module imports nothing of the site.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import av
from PIL import Image
from pypdf import PdfReader

HOST = "http://localhost"
START = ("/", "/sitemap.xml", "/robots.txt")
# Betrays someone, wherever it stands: in texts, addresses, names of files.
WORD = re.compile(r"qix[a-z]{5}")
ADDRESS = re.compile(r"""(?:https?://localhost|(?<=["'\s,(>]))/[^\s"'<>,)\\]*""")
# The admin asks for a login, static files are the same on every site, the search is asked separately.
ELSEWHERE = ("/admin/", "/static/", "/search/", "//")
# Made again for each request, which takes long: fetched again when the page above them has changed.
DERIVED = ("/pdf/", "/save/", "/csv/", "/json/", "/phenopacket/")
FAR = 40  # between two colours, after all encoders


@dataclass(frozen=True)
class Sighting:
    """Someone was seen: `what` is a word or the name of a colour."""

    what: str
    address: str


@dataclass
class Read:
    """What one response says: who is seen in it, and where it leads."""

    seen: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


@dataclass
class Visitor:
    """`get(address)`: asks the site, and returns status, headers and body. `colours`: the name of each colour
    that betrays someone, by its red, green and blue.
    """

    get: Callable[[str], tuple[int, dict[str, str], bytes]]
    colours: dict[tuple[int, int, int], str] = field(default_factory=dict)
    # What each address said last, None where it was refused.
    known: dict[str, Read | None] = field(default_factory=dict)
    fetched: int = 0
    _read: dict[tuple[str, str], Read] = field(default_factory=dict)
    _bodies: dict[str, str] = field(default_factory=dict)

    def look(self, allowed: Callable[[str], bool], *, thorough: bool = True) -> list[Sighting]:
        """Fetch what may have changed, and every new address. `allowed(what)`: whether it may be seen.

        Files stay what they are: those that show someone who may be seen are not fetched again. Where the
        visitor is not thorough, files that were refused before are not tried again, nor is the sitemap.
        """
        changed: set[str] = set()
        asked: set[str] = set()
        found: list[Sighting] = []
        waiting, due = [*self.known, *START], set[str]()
        while True:
            if not waiting:
                # What is made of a page, once it is known whether the page has changed.
                waiting = [
                    one
                    for one, read in self.known.items()
                    if read and _is_derived(one) and one not in asked and self._is_below(one, changed)
                ]
                if not waiting:
                    return found
                due.update(waiting)
            address = waiting.pop()
            if address in asked or not (address in due or self._is_due(address, allowed, thorough=thorough)):
                continue
            asked.add(address)
            read = self._fetch(address, changed)
            if read is not None:
                found += [Sighting(what, address) for what in read.seen]
                waiting += [link for link in read.links if link not in asked]

    def _is_due(self, address: str, allowed: Callable[[str], bool], *, thorough: bool) -> bool:
        if address not in self.known:
            return True
        read = self.known[address]
        if read is None:
            # What was withdrawn must not come back, for as long as it shows someone.
            return thorough or not _is_file(address)
        if _is_file(address):
            return not all(map(allowed, read.seen))
        return thorough or not address.endswith((".xml", ".txt"))

    @staticmethod
    def _is_below(address: str, changed: set[str]) -> bool:
        return any(address.startswith(page) for page in changed if page != "/")

    def _fetch(self, address: str, changed: set[str]) -> Read | None:
        self.fetched += 1
        status, headers, body = self.get(address)
        assert status < 500, f"{address} answers {status}"
        kind = headers.get("Content-Type", "").partition(";")[0]
        digest = hashlib.sha256(body).hexdigest()
        if self._bodies.get(address) != digest and not _is_file(address):
            changed.add(address)
        self._bodies[address] = digest
        read = self._reading(address, kind, digest, body)
        if status in (301, 302):
            target = _clean(urljoin(HOST + address, headers["Location"]))
            read = Read(read.seen | _words(headers["Location"]), frozenset({target} if target else ()))
        elif status >= 400:
            # The page that says so may show someone too.
            read = Read(read.seen, frozenset())
            self.known[address] = None
            return read if read.seen else None
        self.known[address] = read
        return read

    # Reading ----------------------------------------------------------------------------------------------------

    def _reading(self, address: str, kind: str, digest: str, body: bytes) -> Read:
        key = (digest, kind)
        if key not in self._read:
            seen, links = _words(""), frozenset[str]()
            if kind.startswith("image/") and "svg" not in kind:
                seen = self._coloured(_picture(body))
            elif kind.startswith("video/"):
                seen = self._coloured(_frame(body))
            elif kind == "application/pdf":
                text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
                seen = _words(text.replace("\n", ""))
            else:
                text = html.unescape(body.decode("utf-8", "replace"))
                seen, links = _words(text), _links(text)
            self._read[key] = Read(seen, links)
        return self._read[key]

    def _coloured(self, pixel: tuple[int, int, int] | None) -> frozenset[str]:
        if pixel is None:
            return frozenset()
        near = {
            name: sum(abs(one - other) for one, other in zip(pixel, colour, strict=True))
            for colour, name in self.colours.items()
        }
        name = min(near, key=lambda one: near[one], default=None)
        return frozenset({name}) if name and near[name] < FAR else frozenset()

    # Searching --------------------------------------------------------------------------------------------------

    def search(self, words: Iterable[str]) -> list[Sighting]:
        """Search for words that may not be seen. One that finds any page at all is seen."""
        found = []
        nothing = self._results("wobblewort") if words else frozenset()
        for word in words:
            if more := self._results(word) - nothing:
                found.append(Sighting(word, f"/search/?q={word} -> {sorted(more)[0]}"))
        return found

    def _results(self, word: str) -> frozenset[str]:
        self.fetched += 1
        status, _headers, body = self.get(f"/search/?q={quote(word)}")
        assert status == 200
        return _links(html.unescape(body.decode().replace(word, "")))


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(unquote(text).lower()))


def _links(text: str) -> frozenset[str]:
    return frozenset(link for found in ADDRESS.findall(text) if (link := _clean(urljoin(HOST, found))))


def _clean(url: str) -> str | None:
    """Return the path of an address of this site, None for those that are not followed."""
    parts = urlsplit(url)
    path = parts.path or "/"
    if f"{parts.scheme}://{parts.netloc}" != HOST or parts.query or path.startswith(ELSEWHERE):
        return None
    return path


def _is_derived(address: str) -> bool:
    return address.endswith(DERIVED)


def _is_file(address: str) -> bool:
    return address.startswith(("/files/", "/documents/")) or _is_derived(address)


def _picture(body: bytes) -> tuple[int, int, int] | None:
    with Image.open(io.BytesIO(body)) as picture:
        return _middle(picture)


def _frame(body: bytes) -> tuple[int, int, int] | None:
    with contextlib.suppress(StopIteration), av.open(io.BytesIO(body)) as film:
        return _middle(next(film.decode(video=0)).to_image())
    return None


def _middle(picture: Image.Image) -> tuple[int, int, int]:
    pixel: Any = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    red, green, blue = pixel
    return red, green, blue
