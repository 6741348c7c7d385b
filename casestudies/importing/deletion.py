"""When an imported case is deleted, its record goes with it; only a hash keeps it from coming back."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete

from casestudies.models import CaseStudyPage, ImportedCase


def forget(instance: CaseStudyPage, **_rest: Any) -> None:
    for origin in ImportedCase.objects.filter(page_id=instance.pk):
        origin.forget()


def follow() -> None:
    """Start listening; called once, when the room is ready."""
    pre_delete.connect(forget, sender=CaseStudyPage, dispatch_uid="casestudies_forget_imported")
