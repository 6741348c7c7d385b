"""Connects what follows when an imported story is deleted, and this app's lines of the checklist."""

from __future__ import annotations

from django.db.models.signals import pre_delete

from experiences.models import StoryPage
from importing.checklist_lines import import_lines
from importing.models import ImportedStory
from publication import checklist


def forget_record(instance: StoryPage, **_rest: object) -> None:
    """Empty the import record of a story that is being deleted."""
    for imported in ImportedStory.objects.filter(page_id=instance.pk):
        imported.forget()


def connect_signals() -> None:
    """Connect all receivers of this app."""
    pre_delete.connect(forget_record, sender=StoryPage, dispatch_uid="importing_forget_story")
    checklist.register(import_lines)
