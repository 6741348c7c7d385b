"""Reassesses pages when a consent, a person, or the people shown in a picture or recording change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from consent.events import consent_changed
from consent.models import Depiction
from publication import reassess
from publication.models import PageDependency


def consent_was_changed(people: Iterable[int], at: Any = None, **_kwargs: object) -> reassess.Reassessed:
    """Unpublish or redact what may no longer be public after the consents of these people changed."""
    return reassess.reassess_people(people, at)


def depiction_was_changed(instance: Depiction, raw: bool = False, **_kwargs: object) -> None:
    """Reassess the pages that show a picture or recording after the people shown in it change."""
    if raw:
        return
    shown = Q(picture=instance.picture_id) if instance.picture_id else Q(recording=instance.recording_id)
    reassess.reassess_pages(PageDependency.objects.filter(shown).values_list("page", flat=True))


def connect_signals() -> None:
    """Connect the receivers of this module."""
    consent_changed.connect(consent_was_changed, dispatch_uid="publication.consent_changed")
    for signal in (post_save, post_delete):
        signal.connect(
            depiction_was_changed, sender=Depiction, dispatch_uid=f"publication.depiction.{id(signal)}"
        )
