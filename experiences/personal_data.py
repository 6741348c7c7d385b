"""What stories of others hold of a person: quotes from interviews in which they spoke."""

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


def remove_quotes(person: Person, found: dict[Any, Model]) -> None:
    """Take the person's quotes out of other people's stories, public and draft, and let go of older drafts."""
    excerpts = {thing.pk for thing in found.values() if isinstance(thing, Excerpt)}
    mine = {thing.pk for thing in found.values() if isinstance(thing, Page)}
    if not excerpts:
        return
    for story in StoryPage.objects.exclude(pk__in=mine).order_by("pk").iterator():
        draft = story.get_latest_revision_as_object()
        if not (_quotes(story, excerpts) or _quotes(draft, excerpts)):
            continue
        was_live = story.live
        # The gate refuses to publish while a consent is missing: what was public comes down rather than keep a quote.
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


def _quotes(page: Any, excerpts: set[int]) -> bool:
    return any(_is_quote_of(item, excerpts) for name in STREAMS for item in getattr(page, name).raw_data)


def _is_quote_of(item: Any, excerpts: set[int]) -> bool:
    return item["type"] == BLOCK and (item.get("value") or {}).get("excerpt") in excerpts


services.mention_erasers.append(remove_quotes)
