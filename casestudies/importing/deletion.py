"""When an imported case is deleted, its record goes with it; only a hash keeps it from coming back."""

from __future__ import annotations

from casestudies.models import CaseStudyPage, ImportedCase


def forget_record(instance: CaseStudyPage, **_rest: object) -> None:
    """Empty the import record of a case study that is being deleted."""
    for origin in ImportedCase.objects.filter(page_id=instance.pk):
        origin.forget()
