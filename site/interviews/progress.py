"""How far an interview has come, and what is to be done next.

The state is read off what there is, and stored so that the list can be filtered by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import ngettext
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from interviews.models import Excerpt, Interview, InterviewContributor, InterviewState


def state_of(interview: Interview) -> InterviewState:
    """The furthest step that was taken."""
    story = interview.story
    if story is not None and story.live:
        return InterviewState.PUBLISHED
    if story is not None:
        return InterviewState.COMPILED
    if interview.excerpts.kept().exists():
        return InterviewState.CODED
    if interview.cues.exists():
        return InterviewState.TRANSCRIBED
    return InterviewState.RECEIVED


def refresh_state(interview: Interview) -> None:
    """Store the state where it changed."""
    state = state_of(interview)
    if state != interview.state:
        interview.state = state
        interview.save(update_fields=["state", "updated_at"])


def follow_story(instance: Page, **_rest: Any) -> None:
    """When a story is published or taken down, its interviews are published or no longer."""
    for interview in Interview.objects.filter(story_id=instance.pk):
        refresh_state(interview)


def follow_stories() -> None:
    """Start listening; called once, when the room is ready."""
    page_published.connect(follow_story, dispatch_uid="interviews_published")
    page_unpublished.connect(follow_story, dispatch_uid="interviews_unpublished")


def with_progress(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    """Each with `contributor_count` and `lost_count`: excerpts that lost their place in a corrected transcript."""
    return interviews.select_related("editor").annotate(
        contributor_count=_count(InterviewContributor.objects.order_by()),
        lost_count=_count(Excerpt.objects.kept().filter(placed=False).order_by()),
    )


def _count(related: QuerySet[Any]) -> Coalesce:
    counted = related.filter(interview=OuterRef("pk")).values("interview").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Step:
    """What to do next, in words, and the address where it is done; '' where there is nothing to open."""

    label: str
    url: str


def next_step(interview: Interview, *, lost: int) -> Step:
    """The next step of an interview of whose excerpts `lost` have no place."""
    state = InterviewState(interview.state)
    if lost and state != InterviewState.RECEIVED:
        label = ngettext("Place %(count)d excerpt again", "Place %(count)d excerpts again", lost) % {
            "count": lost
        }
        return Step(label, address("interviews_workbench", interview.pk))
    name, key = {
        InterviewState.RECEIVED: ("interviews_import", interview.pk),
        InterviewState.TRANSCRIBED: ("interviews_workbench", interview.pk),
        InterviewState.CODED: ("interviews_workbench", interview.pk),
        InterviewState.COMPILED: ("wagtailadmin_pages:edit", interview.story_id),
        InterviewState.PUBLISHED: ("", None),
    }[state]
    return Step(interview.next_action, address(name, key))


def address(name: str, key: int | None) -> str:
    """The address of an admin view by its name; '' while a site has no such view."""
    try:
        return reverse(name, args=[key]) if name and key else ""
    except NoReverseMatch:
        return ""
