"""How far an interview has come, and what to do next.

The state follows from what exists; it is stored so that the list can be filtered by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import ngettext

from interviews.models import Excerpt, Interview, InterviewContributor, InterviewState


def state_of(interview: Interview) -> InterviewState:
    """Return the furthest step that the interview has reached."""
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
    """Save the state if it has changed."""
    state = state_of(interview)
    if state != interview.state:
        interview.state = state
        interview.save(update_fields=["state", "updated_at"])


def with_progress(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    """Return interviews with `contributor_count` and `lost_count`, the number of excerpts without a place."""
    return interviews.select_related("editor").annotate(
        contributor_count=_count(InterviewContributor.objects.order_by()),
        lost_count=_count(Excerpt.objects.kept().filter(placed=False).order_by()),
    )


def _count(related: QuerySet[Any]) -> Coalesce:
    counted = related.filter(interview=OuterRef("pk")).values("interview").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class NextStep:
    """What to do next, and the URL where it is done; '' if there is nothing to open."""

    label: str
    url: str


def next_step(interview: Interview, *, lost: int) -> NextStep:
    """Return the next step of an interview. `lost`: the number of its excerpts without a place."""
    state = InterviewState(interview.state)
    if lost and state != InterviewState.RECEIVED:
        label = ngettext("Place %(count)d excerpt again", "Place %(count)d excerpts again", lost) % {
            "count": lost
        }
        return NextStep(label, admin_url("interviews_workbench", interview.pk))
    name, key = {
        InterviewState.RECEIVED: ("interviews_import", interview.pk),
        InterviewState.TRANSCRIBED: ("interviews_workbench", interview.pk),
        InterviewState.CODED: ("interviews_workbench", interview.pk),
        InterviewState.COMPILED: ("wagtailadmin_pages:edit", interview.story_id),
        InterviewState.PUBLISHED: ("", None),
    }[state]
    return NextStep(interview.next_action, admin_url(name, key))


def admin_url(name: str, key: int | None) -> str:
    """Return the URL of an admin view by its name; '' without a key, and if no app has such a view."""
    try:
        return reverse(name, args=[key]) if name and key else ""
    except NoReverseMatch:
        return ""
