"""What the home page may hold of a person: words quoted from their story."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q
from wagtail.models import Page

from consent.models import Person
from pages.models import HomePage
from withdrawal.erasure import services


def remove_from_home(person: Person, found: dict[Any, Model]) -> None:
    """Take their words off home pages, public and draft, and let go of older drafts."""
    gone = [thing.pk for thing in found.values() if isinstance(thing, Page)]
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
