"""The results as they are shown: titles, excerpts and facts of each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as NumberedPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from search.excerpt import excerpt, marked, matches, opening
from search.finding import SearchResult
from search.kinds import KINDS, QUESTIONS, Kind
from search.text import page_texts
from search.words import Part

# How many results of each kind are shown before the visitor chooses a kind.
SHOWN_AT_FIRST = 3
PER_PAGE = 20
# A site has a few pages of questions. More than this are not read.
MOST_QUESTION_PAGES = 10


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A result for components/hit.html. `title` and `text` are safe HTML: escaped, with <mark>."""

    url: str
    title: SafeString
    text: SafeString
    who: str = ""
    is_sample: bool = False
    outcome: str = ""
    outcome_text: str = ""
    months: int | None = None


@dataclass(frozen=True)
class Group:
    """Hits of one kind: the first few, or one page of all of them. `count`: how many there are."""

    kind: Kind
    count: int
    hits: list[Hit]


def groups_of(found: SearchResult, request: HttpRequest) -> list[Group]:
    """Return the first hits of each kind that has any. At most one query for each page type, and two more."""
    groups = []
    for kind in KINDS:
        every = _sources(kind, found, request)
        if every:
            groups.append(Group(kind, len(every), _hits(kind, every[:SHOWN_AT_FIRST], found, request)))
    return groups


def group_of(
    kind: Kind, found: SearchResult, request: HttpRequest, number: str
) -> tuple[Group, NumberedPage[Any]]:
    """Return one page of all hits of a kind, and which page it is. A number too high gives the last page."""
    every = _sources(kind, found, request)
    page = Paginator(every, PER_PAGE).get_page(number)
    return Group(kind, len(every), _hits(kind, list(page.object_list), found, request)), page


def _sources(kind: Kind, found: SearchResult, request: HttpRequest) -> list[Any]:
    """Return what can be counted and sliced: ids of pages; for questions, the hits."""
    ids = found.pages.get(kind, [])
    if kind is not QUESTIONS:
        return list(ids)
    pages = _read(kind, ids[:MOST_QUESTION_PAGES], found)
    return [hit for page in pages for hit in _question_hits(page, found.needles, request)]


def _hits(kind: Kind, sources: list[Any], found: SearchResult, request: HttpRequest) -> list[Hit]:
    if kind is QUESTIONS:
        return sources
    return [_hit(page, found.needles, request) for page in _read(kind, sources, found)]


def _read(kind: Kind, ids: Sequence[int], found: SearchResult) -> list[Any]:
    """Return the pages with these ids, in this order.

    One query for each page type, and one for each prefetch.
    """
    by_type: dict[int, list[int]] = {}
    for pk in ids:
        by_type.setdefault(found.types[pk], []).append(pk)
    by_id: dict[int, Any] = {}
    for type_id, own in by_type.items():
        page_type = ContentType.objects.get_for_id(type_id).model_class()
        if page_type is None:  # its app was removed
            continue
        names = {field.name for field in page_type._meta.get_fields()}
        pages = page_type._default_manager.filter(pk__in=own)
        prefetch = [name for name in kind.prefetch if name in names]
        by_id |= {page.pk: page for page in pages.prefetch_related(*prefetch)}
    return [by_id[pk] for pk in ids if pk in by_id]


def _hit(page: Any, needles: Sequence[Part], request: HttpRequest) -> Hit:
    outcome = getattr(page, "outcome", "") or ""
    return Hit(
        url=page.get_url(request) or "",
        title=mark_safe(marked(page.title, needles)),
        text=mark_safe(excerpt(page_texts(page), needles) or opening(_summary(page))),
        who=str(getattr(page, "who", "") or ""),
        is_sample=bool(getattr(page, "is_sample", False)),
        outcome=outcome,
        outcome_text=str(getattr(page, "outcome_words", "") or "") if outcome else "",
        months=getattr(page, "followed_months", None),
    )


def _summary(page: Any) -> str:
    for name in ("listing_text", "lede", "summary", "search_description"):
        if words := getattr(page, name, ""):
            return str(words)
    return next((text for text in page_texts(page)), "")


def _question_hits(page: Any, needles: Sequence[Part], request: HttpRequest) -> list[Hit]:
    """Return the questions of a page that match the most words; the page itself if none matches."""
    scored = []
    for entry in page.entries:
        texts = (entry.question, entry.text)
        score = len({match.needle for text in texts for match in matches(text, needles)})
        if score:
            scored.append((score, entry))
    if not scored:
        return [_hit(page, needles, request)]
    most = max(score for score, _entry in scored)
    url = page.get_url(request) or ""
    return [
        Hit(
            url=f"{url}#{entry.id}",
            title=mark_safe(marked(entry.question, needles)),
            text=mark_safe(excerpt(entry.text, needles) or opening(entry.text)),
            is_sample=page.is_sample,
        )
        for score, entry in scored
        if score == most
    ]
