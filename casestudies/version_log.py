"""Writes down each publication of a case study, for its readers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.models import Revision
from wagtail.signals import page_published

from casestudies.models import CaseStudyPage, CaseVersion


def record(instance: CaseStudyPage, revision: Revision | None = None, **_rest: Any) -> None:
    """Publishing one revision again is no new version; a note that was told before is not told twice."""
    if revision is None or not instance.live:
        return
    note = instance.change_note.strip()
    if note == instance.last_told_change():
        note = ""
    CaseVersion.objects.get_or_create(
        page=instance,
        revision_id=revision.pk,
        defaults={
            "number": instance.version,
            "published_at": instance.last_published_at or timezone.now(),
            "note": note,
        },
    )


def follow() -> None:
    """Start listening; called once, when the room is ready."""
    page_published.connect(record, sender=CaseStudyPage, dispatch_uid="casestudies_versions")
