"""Find pages by words in Wagtail's search index and by the vocabulary in the database.

The index only suggests pages: a page is a result if it is public in the database. Results are ordered here
(titles first, then pages about the concepts, then the newest), because the time of ranking in Wagtail's
SQLite backend grows with the square of the number of hits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from wagtail.models import Page, Site
from wagtail.search.query import And, Phrase, PlainText, SearchQuery

from conditions.models import Condition
from publication.visibility import visible_pages
from search.excerpt import matches
from search.kinds import PAGES, Kind, kinds_by_content_type, tagging_fields
from search.meaning import Concept, Meaning, meaning_of
from search.words import Part, SearchText, words_in
from treatments.models import Treatment

# More than any visitor reads. Limits the time of a search on a large site.
MOST_HITS = 2000
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SearchResult:
    """Ids of the pages found, by kind, in the order they are shown; `types`: the content type of each."""

    asked: SearchText
    meaning: Meaning
    pages: dict[Kind, list[int]]
    types: dict[int, int]
    cut: bool = False

    @property
    def needles(self) -> list[Part]:
        """Return what to mark in a hit: the words typed, and the other names that were searched."""
        return [*self.asked.parts, *self.meaning.needles]


def find(asked: SearchText, site: Site, among: Collection[int] | None = None) -> SearchResult:
    """Return all pages that match, `among` these where they are given. About six queries, whatever the number
    of hits.
    """
    meaning = meaning_of(asked)
    if not asked.parts:
        return SearchResult(asked, meaning, {}, {})
    # A subquery: the search backend does not understand more than that.
    shown = visible_pages(Page.objects.descendant_of(site.root_page, inclusive=True)).order_by().values("pk")
    pages = Page.objects.filter(pk__in=shown)
    if among is not None:
        pages = pages.filter(pk__in=among)
    rest = tuple((word,) for word in meaning.rest)
    # Pages that are not tagged but name it: 'CP' also finds a page with the words 'cerebral palsy'.
    other_names = [_all_of((words_in(name), *rest)) for name in meaning.also]
    by_words = _search(pages, reduce(or_, other_names, _all_of(asked.parts)))
    about: list[Page] = []
    if meaning.concepts:
        tagged = pages.filter(reduce(and_, map(_about, meaning.concepts)))
        about = _search(tagged, _all_of(rest)) if rest else list(_light(tagged)[:MOST_HITS])
    ranked = _ranked([*about, *by_words], {page.pk for page in about}, asked)
    types = {page.pk: page.content_type_id for page in ranked}
    return SearchResult(asked, meaning, _by_kind(ranked), types, cut=len(by_words) >= MOST_HITS)


def _all_of(parts: Iterable[Part]) -> SearchQuery:
    return And([Phrase(" ".join(part)) if len(part) > 1 else PlainText(part[0]) for part in parts])


def _light(pages: QuerySet[Page]) -> QuerySet[Page]:
    return pages.only("pk", "title", "content_type", "first_published_at").order_by("-id")


def _search(pages: QuerySet[Page], query: SearchQuery) -> list[Page]:
    results: Any = _light(pages).search(query, order_by_relevance=False)  # type: ignore[attr-defined]
    return list(results[:MOST_HITS])


def _about(concept: Concept) -> Q:
    """Return a condition for pages tagged with one of these terms or with one below them."""
    either = [Q(pk__in=[])]
    for vocabulary, terms in ((Condition, concept.conditions), (Treatment, concept.treatments)):
        if terms:
            below = vocabulary.objects.with_descendants(terms).order_by().values("pk")
            either += [
                Q(pk__in=_tagged(page_type, field, below)) for page_type, field in tagging_fields(vocabulary)
            ]
    return reduce(or_, either)


def _tagged(page_type: type[models.Model], field: str, terms: QuerySet[Any]) -> QuerySet[Any]:
    return page_type._default_manager.filter(**{f"{field}__in": terms}).order_by().values("pk")


def _ranked(pages: Iterable[Page], about: set[int], asked: SearchText) -> list[Page]:
    """Return each page once: first those with the words in their title, then those about the concepts.

    The newest first within each of the three groups.
    """
    each = {page.pk: page for page in pages}.values()

    def newest(page: Page) -> datetime:
        return page.first_published_at or _LONG_AGO

    def place(page: Page) -> int:
        named = {match.needle for match in matches(page.title, asked.parts)}
        return 0 if len(named) == len(set(asked.parts)) else 1 if page.pk in about else 2

    return sorted(sorted(each, key=newest, reverse=True), key=place)


def _by_kind(pages: Iterable[Page]) -> dict[Kind, list[int]]:
    kinds = kinds_by_content_type()
    found: dict[Kind, list[int]] = {}
    for page in pages:
        found.setdefault(kinds.get(page.content_type_id, PAGES), []).append(page.pk)
    return found
