"""Keep stories up to date when they are published or unpublished, or when interviews behind them change."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from experiences.balance import pages_covering, recount
from experiences.clips import forget_interviews, read_interviews, reread
from experiences.models import StoryInterview, StoryPage
from interviews.models import IdentifierDecision, Interview, InterviewContributor, Transcript
from publication import reassess
from publication.events import shown_changed
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
    page_published.connect(treatment_page_published, sender=TreatmentPage)


def story_published(instance: StoryPage, **_rest: object) -> None:
    read_interviews(instance.pk)


def story_unpublished(instance: StoryPage, **_rest: object) -> None:
    forget_interviews(instance.pk)


def parts_changed(pages: list[Page], **_rest: object) -> None:
    """Update clips and transcripts after a consent changed which parts of stories may be shown."""
    for page in pages:
        if isinstance(page, StoryPage):
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
    recount(instance.counted_in | pages_covering(instance.pk))


def recount_after_delete(instance: StoryPage, **_rest: object) -> None:
    recount(instance.counted_in)


def treatment_page_published(instance: TreatmentPage, **_rest: object) -> None:
    recount([instance.pk])
