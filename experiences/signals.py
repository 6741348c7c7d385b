"""What follows when a story is published or taken back, or when something is decided about an interview behind one."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from experiences.balance import pages_covering, recount
from experiences.clips import forget_interviews, read_interviews, reread
from experiences.models import StoryInterview, StoryPage
from interviews.models import IdentifierDecision, Interview, InterviewContributor, Transcript
from publication import reassess
from publication.events import shown_changed
from treatments.models import TreatmentPage


@receiver(page_published, sender=StoryPage)
def story_published(instance: StoryPage, **_rest: Any) -> None:
    read_interviews(instance.pk)


@receiver(page_unpublished, sender=StoryPage)
def story_unpublished(instance: StoryPage, **_rest: Any) -> None:
    forget_interviews(instance.pk)


@receiver(shown_changed)
def parts_changed(pages: list[Any], **_rest: Any) -> None:
    """A consent changed what may be shown of stories: their clips and transcripts follow at once."""
    for page in pages:
        if isinstance(page, StoryPage):
            read_interviews(page.pk)


@receiver(post_save, sender=InterviewContributor)
@receiver(post_delete, sender=InterviewContributor)
def contributor_changed(instance: InterviewContributor, **rest: Any) -> None:
    """Another person may be the one who is quoted and heard: stories of that interview ask theirs."""
    if not rest.get("raw"):
        published = StoryInterview.objects.filter(interview=instance.interview_id)
        reassess.reassess_pages(published.values_list("page", flat=True))


@receiver(post_save, sender=Interview)
def interview_saved(
    instance: Interview, created: bool, raw: bool, update_fields: frozenset[str] | None, **_rest: Any
) -> None:
    """Consent to the whole transcript may have been taken back, or a recording replaced."""
    shown = {"full_transcript_allowed", "recording", "interviewer", "interviewer_employer", "held_on"}
    if not created and not raw and (update_fields is None or shown & update_fields):
        reread(instance)


@receiver(pre_delete, sender=Interview)
def interview_deleted(instance: Interview, **_rest: Any) -> None:
    """Its excerpts go with it, and with them every clip of them."""
    reread(instance)


@receiver(post_save, sender=Transcript)
def transcript_imported(instance: Transcript, raw: bool, **_rest: Any) -> None:
    """A corrected transcript is what is published of it."""
    if not raw:
        reread(instance.interview)


@receiver(post_save, sender=IdentifierDecision)
@receiver(post_delete, sender=IdentifierDecision)
def identifier_decided(instance: IdentifierDecision, **_rest: Any) -> None:
    reread(instance.interview)


# The balance of stories -------------------------------------------------------------------------------------


@receiver(pre_save, sender=StoryPage)
@receiver(pre_delete, sender=StoryPage)
def story_will_change(instance: StoryPage, raw: bool = False, **_rest: Any) -> None:
    """Remember where it was counted: its conditions may be other ones in a moment."""
    if instance.pk and not raw:
        instance.counted_in = pages_covering(instance.pk)


@receiver(page_published, sender=StoryPage)
@receiver(page_unpublished, sender=StoryPage)
def story_counts_anew(instance: StoryPage, **_rest: Any) -> None:
    recount(instance.counted_in | pages_covering(instance.pk))


@receiver(post_delete, sender=StoryPage)
def deleted_story_counts_no_more(instance: StoryPage, **_rest: Any) -> None:
    recount(instance.counted_in)


@receiver(page_published, sender=TreatmentPage)
def treatment_page_counts_its_stories(instance: TreatmentPage, **_rest: Any) -> None:
    recount([instance.pk])
