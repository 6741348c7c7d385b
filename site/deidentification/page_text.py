"""Collects all text of a page that could contain a name: its own text, alternative texts, captions, file
names, documents and the metadata of pictures.

Reading a file takes time, and a stored file never changes under the same name, so its text is cached.
"""

from __future__ import annotations

import hashlib
import html
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import regex
from django.core.cache import cache
from django.utils.translation import gettext as _
from PIL import ExifTags, Image
from wagtail.models import Page

from deidentification.document_texts import Joined, searched
from deidentification.identifiers import Finding
from deidentification.passages import Passage, passages
from deidentification.unread_documents import texts_of_scans
from documents import places
from media.models import Document, Picture
from publication.shown_files import shown_files

FILE_NAME, METADATA, PROGRAM_DATA = "file name", "metadata", "program data"
# Kinds of passages that are searched for private names, dates and numbers only.
NAMES_ONLY = frozenset({FILE_NAME, METADATA, PROGRAM_DATA})
# Fields filled from a calendar, a list or a switch. A date of review, for instance, identifies no one.
NO_TEXT = frozenset(
    {"DateField", "DateTimeField", "BooleanField", "PositiveSmallIntegerField", "IntegerField"}
)
CACHE_SECONDS = 24 * 3600
# Increase it when more is read of captions or metadata.
VERSION = 2
TIMINGS = regex.compile(r"(?m)^[ \t]*(?:\d+:)?\d\d:\d\d\.\d{3}[ \t]*-->[ \t]*(?:\d+:)?\d\d:\d\d\.\d{3}")
LONGEST = 400_000  # characters read of captions or metadata


def words_of(page: Page, files: Iterable[Any] | None = None) -> Iterator[Passage]:
    """Yield every passage to search, in the page's order, then those of its files.

    `files`: the files that the page shows, where they have been read already.
    """
    yield from (passage for passage in passages(page) if passage.kind not in NO_TEXT)
    yield Passage("field:slug", _("Address"), (page.slug or "").replace("-", " "), FILE_NAME)
    for thing in shown_files(page) if files is None else files:
        yield from words_of_file(thing)


def is_credit(page: Page, passage: Passage) -> bool:
    """Return whether a passage names professionals or sources on purpose: 'field:edited_by'."""
    return passage.part.partition(":")[2].partition(":")[0] in page.credit_fields


def words_of_file(thing: Any) -> Iterator[Passage]:
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
        found = searched(thing)
        data = [text for text in found.hidden if places.is_program_data(text[0])]
        written = [text for text in found.hidden if not places.is_program_data(text[0])]
        for end, kind, texts in (
            ("text", "", found.visible),
            ("hidden", METADATA, written),
            ("data", PROGRAM_DATA, data),
        ):
            joined = Joined.of(label, texts)
            yield Passage(f"{part}:{end}", label, joined.text, kind, joined)
        if recognised := texts_of_scans(thing, found):
            joined = Joined.of(label, recognised)
            yield Passage(f"{part}:scan", label, joined.text, "", joined)
    else:
        yield Passage(f"{part}:transcript", f"{label}: {_('transcript')}", thing.fitting_transcript)
        yield from _of_tracks(thing)


def captions_of(page: Page) -> Iterator[Passage]:
    """Yield the words of the captions of a page's recordings. Reads no other file."""
    for thing in shown_files(page):
        if hasattr(thing, "tracks"):
            yield from _of_tracks(thing)


def _of_tracks(recording: Any) -> Iterator[Passage]:
    kind = str(recording._meta.verbose_name)
    label = f"{kind[:1].upper()}{kind[1:]} {recording.pk}: {_('captions')}"
    for track in recording.fitting_tracks:
        part = f"{recording._meta.model_name}:{recording.pk}:captions:{track.pk}"
        yield Passage(f"{part}:label", f"{label}: {_('name in the menu')}", track.label, METADATA)
        yield Passage(part, label, _read(track, _captions))


def located(passage: Passage, findings: Iterable[Finding]) -> Passage:
    """Return a passage of a document with a label that says where in the document the findings are."""
    if not isinstance(passage.value, Joined):
        return passage
    return replace(passage, label=passage.value.labels(finding.at for finding in findings))


def _read(thing: Any, reader: Callable[[Any], str]) -> str:
    """Return what `reader` reads from the file of `thing`, '' for a file that cannot be read."""
    name = hashlib.sha256(f"{reader.__name__}:{thing.file.name}".encode()).hexdigest()
    key = f"searched:{VERSION}:{name}"
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
    """Return the words and speakers of a WebVTT file, and everything else that is written in it."""
    text = html.unescape(file.read().decode("utf-8", "replace"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").removeprefix("WEBVTT")
    text = TIMINGS.sub("\n", text)
    text = regex.sub(r"<v(?:\.[^\s>]*)? ([^>]*)>", r"\1: ", text)
    # A tag in the middle of a word would hide it. Names of classes are not shown, but they are in the file.
    tags = " ".join(regex.findall(r"<([^<>\n]*)>", text))
    return f"{regex.sub(r'<[^<>]*>', '', text)}\n{tags}".strip()
