"""Everything on a page that could carry a name: its words, alt texts, captions, file names, documents, image metadata.

Reading a file costs time, and stored files never change under the same name: what was read of one is kept in the cache.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

import regex
from django.core.cache import cache
from django.utils.translation import gettext as _
from PIL import ExifTags, Image

from deidentification.passages import Passage, passages
from deidentification.pdf_words import pdf_words
from media.models import Document, Picture
from publication.shown_files import shown_files

FILE_NAME, METADATA = "file name", "metadata"
# What is searched for private names, dates and numbers alone.
NAMES_ONLY = frozenset({FILE_NAME, METADATA})
# Fields that a form fills from a calendar, a list or a switch: a date of review identifies nobody.
NO_WORDS = frozenset(
    {"DateField", "DateTimeField", "BooleanField", "PositiveSmallIntegerField", "IntegerField"}
)
KEPT_FOR = 24 * 3600
LONGEST = 400_000  # characters read of one document


def words_of(page: Any) -> Iterator[Passage]:
    """Every passage to be searched, in the page's order, then its files."""
    yield from (one for one in passages(page) if one.kind not in NO_WORDS)
    yield Passage("field:slug", _("Address"), (page.slug or "").replace("-", " "), FILE_NAME)
    for thing in shown_files(page):
        yield from _of_file(thing)


def is_credit(page: Any, passage: Passage) -> bool:
    """Whether professionals or sources are named there on purpose: 'field:edited_by', 'row:authors:1'."""
    return passage.part.partition(":")[2].partition(":")[0] in page.credit_fields


def _of_file(thing: Any) -> Iterator[Passage]:
    kind = str(thing._meta.verbose_name)
    label = f"{kind[:1].upper()}{kind[1:]} {thing.pk}"
    part = f"{thing._meta.model_name}:{thing.pk}"
    name = PurePosixPath(str(thing.file.name or ""))
    yield Passage(
        f"{part}:name", f"{label}: {_('file name')}", regex.sub(r"[-_.\d]+", " ", name.stem), FILE_NAME
    )
    if isinstance(thing, Picture):
        yield Passage(f"{part}:alt", f"{label}: {_('alternative text')}", thing.alt_text)
        yield Passage(f"{part}:credit", f"{label}: {_('credit')}", thing.credit, METADATA)
        yield Passage(f"{part}:metadata", f"{label}: {_('hidden data')}", _read(thing, _metadata), METADATA)
        return
    yield Passage(f"{part}:title", f"{label}: {_('title')}", thing.title)
    if isinstance(thing, Document):
        yield Passage(f"{part}:text", f"{label}: {_('text')}", _read(thing, _document))
    else:
        for track in thing.tracks.all():
            yield Passage(f"{part}:captions:{track.pk}", f"{label}: {_('captions')}", _read(track, _captions))


def _read(thing: Any, reader: Callable[[Any], str]) -> str:
    """What `reader` finds in the file of `thing`; '' for a file that cannot be read."""
    name = hashlib.sha256(f"{reader.__name__}:{thing.file.name}".encode()).hexdigest()
    key = f"searched:{name}"
    kept = cache.get(key)
    if kept is None:
        try:
            with thing.file.open("rb") as opened:
                kept = reader(io.BytesIO(opened.read()))[:LONGEST]
        # A damaged file must not keep a page from being judged by the rest; it was validated when it was taken in.
        except Exception:
            return ""
        cache.set(key, kept, KEPT_FOR)
    return str(kept)


def _metadata(file: io.BytesIO) -> str:
    """What is written into a picture beside what it shows."""
    with Image.open(file) as picture:
        words = [value for value in picture.info.values() if isinstance(value, str)]
        exif = picture.getexif()
        tables = [exif, *(exif.get_ifd(table) for table in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo))]
        words += [str(value) for table in tables for value in table.values() if isinstance(value, str)]
    return " · ".join(words)


def _captions(file: io.BytesIO) -> str:
    text = file.read().decode("utf-8", "replace")
    spoken = [line for line in text.splitlines() if "-->" not in line and not line.startswith("WEBVTT")]
    return regex.sub(r"<v ([^>]*)>", r"\1: ", "\n".join(spoken))


def _document(file: io.BytesIO) -> str:
    """The words of a document and what is written into it beside them."""
    start = file.getvalue()[:8]
    if start.startswith(b"%PDF"):
        return pdf_words(file)
    if start.startswith(b"PK"):
        with zipfile.ZipFile(file) as held:
            names = [name for name in held.namelist() if name.endswith(".xml")]
            raw = " ".join(held.read(name).decode("utf-8", "replace") for name in names[:200])
        # Paragraphs and cells stay apart; within one, a word cut into runs becomes whole again.
        parted = regex.sub(r"</(?:w:p|text:p|text:h|si|row|dc:\w+|cp:\w+|meta:\w+)>", " \n", raw)
        return regex.sub(r"<[^>]+>", "", parted)
    return file.getvalue().decode("utf-8", "replace")
