"""WordPress exports (WXR, Tools → Export): posts as stories, attachments as pictures and documents.

The file is read item by item, twice: first for the attachments, whose descriptions stories need. Nothing is
fetched: pictures are looked for in the folder ‘uploads’ next to the export (`files` under [wordpress]).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

# Types only: every file is parsed by defusedxml.
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from importing.formats.mapping import Mapping
from importing.formats.source import Source
from importing.formats.wordpress_text import Attachment, Library, plain_words, read_content
from importing.html_pieces import LeftOut, Link, Picture, Piece
from importing.records import Refused, Row, within

# XML allows no control characters, but posts that were pasted from elsewhere have some.
_ILLEGAL = bytes([*range(9), 11, 12, *range(14, 32)])
SKIPPED_STATUSES = {"trash", "auto-draft", "inherit"}
LONGEST_LEDE = 500


class WordPressSource(Source):
    def __init__(self, path: Path, mapping: Mapping) -> None:
        super().__init__(path, mapping)
        self.folder = path.parent / str(mapping.wordpress.get("files", "uploads"))
        self.types = set(mapping.wordpress.get("post_types", ["post"]))
        self.library = Library()

    def rows(self) -> Iterator[Row]:
        found: dict[str, int] = {}
        for item in self._items(0.0):
            kind = _text(item, "post_type") or "post"
            found[kind] = found.get(kind, 0) + 1
            if kind == "attachment":
                meta = _meta(item)
                url = _text(item, "attachment_url") or _text(item, "guid")
                described = " ".join(str(meta.get("_wp_attachment_image_alt", "")).split())
                caption = plain_words(_text(item, "excerpt:encoded"))
                self.library.add(_text(item, "post_id"), Attachment(url, described, caption))
        known = {*self.types, "attachment"}
        others = {name: number for name, number in found.items() if name not in known}
        if others:
            listed = ", ".join(f"{name} ({number})" for name, number in sorted(others.items()))
            self.note(f"Not imported, because only {', '.join(sorted(self.types))} is: {listed}.")
        if not self.types & set(found):
            raise Refused(f"{self.path.name} has no {' or '.join(sorted(self.types))}. "
                          "Name the post types under [wordpress] in the mapping file.")  # fmt: skip
        for number, item in enumerate(self._items(0.5), start=1):
            if _text(item, "post_type") in self.types:
                if _text(item, "status") in SKIPPED_STATUSES:
                    self.note("Posts in the bin and automatic drafts were not imported.")
                    continue
                yield self._row(item, number)

    def _items(self, start: float) -> Iterator[Element]:
        """Yield every <item>, one in memory at a time."""
        size = max(1, self.path.stat().st_size)
        try:
            with self.path.open("rb") as file:
                filtered = _Legal(file)
                events = iterparse(
                    cast(Any, filtered), events=("start", "end"), forbid_dtd=True, forbid_entities=True
                )
                channel: Element | None = None
                for event, element in events:
                    name = _name(element)
                    if event == "start" and name == "channel":
                        channel = element
                    elif event == "end" and name == "item":
                        yield element
                        self.done = start + file.tell() / size / 2
                        if channel is not None:
                            channel.clear()
        except DefusedXmlException as error:
            raise Refused(
                f"{self.path.name} defines entities, which can be used against the computer that reads it. A "
                "WordPress export has none: export it again."
            ) from error
        except (ParseError, ValueError, LookupError) as error:
            raise Refused(
                f"{self.path.name} is not a complete WordPress export: {error}. Export it again; what comes "
                "before that place was imported."
            ) from error

    def _row(self, item: Element, number: int) -> Row:
        post = _text(item, "post_id")
        place = f"{self.path.name}, post {post or number}"
        meta = _meta(item)
        pieces, remarks = read_content(_text(item, "content:encoded"), self.library)
        cells: list[tuple[str, Any]] = [
            ("id", f"wp-{post}" if post else _text(item, "guid")),
            ("title", plain_words(_text(item, "title"))),
            ("slug", _text(item, "post_name")),
        ]
        excerpt = plain_words(_text(item, "excerpt:encoded"))
        if len(excerpt) > LONGEST_LEDE:
            remarks.append(f"The excerpt is longer than {LONGEST_LEDE} characters and was put into the text.")
            pieces = [*read_content(excerpt, self.library)[0], *pieces]
        elif excerpt:
            cells.append(("lede", excerpt))
        thumbnail = self.library.by_number.get(str(meta.pop("_thumbnail_id", "")))
        if thumbnail:
            pieces = [Picture(thumbnail.url, thumbnail.description, thumbnail.caption), *pieces]
        kept = {key: value for key, value in meta.items() if not key.startswith("_")}
        cells += kept.items()
        cells += _terms(item)
        cells += [(name, _text(item, name)) for name in ("status", "post_date", "link", "creator")]
        located = [self._located(piece) for piece in pieces]
        return self.mapping.row(place, cells, pieces=located, remarks=tuple(remarks))

    def _located(self, piece: Piece) -> Piece:
        """Return a picture or link with its path in the folder of uploads instead of its address."""
        if isinstance(piece, Picture):
            name = self._path_of(piece.source)
            if name:
                return Picture(name, piece.description, piece.caption)
            return LeftOut("embedded picture", piece.source)
        if isinstance(piece, Link):
            name = self._path_of(piece.target)
            return Link(name, piece.words) if name else piece
        return piece

    def _path_of(self, url: str) -> str:
        """Return the path of an upload: of the original instead of 'stairs-300x200.jpg' if it is there."""
        path = re.sub(r"[?#].*$", "", url)
        _before, marker, name = path.rpartition("/uploads/")
        if not marker:
            name = path.rpartition("/")[2]
        full = re.sub(r"-\d+x\d+(\.\w+)$", r"\1", name)
        return full if within(self.folder, full) else name


class _Legal:
    """A file without the characters that XML does not allow, and without bytes that are not UTF-8."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")

    def read(self, size: int = 65536) -> bytes:
        while data := self.file.read(max(size, 65536)):
            text = self.decoder.decode(data.translate(None, _ILLEGAL))
            if text:
                return text.encode("utf-8")
        return self.decoder.decode(b"", True).encode("utf-8")


def _name(element: Element) -> str:
    """Return 'content:encoded' and 'excerpt:encoded' in full, and all other names without their prefix."""
    space, _brace, name = element.tag.rpartition("}")
    return f"{'excerpt' if 'excerpt' in space else 'content'}:encoded" if name == "encoded" else name


def _text(item: Element, name: str) -> str:
    return next((one.text or "" for one in item if _name(one) == name), "").strip()


def _meta(item: Element) -> dict[str, Any]:
    """Return the custom fields of a post; a list where one has several values."""
    found: dict[str, Any] = {}
    for one in item:
        if _name(one) == "postmeta":
            key, value = _text(one, "meta_key"), _text(one, "meta_value")
            if key and value:
                found[key] = [*found[key], value] if isinstance(found.get(key), list) else (
                    [found[key], value] if key in found else value)  # fmt: skip
    return found


def _terms(item: Element) -> list[tuple[str, Any]]:
    """Return the names of categories, tags and other terms, each under the name of its taxonomy.

    Tags are ours at once; a mapping file says which taxonomy holds the conditions.
    """
    found: dict[str, list[str]] = {}
    for one in item:
        if _name(one) == "category" and one.text:
            found.setdefault(one.get("domain") or "category", []).append(" ".join(one.text.split()))
    named = {"post_tag": "tags"}
    return [(named.get(domain, domain), words) for domain, words in found.items()
            if (domain, words) != ("category", ["Uncategorized"])]  # fmt: skip
