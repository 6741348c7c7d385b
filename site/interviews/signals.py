"""Keeps interviews in step with their stories, and deletes files with the rows that own them."""

from __future__ import annotations

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from interviews.models import Interview, Transcript
from interviews.progress import refresh_state
from media.on_commit import after_commit
from publication.events import pages_published
from publication.together import is_publishing_many


def connect_signals() -> None:
    """Connect the receivers of this app."""
    page_published.connect(refresh_interviews_of, dispatch_uid="interviews_published")
    page_unpublished.connect(refresh_interviews_of, dispatch_uid="interviews_unpublished")
    pages_published.connect(refresh_interviews_of_many, dispatch_uid="interviews_published_together")
    for model in (Interview, Transcript):
        post_delete.connect(remove_file, sender=model, dispatch_uid=f"interviews_files_{model.__name__}")


def refresh_interviews_of(instance: Page, **_rest: object) -> None:
    """Update the state of a story's interviews when the story is published or unpublished."""
    if is_publishing_many():
        return
    for interview in Interview.objects.filter(story_id=instance.pk):
        if isinstance(instance, Interview._meta.get_field("story").related_model):
            interview.story = instance  # the page that was just stored
        refresh_state(interview)


def refresh_interviews_of_many(pages: list[Page], **_rest: object) -> None:
    """Update the state of the interviews of stories that were published together."""
    for interview in Interview.objects.filter(story_id__in=[page.pk for page in pages]):
        refresh_state(interview)


def remove_file(instance: Interview | Transcript, **_rest: object) -> None:
    """Delete the recording of a deleted interview, and the file of a deleted transcript."""
    file = instance.recording if isinstance(instance, Interview) else instance.source
    if file:
        after_commit(file.storage.delete, file.name or "")
