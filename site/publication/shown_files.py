"""The pictures, recordings and documents that a page in memory shows, and the part of the page that shows
each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex

from media import preload
from media.models import Document, Picture, Recording
from publication.stored_rows import rows_of
from queries import kept

# (content type of the file or other object, its id, path in the model, path in the content)
Reference = tuple[int, str, str, str]


@dataclass(frozen=True)
class ShownFile:
    """A picture or recording and the part of the page that shows it ('block:<id>' or 'field:<name>')."""

    part: str
    kind: str
    number: int


def references_of(page: Page) -> list[Reference]:
    """Return what a page in memory refers to, as Wagtail's reference index stores it.

    While the page is published, it is collected once. Its media are read together.
    """
    return kept.once(page, "references", lambda: _references_of(page))


def _references_of(page: Page) -> list[Reference]:
    deferred = page.get_deferred_fields()
    values = (
        getattr(page, field.name)
        for field in page._meta.concrete_fields
        if isinstance(field, StreamField) and field.attname not in deferred
    )
    streams = [value for value in values if isinstance(value, StreamValue)]
    with preload.preloading(*streams, with_sizes=False):
        return list(ReferenceIndex._extract_references_from_object(page))


def shown_media(page: Page) -> list[ShownFile]:
    """Return the pictures and recordings that a page shows.

    Makes no query except for content types, which are cached.
    """
    kinds = {
        ContentType.objects.get_for_model(Picture).pk: "picture",
        ContentType.objects.get_for_model(Recording).pk: "recording",
    }
    found: dict[ShownFile, None] = {}
    for to_type, number, _model_path, path in references_of(page):
        kind = kinds.get(to_type)
        if kind:
            found[ShownFile(part_of(page, path), kind, int(number))] = None
    return list(found)


def part_of(page: Page, path: str) -> str:
    """Return 'block:<id>' for content of a block of a stream (the outermost block), else 'field:<name>'."""
    name, _dot, rest = path.partition(".")
    # Asking the field, not its value: that would load the picture of the page.
    in_stream = any(
        field.name == name for field in page._meta.concrete_fields if isinstance(field, StreamField)
    )
    return f"block:{rest.partition('.')[0]}" if in_stream and rest else f"field:{name}"


def shown_files(page: Page) -> list[Any]:
    """Return the pictures, recordings and documents on the page."""
    models = {ContentType.objects.get_for_model(model).pk: model for model in (Picture, Recording, Document)}
    numbers: dict[Any, set[str]] = {}
    for to_type, number, _model_path, _path in references_of(page):
        if model := models.get(to_type):
            numbers.setdefault(model, set()).add(number)
    rows = (rows_of(model).of_all(sorted(map(int, found))) for model, found in numbers.items())
    return [file for found in rows for file in found.values() if file is not None]
