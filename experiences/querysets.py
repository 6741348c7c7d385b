"""Stories and videos for lists: with what a card shows, without the parts of a story."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from publication.visibility import note_list, visible_pages
from queries.prepared import Prepared

# What a card shows of a story. The parts of a story are long, and each column takes its time.
OF_CARDS = (
    *("title", "url_path", "first_published_at", "tone", "is_sample", "listing_text", "search_description"),
    *("patient_name", "country", "age_at_treatment", "outcome", "outcome_text", "followed_months", "visits"),
    "lede",
    # And of its picture, with what tells which sizes fit it.
    *("picture__file", "picture__width", "picture__height", "picture__alt_text", "picture__transparent"),
    *("picture__focal_point_x", "picture__focal_point_y", "picture__focal_point_width"),
    *("picture__focal_point_height", "picture__public_folder", "picture__public_since"),
    *("clearance__starts_at", "clearance__ends_at", "clearance__parts", "clearance__changes_at"),
)


def story_cards(on: datetime | None = None, *, named: bool = False) -> QuerySet[StoryPage]:
    """Return public stories with what a card shows and nothing else; newest first.

    `on`: now by default. `named`: as in `visible_pages`.
    """
    pages = visible_pages(StoryPage.objects.all(), on, named=named).select_related("picture", "clearance")
    return pages.only(*OF_CARDS).order_by("-first_published_at", "-pk")


def story_cards_of(numbers: Collection[int]) -> list[StoryPage]:
    """Return those of these stories that are public, as `story_cards` does."""
    note_list(StoryPage)
    return _numbered(numbers=sorted(numbers), on=timezone.now())


_numbered = Prepared(lambda numbers, on: story_cards(on, named=True).filter(pk__in=numbers))


def video_cards(on: datetime | None = None, *, named: bool = False) -> QuerySet[VideoPage]:
    """Return public videos with their pictures; newest first. `on`, `named`: as in `story_cards`."""
    pages = visible_pages(VideoPage.objects.all(), on, named=named)
    return pages.select_related("picture", "recording", "clearance").order_by("-first_published_at", "-pk")


def video_cards_of(numbers: Collection[int]) -> list[VideoPage]:
    """Return those of these videos that are public, as `video_cards` does."""
    note_list(VideoPage)
    return _videos_numbered(numbers=sorted(numbers), on=timezone.now())


_videos_numbered = Prepared(lambda numbers, on: video_cards(on, named=True).filter(pk__in=numbers))
