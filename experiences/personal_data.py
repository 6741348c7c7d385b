"""Remove a person's quotes from the stories of others, when the person's data are erased."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from wagtail.models import Page

from consent.models import Person
from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryPage
from interviews.models import Excerpt
from withdrawal.erasure import services

STREAMS = ("before", "during", "after")


def remove_quotes(_person: Person, found: dict[Any, Model]) -> None:
    """Remove the person's quotes from other people's stories, public and draft, and delete older drafts."""
    excerpts = {record.pk for record in found.values() if isinstance(record, Excerpt)}
    own_pages = {record.pk for record in found.values() if isinstance(record, Page)}
    if not excerpts:
        return
    for story in StoryPage.objects.exclude(pk__in=own_pages).order_by("pk").iterator():
        draft = story.get_latest_revision_as_object()
        if not (_quotes(story, excerpts) or _quotes(draft, excerpts)):
            continue
        was_live = story.live
        # If another consent is missing, the gate refuses to publish: then the page is unpublished instead.
        for page in (story, draft):
            for name in STREAMS:
                stream = getattr(page, name)
                kept = [item for item in stream.raw_data if not _is_quote_of(item, excerpts)]
                setattr(page, name, stream.stream_block.to_python(kept))
            page.compiled_from = {}
        StoryPage.objects.filter(pk=story.pk).update(
            **{name: getattr(story, name) for name in STREAMS}, compiled_from={}
        )
        story.revisions.all().delete()
        revision = draft.save_revision()
        if was_live:
            Page.objects.filter(pk=story.pk).update(live_revision=revision)


def _quotes(page: Page, excerpts: set[int]) -> bool:
    return any(_is_quote_of(item, excerpts) for name in STREAMS for item in getattr(page, name).raw_data)


def _is_quote_of(item: Any, excerpts: set[int]) -> bool:
    return item["type"] == BLOCK and (item.get("value") or {}).get("excerpt") in excerpts


services.mention_erasers.append(remove_quotes)
