"""Removes what the home page holds of an erased person: words quoted from their story."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q
from wagtail.models import Page

from consent.models import Person
from pages.models import HomePage
from withdrawal.erasure import services


def remove_from_home(_person: Person, found: dict[Any, Model]) -> None:
    """Remove an erased person's words from home pages, public and draft, and delete older drafts."""
    gone = [row.pk for row in found.values() if isinstance(row, Page)]
    chosen = Q(quote_story__in=gone) | Q(lead_story__in=gone)
    for home in HomePage.objects.filter(chosen):
        draft = home.get_latest_revision_as_object()
        for page in (home, draft):
            if page.quote_story_id in gone:
                page.quote, page.quote_speaker, page.quote_story = "", "", None
            if page.lead_story_id in gone:
                page.lead_story = None
        home.save()
        home.revisions.all().delete()
        revision = draft.save_revision()
        if home.live:
            Page.objects.filter(pk=home.pk).update(live_revision=revision)


services.mention_erasers.append(remove_from_home)
