"""What was found in a document: texts with their position, and what could not be read. Pure."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# The position of a text, from the outside in: (("attachment", "a.docx"), ("comment", "Ana Lopes")).
# `documents.places` has the words for each.
Place = tuple[tuple[str, str], ...]

MOST_DEPTH = 4  # files inside of files
MOST_FILES = 200  # attachments and embedded files of one document, at all depths
MOST_BYTES = 160 * 1024 * 1024  # unpacked, in one document
LARGEST_PART = 24 * 1024 * 1024  # of one unpacked part that is held in memory
MOST_CHARACTERS = 1_000_000
LONGEST_NAME = 120

# Invisible characters inside words would hide a name from the search; ligatures as well.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_TRANSLATED = {**_INVISIBLE, **_LIGATURES, 0: " "}


class NotReadable(Exception):
    """A file or a part of it cannot be read. The argument is a key of `documents.places.REASONS`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words and their position in the document."""

    place: Place
    words: str


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, and why: a key of `documents.places.REASONS`."""

    place: Place
    reason: str


def plain(words: str) -> str:
    """Return `words` in Unicode's composed form, without characters that no one sees."""
    words = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", words.translate(_TRANSLATED)).strip()


@dataclass
class Contents:
    """Collects what is found in one document. Readers call `add` and `missed`.

    `seconds`: of processor time for all of it, None for no limit.
    """

    texts: list[Text] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    seconds: float | None = None
    bytes_left: int = MOST_BYTES
    files_left: int = MOST_FILES
    characters_left: int = MOST_CHARACTERS
    _place: Place = ()
    _depth: int = 0
    _began: float = field(default_factory=time.thread_time)

    def add(self, kind: str, name: str, words: str) -> None:
        """Note `words` at this position. Raises NotReadable where the document has too many words."""
        words = plain(words)
        if not words:
            return
        self.characters_left -= len(words)
        if self.characters_left < 0:
            raise NotReadable("long")
        self.texts.append(Text(self._at(kind, name), words))

    def missed(self, kind: str, name: str, reason: str) -> None:
        """Note that this could not be read. `reason`: a key of `documents.places.REASONS`."""
        missed = Unread(self._at(kind, name), reason)
        if missed not in self.unread[-50:]:
            self.unread.append(missed)

    def spend(self, size: int) -> None:
        """Count `size` unpacked bytes. Raises NotReadable beyond the limit."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise NotReadable("large")

    def is_late(self) -> bool:
        """Return whether the time is over."""
        return self.seconds is not None and time.thread_time() - self._began > self.seconds

    def check_time(self) -> None:
        """Raise NotReadable if the time is over."""
        if self.is_late():
            raise NotReadable("late")

    @contextmanager
    def inside(self, kind: str, name: str) -> Iterator[None]:
        """Read a file inside of the document. Raises NotReadable where they are too many or too deep."""
        self.files_left -= 1
        if self._depth >= MOST_DEPTH:
            raise NotReadable("deep")
        if self.files_left < 0:
            raise NotReadable("many")
        outer, self._place = self._place, self._at(kind, name)
        self._depth += 1
        try:
            yield
        finally:
            self._place, self._depth = outer, self._depth - 1

    def is_inside(self, kind: str) -> bool:
        """Return whether the file that is being read lies in something of this kind."""
        return any(outer == kind for outer, _name in self._place)

    def _at(self, kind: str, name: str) -> Place:
        return (*self._place, (kind, plain(name)[:LONGEST_NAME])) if kind else self._place
