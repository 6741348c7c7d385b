"""Stories and videos as lists want them: without their bodies, with what a card shows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from conditions.models import Condition
from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from publication.visibility import visible_pages
from treatments.matching import matching
from treatments.models import Treatment

# What no card shows: the parts of a story are long.
BODIES = ("before", "during", "after")


def story_cards() -> QuerySet[StoryPage]:
    """Live stories with their pictures, without their parts; newest first."""
    pages = visible_pages(StoryPage.objects.all()).defer(*BODIES).select_related("picture", "clearance")
    return pages.order_by("-first_published_at", "-pk")


def video_cards() -> QuerySet[VideoPage]:
    """Live videos with their pictures; newest first."""
    pages = visible_pages(VideoPage.objects.all()).select_related("picture", "recording", "clearance")
    return pages.order_by("-first_published_at", "-pk")


def stories_for(condition: Condition | None, treatment: Treatment | None = None) -> QuerySet[Any]:
    """Live stories of a condition, or one below it, and of a treatment, one below it, or of none."""
    return matching(story_cards(), condition, treatment)


def videos_for(condition: Condition | None, treatment: Treatment | None = None) -> QuerySet[Any]:
    """Live videos, as `stories_for`; those that editors feature first."""
    return matching(video_cards(), condition, treatment).order_by(
        "-is_featured", "-first_published_at", "-pk"
    )
