"""The pictures, recordings and documents that a page shows, as the page stands in memory, and which part shows each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex

from media.models import Document, Picture, Recording


@dataclass(frozen=True)
class Shown:
    """A picture or recording and the part of the page that shows it ('block:<id>' or 'field:<name>')."""

    part: str
    kind: str
    number: int


def shown_media(page: Any) -> list[Shown]:
    """The pictures and recordings a page shows, as it stands in memory: no query but for content types, which are kept."""
    kinds = {
        ContentType.objects.get_for_model(apps.get_model("media", name)).pk: name.lower()
        for name in ("Picture", "Recording")
    }
    found: dict[Shown, None] = {}
    for to_type, number, _model_path, path in ReferenceIndex._extract_references_from_object(page):
        kind = kinds.get(to_type)
        if kind:
            found[Shown(part_of(page, path), kind, int(number))] = None
    return list(found)


def part_of(page: Any, path: str) -> str:
    """'block:<id>' for what lies in a block of a stream (the outermost one), else 'field:<name>'."""
    name, _dot, rest = path.partition(".")
    in_stream = hasattr(page, name) and hasattr(getattr(page, name), "stream_block")
    return f"block:{rest.partition('.')[0]}" if in_stream and rest else f"field:{name}"


def shown_files(page: Any) -> list[Any]:
    """Return the pictures, recordings and documents on the page."""
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in (Picture, Recording, Document)}
    wanted: dict[Any, set[str]] = {}
    for to_type, number, _model_path, _path in ReferenceIndex._extract_references_from_object(page):
        if model := kinds.get(to_type):
            wanted.setdefault(model, set()).add(number)
    return [
        shown for model, numbers in wanted.items() for shown in model._default_manager.filter(pk__in=numbers)
    ]
