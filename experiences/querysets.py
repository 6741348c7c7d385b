"""Stories and videos for lists: with what a card shows, without the parts of a story."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from conditions.models import Condition
from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from publication.visibility import visible_pages
from treatments.matching import matching
from treatments.models import Treatment

# The parts of a story are long, and cards do not show them.
BODIES = ("before", "during", "after")


def story_cards() -> QuerySet[StoryPage]:
    """Return public stories with their pictures, without their parts; newest first."""
    pages = visible_pages(StoryPage.objects.all()).defer(*BODIES).select_related("picture", "clearance")
    return pages.order_by("-first_published_at", "-pk")


def video_cards() -> QuerySet[VideoPage]:
    """Return public videos with their pictures; newest first."""
    pages = visible_pages(VideoPage.objects.all()).select_related("picture", "recording", "clearance")
    return pages.order_by("-first_published_at", "-pk")


def stories_for(condition: Condition | None, treatment: Treatment | None = None) -> QuerySet[Any]:
    """Return public stories of a condition or one below it, about that treatment, one below it, or none
    named.
    """
    return matching(story_cards(), condition, treatment)


def videos_for(condition: Condition | None, treatment: Treatment | None = None) -> QuerySet[Any]:
    """Return public videos, chosen as in `stories_for`; featured videos first."""
    return matching(video_cards(), condition, treatment).order_by(
        "-is_featured", "-first_published_at", "-pk"
    )
