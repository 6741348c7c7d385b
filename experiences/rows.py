"""Public stories and videos as light rows, which the index filters, counts and sorts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, F, Value

from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from pages.term_places import read_tags
from publication.visibility import visible_pages

_AT_ONCE = 5000


class ExperienceRow(NamedTuple):
    """A story or video. `published`: seconds since 1970; `conditions`, `treatments`: the ids of its terms."""

    kind: str
    pk: int
    outcome: str
    age: int | None
    country: str
    has_audio: bool
    has_video: bool
    followed_months: int | None
    published: float | None
    is_sample: bool
    is_featured: bool = False
    conditions: tuple[int, ...] = ()
    treatments: tuple[int, ...] = ()


COLUMNS = (
    "pk",
    "outcome",
    "age_at_treatment",
    "country",
    "sound",
    "film",
    "followed_months",
    "first_published_at",
    "is_sample",
    "first_on_its_page",
)
_NO, _YES = (Value(answer, output_field=BooleanField()) for answer in (False, True))
OF_VIDEO = {"sound": _NO, "film": _YES, "first_on_its_page": F("is_featured")}
OF_STORY = {"sound": F("has_audio"), "film": F("has_video"), "first_on_its_page": _NO}


def read_rows(pages: Collection[int] | None = None, on: datetime | None = None) -> Iterator[ExperienceRow]:
    """Yield the rows of those pages (ids; None: all) that are public at the moment `on`, now by default.

    Three queries for stories and three for videos, one of which tells that there are none.
    """
    stories = _rows(StoryPage, "story", OF_STORY, pages, on)
    if pages is None:
        yield from stories
    else:
        listed = list(stories)
        yield from listed
        pages = sorted(set(pages) - {row.pk for row in listed})
    if pages is None or pages:
        yield from _rows(VideoPage, "video", OF_VIDEO, pages, on)


def _rows(
    model: Any, kind: str, what: dict[str, Any], pages: Collection[int] | None, on: datetime | None
) -> Iterator[ExperienceRow]:
    found = visible_pages(model.objects.all(), on).order_by().annotate(**what).values_list(*COLUMNS)
    if pages is not None:
        found = found.filter(pk__in=pages)
    rows: Iterable[Any] = found.iterator(_AT_ONCE) if pages is None else list(found)
    if pages is not None:
        pages = [row[0] for row in rows]
        if not pages:
            return
    conditions, treatments = read_tags(model, "conditions", pages), read_tags(model, "treatments", pages)
    kept: dict[Any, Any] = {}
    for pk, outcome, age, country, sound, film, followed, published, is_sample, featured in rows:
        yield ExperienceRow(
            kind,
            pk,
            # The database gives a new text each time, and most are one of a few.
            kept.setdefault(outcome, outcome),
            age,
            kept.setdefault(country or "", country or ""),
            bool(sound),
            bool(film),
            followed,
            None if published is None else published.timestamp(),
            bool(is_sample),
            bool(featured),
            conditions.get(pk, ()),
            treatments.get(pk, ()),
        )
