"""Remove a person's quotes from the stories of others, when the person's data are erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, Revision

from consent.models import Person
from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryPage
from interviews.models import Excerpt
from withdrawal.erasure import services

STREAMS = ("before", "during", "after")


def remove_quotes(_person: Person, found: dict[Any, Model]) -> None:
    """Remove the person's quotes from other people's stories, public and draft. Every version stays."""
    excerpts = {record.pk for record in found.values() if isinstance(record, Excerpt)}
    own_pages = {record.pk for record in found.values() if isinstance(record, Page)}
    if not excerpts:
        return
    for story in StoryPage.objects.exclude(pk__in=own_pages).order_by("pk").iterator():
        streams = {name: getattr(story, name) for name in STREAMS}
        stored = {name: json.dumps(list(stream.raw_data)) for name, stream in streams.items()}
        if left := _streams_without(stored, excerpts):
            changed = {name: streams[name].stream_block.to_python(json.loads(left[name])) for name in left}
            # If another consent is missing, the gate would refuse to save it: then it is unpublished instead.
            StoryPage.objects.filter(pk=story.pk).update(**changed, compiled_from={})
    for number, content in _versions(own_pages):
        if changed := _streams_without(content, excerpts):
            content |= {**changed, "compiled_from": {}}
            Revision.objects.filter(pk=number).update(content=content)


def _versions(without: set[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and content of every version of the other stories, as stored: a version may be
    of another release, which this one cannot read into a page.
    """
    stories = Revision.objects.filter(content_type=ContentType.objects.get_for_model(StoryPage))
    others = stories.exclude(object_id__in=[str(number) for number in without])
    yield from others.order_by("pk").values_list("pk", "content").iterator(chunk_size=100)


def _streams_without(content: dict[str, Any], excerpts: set[int]) -> dict[str, str]:
    """Return the streams of a version that quote these excerpts, without the quotes."""
    changed = {}
    for name in STREAMS:
        stored = content.get(name)
        if isinstance(stored, str) and BLOCK in stored:
            items = json.loads(stored)
            kept = [item for item in items if not _is_quote_of(item, excerpts)]
            if len(kept) < len(items):
                changed[name] = json.dumps(kept)
    return changed


def _is_quote_of(item: Any, excerpts: set[int]) -> bool:
    return item["type"] == BLOCK and (item.get("value") or {}).get("excerpt") in excerpts


services.mention_erasers.append(remove_quotes)
