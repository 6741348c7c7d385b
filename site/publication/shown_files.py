"""The pictures, recordings and documents that a page in memory shows, and the part of the page that shows
each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from media.models import Document, Picture, Recording


@dataclass(frozen=True)
class ShownFile:
    """A picture or recording and the part of the page that shows it ('block:<id>' or 'field:<name>')."""

    part: str
    kind: str
    number: int


def shown_media(page: Page) -> list[ShownFile]:
    """Return the pictures and recordings that a page shows.

    Makes no query except for content types, which are cached.
    """
    kinds = {
        ContentType.objects.get_for_model(Picture).pk: "picture",
        ContentType.objects.get_for_model(Recording).pk: "recording",
    }
    found: dict[ShownFile, None] = {}
    for to_type, number, _model_path, path in ReferenceIndex._extract_references_from_object(page):
        kind = kinds.get(to_type)
        if kind:
            found[ShownFile(part_of(page, path), kind, int(number))] = None
    return list(found)


def part_of(page: Page, path: str) -> str:
    """Return 'block:<id>' for content of a block of a stream (the outermost block), else 'field:<name>'."""
    name, _dot, rest = path.partition(".")
    in_stream = hasattr(page, name) and hasattr(getattr(page, name), "stream_block")
    return f"block:{rest.partition('.')[0]}" if in_stream and rest else f"field:{name}"


def shown_files(page: Page) -> list[Any]:
    """Return the pictures, recordings and documents on the page."""
    models = {ContentType.objects.get_for_model(model).pk: model for model in (Picture, Recording, Document)}
    numbers: dict[Any, set[str]] = {}
    for to_type, number, _model_path, _path in ReferenceIndex._extract_references_from_object(page):
        if model := models.get(to_type):
            numbers.setdefault(model, set()).add(number)
    return [file for model, found in numbers.items() for file in model._default_manager.filter(pk__in=found)]
