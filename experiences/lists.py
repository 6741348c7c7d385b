"""Lists of stories and videos for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from experiences.filters import story_listing
from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from experiences.public_index import public_index
from experiences.querysets import story_cards_of, video_cards_of
from experiences.related_stories import related_to
from experiences.rows import ExperienceRow
from experiences.story_audio import StoryAudio, audio_for
from media import preload, renditions
from pages.cards import Card
from pages.listing import Listing
from pages.listing_sources import Results
from treatments.matching import page_covering
from treatments.models import TreatmentPage


def cards_of(pages: Iterable[Page]) -> list[Card]:
    """Return the cards of pages, with the renditions of all their pictures read in one query."""
    pages = list(pages)
    renditions.prefetch([page.shown_picture for page in pages])
    return [page.card() for page in pages]


@dataclass(frozen=True)
class StoryList:
    """The results of the story index.

    `mix`: outcomes of the listed pages; `stories`, `videos`: how many of each.
    """

    listing: Listing[ExperienceRow]
    cards: list[Card]
    mix: Mapping[str, int]
    stories: int
    videos: int
    has_sample: bool


def story_list(params: Mapping[str, Sequence[str]]) -> StoryList:
    """Return the filtered story index.

    At most four queries: what has changed, stories and videos, renditions.
    """
    listing = story_listing(public_index.current(), params)
    shown = list(listing.page.object_list)
    stories = [row.pk for row in shown if row.kind == "story"]
    videos = [row.pk for row in shown if row.kind == "video"]
    pages: dict[int, Any] = {}
    if stories:
        pages |= {page.pk: page for page in story_cards_of(stories)}
    if videos:
        pages |= {page.pk: page for page in video_cards_of(videos)}
    kinds = listing.counts("kind")
    return StoryList(
        listing=listing,
        cards=cards_of([pages[row.pk] for row in shown if row.pk in pages]),
        mix=listing.counts("outcome"),
        stories=kinds.get("story", 0),
        videos=kinds.get("video", 0),
        has_sample=bool(listing.counts("mark").get("sample")),
    )


def video_list(params: Mapping[str, Sequence[str]]) -> tuple[Listing[ExperienceRow], list[Card]]:
    """Return the video index, its listing and cards: three queries."""
    index = public_index.current().index
    rows = Results(index, "newest", [index.having("kind", ["video"])])
    listing: Listing[ExperienceRow] = Listing(rows, [], params, per_page=12)
    return listing, cards_of(video_cards_of([row.pk for row in listing.page.object_list]))


@dataclass(frozen=True)
class Surroundings:
    """What a story or video shows besides itself: results of all patients treated, further stories, its
    audio.
    """

    cohort_page: TreatmentPage | None
    related: list[Card]
    audio: StoryAudio | None


def surroundings(page: StoryPage | VideoPage, audio: StoryAudio | None = None) -> Surroundings:
    """Return what stands around a story or video.

    `audio`: that of a draft; read from the database without it.

    Two queries; at most five more for the media of its parts and the renditions of all pictures; and two more
    where the page quotes an interview.
    """
    related = related_to(page)
    pictures = [page.shown_picture, page.shared_picture, *(story.shown_picture for story, _why in related)]
    preload.resolve(*page.streams, also=pictures)
    if audio is None and isinstance(page, StoryPage):
        audio = audio_for(page)
    return Surroundings(
        page_covering(page.labels.condition_paths, page.labels.treatment_paths),
        [story.card(why) for story, why in related],
        audio,
    )
