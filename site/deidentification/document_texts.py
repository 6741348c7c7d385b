"""The texts of a document and what of it could not be searched, kept for a day.

Reading takes time, and a stored file never changes under the same name.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from deidentification import events
from documents import places, sandbox
from documents.contents import Place, Unread
from media.models import Document

logger = logging.getLogger(__name__)

CACHE_SECONDS = 24 * 3600
# Increase it when the reader finds more.
VERSION = 1
# Seconds of processor time for a document that takes longer than publishing can wait for.
LONG_SECONDS = 90.0


@dataclass(frozen=True)
class Searched:
    """What was read of one stored file. `content_hash`: SHA-256; decisions are about it.

    `visible`, `hidden`: (position, words) of what a public copy shows, and of what it does not contain.
    """

    content_hash: str
    visible: tuple[tuple[Place, str], ...] = ()
    hidden: tuple[tuple[Place, str], ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass
class Joined:
    """Words of many positions as one text, and the position of each character."""

    label: str
    text: str = ""
    starts: list[tuple[int, Place]] = field(default_factory=list)

    @classmethod
    def of(cls, label: str, found: Iterable[tuple[Place, str]]) -> Joined:
        joined, pieces, at = cls(label), [], 0
        for place, words in found:
            joined.starts.append((at, place))
            pieces.append(words)
            at += len(words) + 2
        joined.text = " \n".join(pieces)
        return joined

    def labels(self, positions: Iterable[int], most: int = 3) -> str:
        """Return 'Document 5: page 3; page 7' for positions in the text, each once."""
        found = dict.fromkeys(places.in_words(self._at(position)) for position in positions)
        named = [words for words in found if words]
        if len(named) > most:
            named = [*named[:most], _("%(n)d more places") % {"n": len(named) - most}]
        return f"{self.label}: {'; '.join(named)}" if named else self.label

    def _at(self, position: int) -> Place:
        return next((place for start, place in reversed(self.starts) if start <= position), ())


def searched(document: Document) -> Searched:
    """Return what can be read of a document, within the time that publishing can wait."""
    name = str(document.file.name)
    known = cache.get(_key(name))
    if known is not None:
        return _unpacked(known)
    found = read(document, sandbox.READ_SECONDS)
    if any(missed.reason == "late" for missed in found.unread):
        events.took_too_long.send(sender=Document, document=document)
    return found


def read(document: Document, seconds: float) -> Searched:
    """Read a document now, keep what was found, and return it. A file that is not there counts as unread."""
    try:
        with document.file.open("rb") as opened:
            data = bytes(opened.read())
    except OSError:
        logger.warning("The file of document %s cannot be opened.", document.pk)
        return Searched("", unread=(Unread((), "missing"),))
    contents = sandbox.read(data, seconds=seconds)
    texts = [(text.place, text.words) for text in contents.texts]
    found = Searched(
        hashlib.sha256(data).hexdigest(),
        tuple(text for text in texts if places.is_visible(text[0])),
        tuple(text for text in texts if not places.is_visible(text[0])),
        tuple(contents.unread),
    )
    cache.set(_key(str(document.file.name)), _packed(found), CACHE_SECONDS)
    return found


def _key(name: str) -> str:
    return f"searched:{hashlib.sha256(f'{VERSION}:{name}'.encode()).hexdigest()}"


def _packed(found: Searched) -> bytes:
    return zlib.compress(pickle.dumps(found), 1)


def _unpacked(packed: Any) -> Searched:
    # What the site itself has put there, as Django's cache does with every value.
    found = pickle.loads(zlib.decompress(packed))  # noqa: S301 - written by this site
    assert isinstance(found, Searched)
    return found
