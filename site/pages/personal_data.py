"""Removes what the home page holds of an erased person: words quoted from their story."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, Revision

from consent.models import Person
from pages.models import HomePage
from withdrawal.erasure import services


def remove_from_home(_person: Person, found: dict[Any, Model]) -> None:
    """Remove an erased person's words from home pages, public and draft. Every version stays."""
    gone = {row.pk for row in found.values() if isinstance(row, Page)}
    if not gone:
        return
    for home in HomePage.objects.all():
        stored = {"quote_story": home.quote_story_id, "lead_story": home.lead_story_id}
        if changed := _without(stored, gone):
            for name, value in changed.items():
                setattr(home, name, value)
            home.save()
    # As they are stored: a version may be of another release, which this one cannot read into a page.
    versions = Revision.objects.filter(content_type=ContentType.objects.get_for_model(HomePage))
    for number, content in versions.order_by("pk").values_list("pk", "content").iterator(chunk_size=100):
        if changed := _without(content, gone):
            Revision.objects.filter(pk=number).update(content={**content, **changed})


def _without(stored: dict[str, Any], gone: set[int]) -> dict[str, Any]:
    """Return the fields of a version that show these pages, emptied."""
    changed: dict[str, Any] = {}
    if stored.get("quote_story") in gone:
        changed |= {"quote": "", "quote_speaker": "", "quote_story": None}
    if stored.get("lead_story") in gone:
        changed["lead_story"] = None
    return changed


services.mention_erasers.append(remove_from_home)
