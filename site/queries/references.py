"""Stores in Wagtail's index what many new objects refer to, with one statement for all.

Wagtail puts each object that is saved into the index alone, in a task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import ReferenceIndex

# Content type and key of what is referred to, path in the model, path in the content.
Reference = tuple[int, str, str, str]


def store_new(things: Sequence[Model]) -> dict[Any, set[Reference]]:
    """Store what new objects of one model refer to, and return it by key."""
    found = {thing.pk: set(ReferenceIndex._extract_references_from_object(thing)) for thing in things}
    if things:
        add(type(things[0]), found)
    return found


def add(model: type[Model], found: Mapping[Any, Iterable[Reference]]) -> None:
    """Add references, by key of the object that has them. Those that are in the index stay."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    base = ReferenceIndex._get_base_content_type(model)
    ReferenceIndex.objects.bulk_create(
        [
            ReferenceIndex(
                content_type=kind,
                base_content_type=base,
                object_id=str(key),
                to_content_type_id=to_type,
                to_object_id=to_object,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for key, references in found.items()
            for to_type, to_object, model_path, content_path in references
        ],
        ignore_conflicts=True,
    )
