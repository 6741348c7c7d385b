"""Reads texts as they are stored, and what is asked of many pages together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from typing import Any

import regex
from wagtail.fields import StreamField

from consent.models import Person
from media import preload
from mentions.matching import carries, words_of
from publication.consent_requirements import depicted_in, first_locales
from publication.events import read_ahead
from publication.shown_files import shown_media
from publication.stored_rows import rows_of
from queries import kept

Run = tuple[str, ...]

_TAG = regex.compile(r"<[^>]*>")
# Tags within a word or sentence.
_INLINE = regex.compile(r"</?(?:a|b|i|em|strong|span|sub|sup|wbr)\b[^>]*>")


def plain_text(html: str) -> str:
    """Return the text of HTML; words in bold or links are whole."""
    return unescape(_TAG.sub(" ", _INLINE.sub("", html)))


def leaves(raw: Any, kind: type) -> Iterator[Any]:
    """Yield the values of a type in stored data."""
    if isinstance(raw, kind):
        yield raw
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from leaves(value, kind)
    elif isinstance(raw, list | tuple):
        for value in raw:
            yield from leaves(value, kind)


def words_carrying(page: Any, some: Collection[Run], fields: Collection[str]) -> Iterator[str]:
    """Yield the words of those blocks of a page that carry one of some runs, and those of these fields."""
    for column in page._meta.concrete_fields:
        if isinstance(column, StreamField):
            stream = getattr(page, column.name)
            for place, item in enumerate(stream.raw_data):
                if carries(words_of(plain_text("\n".join(leaves(item, str)))), some):
                    child = stream[place]
                    yield " · ".join(child.block.get_searchable_content(child.value))
        elif f"field:{column.name}" in fields and column.name not in page.credit_fields:
            yield str(getattr(page, column.name))


def interviews_ahead(pages: Sequence[Any]) -> None:
    """Read together the interviews and names of pages about people, to be kept (`queries.kept`)."""
    people = {person for page in pages for person in page.people_told_of()}
    rows_of(Person).read_ahead(sorted(people))
    read_ahead.send(sender=None, pages=pages, people=sorted(people))


@contextmanager
def read_together(pages: Sequence[Any]) -> Iterator[None]:
    """Read together what is asked of each of these pages about people, and keep it in this block."""
    streams = [
        stream
        for page in pages
        for column in page._meta.concrete_fields
        if isinstance(column, StreamField) and (stream := getattr(page, column.name))
    ]
    with kept.keeping(), preload.preloading(*streams, with_sizes=False):
        if pages:
            first_locales.read_ahead(page.translation_key for page in pages)
            interviews_ahead(pages)
            depicted_in.read_ahead((file.kind, file.number) for page in pages for file in shown_media(page))
        yield


__all__ = ["interviews_ahead", "leaves", "plain_text", "read_together", "words_carrying"]
