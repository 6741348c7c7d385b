"""Keep stories up to date when they are published or unpublished, or when interviews behind them change."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from experiences import related_stories
from experiences.balance import pages_covering, recount
from experiences.clips import (
    forget_interviews,
    has_interviews,
    is_recorded,
    links_of,
    read_interviews,
    reread,
    story_was_published,
)
from experiences.interview_identifiers import interviews_of
from experiences.models import StoryInterview, StoryPage, VideoPage
from interviews.models import IdentifierDecision, Interview, InterviewContributor, Transcript
from publication import reassess
from publication.events import pages_published, read_ahead, shown_changed
from publication.together import is_publishing_many
from treatments.models import TreatmentPage

# A change of one of these fields of an interview changes what its published stories show.
SHOWN_FIELDS = frozenset(
    {"full_transcript_allowed", "recording", "interviewer", "interviewer_employer", "held_on"}
)


def connect_signals() -> None:
    """Connect the receivers; called once, when the app is ready."""
    page_published.connect(story_published, sender=StoryPage)
    page_unpublished.connect(story_unpublished, sender=StoryPage)
    shown_changed.connect(parts_changed)
    post_save.connect(contributor_changed, sender=InterviewContributor)
    post_delete.connect(contributor_changed, sender=InterviewContributor)
    post_save.connect(interview_saved, sender=Interview)
    pre_delete.connect(interview_deleted, sender=Interview)
    post_save.connect(transcript_imported, sender=Transcript)
    post_save.connect(identifier_decided, sender=IdentifierDecision)
    post_delete.connect(identifier_decided, sender=IdentifierDecision)

    pre_save.connect(remember_treatment_pages, sender=StoryPage)
    pre_delete.connect(remember_treatment_pages, sender=StoryPage)
    page_published.connect(recount_treatment_pages, sender=StoryPage)
    page_unpublished.connect(recount_treatment_pages, sender=StoryPage)
    post_delete.connect(recount_after_delete, sender=StoryPage)
    for kind in (StoryPage, VideoPage):
        page_published.connect(choose_related, sender=kind)
        page_unpublished.connect(choose_related, sender=kind)
        post_delete.connect(forget_related, sender=kind)
    page_published.connect(treatment_page_published, sender=TreatmentPage)
    read_ahead.connect(read_stories_ahead, dispatch_uid="experiences.read_ahead")
    pages_published.connect(stories_published, sender=StoryPage)


def story_published(instance: StoryPage, **_rest: object) -> None:
    story_was_published(instance)


def story_unpublished(instance: StoryPage, **_rest: object) -> None:
    forget_interviews(instance.pk)


def parts_changed(pages: list[Page], **_rest: object) -> None:
    """Update clips and transcripts after a consent changed which parts of stories may be shown."""
    for page in pages:
        if isinstance(page, StoryPage) and has_interviews(page):
            read_interviews(page.pk)


def contributor_changed(instance: InterviewContributor, **rest: Any) -> None:
    """Reassess the stories of an interview: another person may now be the one who is quoted and heard."""
    if not rest.get("raw"):
        published = StoryInterview.objects.filter(interview=instance.interview_id)
        reassess.reassess_pages(published.values_list("page", flat=True))


def interview_saved(
    instance: Interview, created: bool, raw: bool, update_fields: frozenset[str] | None, **_rest: object
) -> None:
    """Update stories after consent to the whole transcript was withdrawn, or a recording replaced."""
    if not created and not raw and (update_fields is None or SHOWN_FIELDS & update_fields):
        reread(instance)


def interview_deleted(instance: Interview, **_rest: object) -> None:
    """Remove all clips of an interview: its excerpts are deleted with it."""
    reread(instance)


def transcript_imported(instance: Transcript, raw: bool, **_rest: object) -> None:
    """Publish the corrected transcript."""
    if not raw:
        reread(instance.interview)


def identifier_decided(instance: IdentifierDecision, **_rest: object) -> None:
    reread(instance.interview)


# The balance of stories -------------------------------------------------------------------------------------


def remember_treatment_pages(instance: StoryPage, raw: bool = False, **_rest: object) -> None:
    """Remember which treatment pages count the story: its conditions may be about to change."""
    if instance.pk and not raw:
        instance.counted_in = pages_covering(instance.pk)


def recount_treatment_pages(instance: StoryPage, **_rest: object) -> None:
    if is_publishing_many():
        return
    recount(instance.counted_in | pages_covering(instance.pk), changed=[instance.pk])


def recount_after_delete(instance: StoryPage, **_rest: object) -> None:
    recount(instance.counted_in, changed=[instance.pk])


def treatment_page_published(instance: TreatmentPage, **_rest: object) -> None:
    recount([instance.pk])


# Related stories --------------------------------------------------------------------------------------------


def choose_related(instance: StoryPage | VideoPage, **_rest: object) -> None:
    if not is_publishing_many():
        related_stories.page_changed(instance.pk)


def forget_related(instance: StoryPage | VideoPage, **_rest: object) -> None:
    related_stories.page_deleted(instance.pk)


# Many stories at once ---------------------------------------------------------------------------------------


def read_stories_ahead(pages: list[Page], **_rest: object) -> None:
    """Read the interviews and clips of the drafts of a batch."""
    stories = [page.pk for page in pages if isinstance(page, StoryPage)]
    for lookup in (interviews_of, links_of, is_recorded):
        lookup.read_ahead(stories)


def stories_published(pages: list[StoryPage], **_rest: object) -> None:
    """Count and choose again after many stories were published. Their terms are those of their drafts."""
    numbers = [page.pk for page in pages]
    recount(pages_covering(*numbers), changed=numbers)
    related_stories.pages_changed(numbers)
