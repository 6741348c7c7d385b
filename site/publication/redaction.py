"""Leaving parts out of a page that is shown: blocks of its streams, pictures, recordings, whole fields.

Done on the page in memory, before anything reads it: what is left out is then in no template, no list, no data for
search engines and no search index, whoever wrote those. Parts that are no field and no block of the page ('clip:...',
'transcript:...', 'use:...') are left out where they are put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.query import ModelIterable
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

FIELD, BLOCK = "field:", "block:"


class RedactedPageSaved(RuntimeError):
    """A page from which parts were left out is to be saved: they would be lost."""


def stream_fields(page: Any) -> list[StreamField]:
    return [field for field in page._meta.get_fields() if isinstance(field, StreamField)]


def name_blocks(page: Any) -> None:
    """Give every block an id now, as storing it would: by its id a part is left out."""
    for field in stream_fields(page):
        if field.attname not in page.get_deferred_fields():
            value = getattr(page, field.attname)
            if isinstance(value, StreamValue):
                value.get_prep_value()


def redact(page: Any, parts: Iterable[str]) -> None:
    """Take these parts out of a page in memory. It cannot be saved any more."""
    parts = frozenset(parts)
    for part in parts:
        if part.startswith(FIELD):
            _empty(page, part.removeprefix(FIELD))
    blocks = {part.removeprefix(BLOCK) for part in parts if part.startswith(BLOCK)}
    if blocks:
        for field in stream_fields(page):
            _without(page, field, blocks)


def _empty(page: Any, name: str) -> None:
    try:
        field = page._meta.get_field(name)
    except FieldDoesNotExist:
        return
    if isinstance(field, StreamField):
        setattr(page, name, StreamValue(field.stream_block, []))
    elif isinstance(field, models.ForeignKey):
        setattr(page, name, None)
    elif isinstance(field, models.Field):
        setattr(page, name, "" if isinstance(field, models.CharField | models.TextField) else None)
    else:  # rows of a child table
        setattr(page, name, [])


def _without(page: Any, field: StreamField, blocks: set[str]) -> None:
    if field.attname in page.get_deferred_fields():
        # Who did not read it does not show it; who asks later gets nothing rather than too much.
        setattr(page, field.attname, StreamValue(field.stream_block, []))
        return
    value = getattr(page, field.attname)
    kept = [item for item in value.raw_data if str(item.get("id")) not in blocks]
    if len(kept) < len(value.raw_data):
        setattr(page, field.attname, StreamValue(field.stream_block, kept, is_lazy=True))


class RedactedIterable(ModelIterable):  # type: ignore[type-arg]
    """For a query of pages joined with their clearance: each page without what is left out."""

    def __iter__(self) -> Iterator[Any]:
        for page in super().__iter__():
            page.redact(page.redacted_parts)
            yield page
