"""Collects all text of a page that could contain a name: its own text, alternative texts, captions, file
names, documents and the metadata of pictures.

Reading a file takes time, and a stored file never changes under the same name, so its text is cached.
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
from wagtail.models import Page

from deidentification.passages import Passage, passages
from deidentification.pdf_words import pdf_words
from media.models import Document, Picture
from publication.shown_files import shown_files

FILE_NAME, METADATA = "file name", "metadata"
# Kinds of passages that are searched for private names, dates and numbers only.
NAMES_ONLY = frozenset({FILE_NAME, METADATA})
# Fields filled from a calendar, a list or a switch. A date of review, for instance, identifies no one.
NO_TEXT = frozenset(
    {"DateField", "DateTimeField", "BooleanField", "PositiveSmallIntegerField", "IntegerField"}
)
CACHE_SECONDS = 24 * 3600
LONGEST = 400_000  # characters read of one document


def words_of(page: Page) -> Iterator[Passage]:
    """Yield every passage to search, in the page's order, then those of its files."""
    yield from (passage for passage in passages(page) if passage.kind not in NO_TEXT)
    yield Passage("field:slug", _("Address"), (page.slug or "").replace("-", " "), FILE_NAME)
    for thing in shown_files(page):
        yield from _of_file(thing)


def is_credit(page: Page, passage: Passage) -> bool:
    """Return whether a passage names professionals or sources on purpose: 'field:edited_by'."""
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
    """Return what `reader` reads from the file of `thing`, '' for a file that cannot be read."""
    name = hashlib.sha256(f"{reader.__name__}:{thing.file.name}".encode()).hexdigest()
    key = f"searched:{name}"
    text = cache.get(key)
    if text is None:
        try:
            with thing.file.open("rb") as opened:
                text = reader(io.BytesIO(opened.read()))[:LONGEST]
        # A damaged file must not stop the search of the rest. Files are validated when they are uploaded.
        except Exception:
            return ""
        cache.set(key, text, CACHE_SECONDS)
    return str(text)


def _metadata(file: io.BytesIO) -> str:
    """Return the text in the metadata of a picture."""
    with Image.open(file) as picture:
        words = [value for value in picture.info.values() if isinstance(value, str)]
        exif = picture.getexif()
        tables = [exif, *(exif.get_ifd(table) for table in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo))]
        words += [str(value) for table in tables for value in table.values() if isinstance(value, str)]
    return " · ".join(words)


def _captions(file: io.BytesIO) -> str:
    """Return the words and speakers of a WebVTT file."""
    text = file.read().decode("utf-8", "replace")
    spoken = [line for line in text.splitlines() if "-->" not in line and not line.startswith("WEBVTT")]
    return regex.sub(r"<v ([^>]*)>", r"\1: ", "\n".join(spoken))


def _document(file: io.BytesIO) -> str:
    """Return the text of a document and of its metadata."""
    start = file.getvalue()[:8]
    if start.startswith(b"%PDF"):
        return pdf_words(file)
    if start.startswith(b"PK"):
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            raw = " ".join(archive.read(name).decode("utf-8", "replace") for name in names[:200])
        # Keep paragraphs and cells apart; within one, join words that are split into runs.
        parted = regex.sub(r"</(?:w:p|text:p|text:h|si|row|dc:\w+|cp:\w+|meta:\w+)>", " \n", raw)
        return regex.sub(r"<[^>]+>", "", parted)
    return file.getvalue().decode("utf-8", "replace")
