"""Redacts parts of a page that is shown: blocks of its streams, pictures, recordings, whole fields.

The page is changed in memory before anything reads it, so that a redacted part reaches no template, list,
structured data or search index. Parts that are not a field or a block of the page ('clip:...',
'transcript:...', 'use:...') are redacted by the code that adds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.query import ModelIterable
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page

FIELD, BLOCK = "field:", "block:"


class RedactedPageSaved(RuntimeError):
    """A redacted page cannot be saved: its redacted parts would be lost."""


def stream_fields(page: Page) -> list[StreamField]:
    """Return the stream fields of a page."""
    return [field for field in page._meta.get_fields() if isinstance(field, StreamField)]


def name_blocks(page: Page) -> None:
    """Give every block an id now, as saving would, because a block is redacted by its id."""
    for field in stream_fields(page):
        if field.attname not in page.get_deferred_fields():
            value = getattr(page, field.attname)
            if isinstance(value, StreamValue):
                value.get_prep_value()


def redact(page: Page, parts: Iterable[str]) -> None:
    """Remove these parts from a page in memory. The page can no longer be saved."""
    parts = frozenset(parts)
    for part in parts:
        if part.startswith(FIELD):
            _empty_field(page, part.removeprefix(FIELD))
    blocks = {part.removeprefix(BLOCK) for part in parts if part.startswith(BLOCK)}
    if blocks:
        for field in stream_fields(page):
            _remove_blocks(page, field, blocks)


def _empty_field(page: Page, name: str) -> None:
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


def _remove_blocks(page: Page, field: StreamField, blocks: set[str]) -> None:
    if field.attname in page.get_deferred_fields():
        # Code that did not load the field does not show it; code that loads it later gets nothing rather than
        # too much.
        setattr(page, field.attname, StreamValue(field.stream_block, []))
        return
    value = getattr(page, field.attname)
    remaining = [item for item in value.raw_data if str(item.get("id")) not in blocks]
    if len(remaining) < len(value.raw_data):
        setattr(page, field.attname, StreamValue(field.stream_block, remaining, is_lazy=True))


class RedactedIterable(ModelIterable):  # type: ignore[type-arg]
    """Iterates over pages joined with their clearance, each without its redacted parts."""

    def __iter__(self) -> Iterator[Any]:
        for page in super().__iter__():
            page.redact(page.redacted_parts)
            yield page
