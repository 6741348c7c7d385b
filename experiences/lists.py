"""Lists of stories and videos for templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from wagtail.models import Page

from conditions.models import Condition
from experiences.filters import story_listing
from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from experiences.querysets import story_cards, video_cards
from experiences.related import ELSEWHERE, SAME_BRANCH, SAME_CONDITION, Candidate, choose
from experiences.rows import ExperienceRow, read_rows
from experiences.story_audio import StoryAudio, audio_for
from media import preload, renditions
from pages.cards import Card
from pages.listing import Listing
from treatments.matching import lineages, page_covering
from treatments.models import TreatmentPage

# How many of the nearest stories are considered for each outcome.
LOOKED_AT = 12


def cards_of(pages: Iterable[Page]) -> list[Card]:
    """Return the cards of pages, with the renditions of all their pictures read in one query."""
    pages = list(pages)
    renditions.prefetch([page.shown_picture for page in pages], presets=["card"])
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

    At most seven queries: rows, terms (two), stories and videos, renditions.
    """
    listing = story_listing(read_rows(), params)
    shown = list(listing.page.object_list)
    stories = [row.pk for row in shown if row.kind == "story"]
    videos = [row.pk for row in shown if row.kind == "video"]
    pages: dict[tuple[str, int], Any] = {}
    if stories:
        pages |= {("story", page.pk): page for page in story_cards().filter(pk__in=stories)}
    if videos:
        pages |= {("video", page.pk): page for page in video_cards().filter(pk__in=videos)}
    listed = [pages[row.kind, row.pk] for row in shown if (row.kind, row.pk) in pages]
    kinds = Counter(row.kind for row in listing.results)
    return StoryList(
        listing=listing,
        cards=cards_of(listed),
        mix=Counter(row.outcome for row in listing.results),
        stories=kinds["story"],
        videos=kinds["video"],
        has_sample=any(row.is_sample for row in listing.results),
    )


def video_list(params: Mapping[str, Sequence[str]]) -> tuple[Listing[Any], list[Card]]:
    listing: Listing[Any] = Listing(list(video_cards()), [], params, per_page=12)
    return listing, cards_of(listing.page.object_list)


def related_to(page: StoryPage | VideoPage, number: int = 3) -> list[tuple[StoryPage, str]]:
    """Return stories to read after `page`, each with the reason. One query.

    The first has a different outcome, if there is such a story.
    """
    conditions, treatments = page.labels.condition_paths, page.labels.treatment_paths
    step = Condition.steplen
    tagged = StoryPage.conditions.through.objects.filter(storypage_id=OuterRef("pk"))
    treated = StoryPage.treatments.through.objects.filter(storypage_id=OuterRef("pk"))
    stories = (
        story_cards()
        .annotate(
            same=_any(
                tagged, "condition", conditions, lineages(conditions) - {path[:step] for path in conditions}
            ),
            branch=_any(tagged, "condition", {path[:step] for path in conditions}),
            treated_same=_any(treated, "treatment", treatments),
            ends_differently=Case(
                When(~Q(outcome=page.outcome), then=True), default=False, output_field=BooleanField()
            ),
        )
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("ends_differently")],
                order_by=[
                    F("same").desc(),
                    F("branch").desc(),
                    F("treated_same").desc(),
                    F("first_published_at").desc(),
                ],
            )
        )
        .filter(place__lte=LOOKED_AT)
    )
    if isinstance(page, StoryPage):
        stories = stories.exclude(pk=page.pk)
    own = Candidate(page, page.outcome, SAME_CONDITION, True, page.age_at_treatment, page.followed_months)
    candidates = [
        Candidate(
            story,
            story.outcome,
            SAME_CONDITION if story.same else SAME_BRANCH if story.branch else ELSEWHERE,
            story.treated_same,
            story.age_at_treatment,
            story.followed_months,
        )
        for story in stories
    ]
    return [(candidate.page, why) for candidate, why in choose(own, candidates, number)]


def _any(links: Any, term: str, below: Iterable[str], exactly: Iterable[str] = ()) -> Any:
    """Return an expression: has a story a term at or below one of `below`, or at one of `exactly`?"""
    tests = [Q(**{f"{term}__path__startswith": path}) for path in below]
    if exactly := list(exactly):
        tests.append(Q(**{f"{term}__path__in": exactly}))
    if not tests:
        return Value(False, output_field=BooleanField())
    return Exists(links.filter(reduce(or_, tests)))


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
