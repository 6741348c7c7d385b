"""Records each publication of a case study, for its readers."""

from __future__ import annotations

from django.utils import timezone
from wagtail.models import Revision

from casestudies.models import CaseStudyPage, CaseVersion


def record_version(instance: CaseStudyPage, revision: Revision | None = None, **_rest: object) -> None:
    """Record the version that was just published.

    Publishing one revision again is not a new version, and a note is recorded only for the first version it
    is on.
    """
    if revision is None or not instance.live:
        return
    note = instance.change_note.strip()
    if note == instance.last_change_note():
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
