"""All public stories and videos as light rows, which the index filters, counts and sorts. Three queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Value

from conditions.models import Condition
from experiences.models.story import StoryPage
from experiences.models.video import VideoPage
from publication.visibility import visible_pages
from treatments.matching import lineages
from treatments.models import Treatment


@dataclass(frozen=True, slots=True)
class ExperienceRow:
    """A story or video.

    `conditions`, `treatments`: the tree paths of its terms and of all terms above them.
    """

    kind: str
    pk: int
    outcome: str
    age: int | None
    country: str
    has_audio: bool
    has_video: bool
    followed_months: int | None
    published: datetime | None
    is_sample: bool
    conditions: frozenset[str] = frozenset()
    treatments: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ListedTerm:
    """A term of a vocabulary. `depth`: its level in the tree, 1 at the top."""

    slug: str
    name: str
    depth: int


@dataclass(frozen=True)
class ExperienceRows:
    """`conditions` and `treatments`: the terms of all rows by tree path, in the order of the tree."""

    rows: list[ExperienceRow] = field(default_factory=list)
    conditions: dict[str, ListedTerm] = field(default_factory=dict)
    treatments: dict[str, ListedTerm] = field(default_factory=dict)


COLUMNS = (
    "kind",
    "pk",
    "outcome",
    "age_at_treatment",
    "country",
    "sound",
    "film",
    "followed_months",
    "first_published_at",
    "is_sample",
)


def _pages(model: Any, kind: str, **what: Any) -> Any:
    pages = visible_pages(model.objects.all()).order_by()
    return pages.annotate(kind=Value(kind), **what).values_list(*COLUMNS)


def _terms(model: Any, page: str, term: str) -> Any:
    through = getattr(model, f"{term}s").through
    return (
        through.objects.order_by()
        .annotate(kind=Value(page), vocabulary=Value(term))
        .values_list("kind", "vocabulary", f"{model._meta.model_name}_id", f"{term}__path")
    )


def _places(model: Any, paths: set[str], vocabulary: str) -> Any:
    return (
        model.objects.filter(path__in=paths)
        .order_by()
        .annotate(vocabulary=Value(vocabulary))
        .values_list("vocabulary", "path", "slug", "name", "depth")
    )


def read_rows() -> ExperienceRows:
    """Return all public stories and videos, with their terms and the terms above those."""
    stories = _pages(StoryPage, "story", sound=F("has_audio"), film=F("has_video"))
    videos = _pages(
        VideoPage,
        "video",
        sound=Value(False, output_field=BooleanField()),
        film=Value(True, output_field=BooleanField()),
    )
    tagged: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    links = _terms(StoryPage, "story", "condition").union(
        _terms(StoryPage, "story", "treatment"),
        _terms(VideoPage, "video", "condition"),
        _terms(VideoPage, "video", "treatment"),
        all=True,
    )
    for kind, vocabulary, page, path in links:
        tagged[kind, vocabulary, page] |= lineages([path])
    rows = []
    used: dict[str, set[str]] = {"condition": set(), "treatment": set()}
    for kind, pk, outcome, age, country, sound, film, followed, published, is_sample in stories.union(
        videos, all=True
    ):
        conditions = frozenset(tagged.get((kind, "condition", pk), ()))
        treatments = frozenset(tagged.get((kind, "treatment", pk), ()))
        used["condition"] |= conditions
        used["treatment"] |= treatments
        rows.append(
            ExperienceRow(
                kind,
                pk,
                outcome,
                age,
                str(country or ""),
                bool(sound),
                bool(film),
                followed,
                published,
                bool(is_sample),
                conditions,
                treatments,
            )
        )
    places: dict[str, dict[str, ListedTerm]] = {"condition": {}, "treatment": {}}
    found = _places(Condition, used["condition"], "condition").union(
        _places(Treatment, used["treatment"], "treatment"), all=True
    )
    for vocabulary, path, slug, name, depth in sorted(found):
        places[vocabulary][path] = ListedTerm(slug, name, depth)
    return ExperienceRows(rows, places["condition"], places["treatment"])
