"""What the templates of stories and videos list: queries and choices put together."""

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

from conditions.models import Condition
from experiences.clips import heard_in
from experiences.filters import story_listing
from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from experiences.querysets import story_cards, video_cards
from experiences.related import ELSEWHERE, SAME_BRANCH, SAME_CONDITION, Candidate, choose
from experiences.rows import Row, read_rows
from media import preload, renditions
from pages.cards import Card
from pages.listing import Listing
from treatments.matching import lineages, page_covering

# Of each kind of ending, so many of the nearest stories are looked at.
LOOKED_AT = 12


def cards_of(pages: Iterable[Any]) -> list[Card]:
    """Cards with their pictures' renditions at hand: one query, whatever the number."""
    pages = list(pages)
    renditions.prefetch([page.shown_picture for page in pages], presets=["card"])
    return [page.card() for page in pages]


@dataclass(frozen=True)
class StoryList:
    """The story index as asked for. `mix`: how the listed ones ended; `stories`, `videos`: how many of each."""

    listing: Listing[Row]
    cards: list[Card]
    mix: Mapping[str, int]
    stories: int
    videos: int
    has_sample: bool


def story_list(params: Mapping[str, Sequence[str]]) -> StoryList:
    """At most seven queries: rows, their terms (two), the page's stories and videos, renditions."""
    listing = story_listing(read_rows(), params)
    shown = list(listing.page.object_list)
    stories = [row.pk for row in shown if row.kind == "story"]
    videos = [row.pk for row in shown if row.kind == "video"]
    pages: dict[tuple[str, int], Any] = {}
    if stories:
        pages |= {("story", page.pk): page for page in story_cards().filter(pk__in=stories)}
    if videos:
        pages |= {("video", page.pk): page for page in video_cards().filter(pk__in=videos)}
    found = [pages[row.kind, row.pk] for row in shown if (row.kind, row.pk) in pages]
    kinds = Counter(row.kind for row in listing.results)
    return StoryList(
        listing=listing,
        cards=cards_of(found),
        mix=Counter(row.outcome for row in listing.results),
        stories=kinds["story"],
        videos=kinds["video"],
        has_sample=any(row.is_sample for row in listing.results),
    )


def video_list(params: Mapping[str, Sequence[str]]) -> tuple[Listing[Any], list[Card]]:
    listing: Listing[Any] = Listing(list(video_cards()), [], params, per_page=12)
    return listing, cards_of(listing.page.object_list)


def related_to(page: StoryPage | VideoPage, number: int = 3) -> list[tuple[StoryPage, str]]:
    """Stories to read after `page`, each with the reason why; the first ends differently if any does. One query."""
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
    return [(one.page, why) for one, why in choose(own, candidates, number)]


def _any(links: Any, term: str, below: Iterable[str], exactly: Iterable[str] = ()) -> Any:
    """Whether a story is tagged with a term below (or at) one of these paths, or exactly at one of those."""
    tests = [Q(**{f"{term}__path__startswith": path}) for path in below]
    if exactly := list(exactly):
        tests.append(Q(**{f"{term}__path__in": exactly}))
    if not tests:
        return Value(False, output_field=BooleanField())
    return Exists(links.filter(reduce(or_, tests)))


def surroundings(page: StoryPage | VideoPage) -> dict[str, Any]:
    """What stands around a story or video, for its template's context: everybody treated, and what to read next.

    Two queries; at most five more for the media of its parts, the renditions of all pictures among them; and two
    where it quotes an interview.
    """
    related = related_to(page)
    pictures = [page.shown_picture, page.shared_picture, *(story.shown_picture for story, _why in related)]
    preload.resolve(*page.streams, also=pictures)
    return {
        "cohort_page": page_covering(page.labels.condition_paths, page.labels.treatment_paths),
        "related": [story.card(why) for story, why in related],
        "heard": heard_in(page) if isinstance(page, StoryPage) else None,
    }
