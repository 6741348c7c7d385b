"""Finds the page of an address with two queries, however deep it lies.

Wagtail asks twice for every level (the child, then what kind of page it is), and twice more for restrictions.
The addresses of all pages on the way are known beforehand, so they are read together, their restrictions with
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from pages.site_root import root_paths
from publication.mixins import AboutPerson
from queries.prepared import Prepared


def route(start: Any, request: HttpRequest, components: Sequence[str]) -> RouteResult:
    """Return the page at `components` below the page `start`. Raises Http404.

    A page on the way that has routes of its own (a feed, an archive by year) is given the rest. The page
    found knows the pages above it (`page.ancestors_to_show`, those below `start`) and whether it is open to
    all (`page.is_unrestricted`), so that neither is asked for again.
    """
    addresses = [start.url_path]
    for component in components:
        addresses.append(f"{addresses[-1]}{component}/")
    on_the_way = _at_addresses(addresses=addresses, slugs=[start.slug, *components])
    found = {page.url_path: page for page in on_the_way}
    above: list[Page] = []
    for number, address in enumerate(addresses[1:], start=1):
        page = found.get(address)
        if page is None:
            raise Http404
        rest = list(components[number:])
        if not rest or _has_own_routes(page):
            return _specific(page, above, start, found).route(request, rest)
        above.append(page)
    raise Http404


# What is asked of a page on the way to another, and shown of it.
ON_THE_WAY = (
    *("title", "slug", "url_path", "path", "depth", "numchild", "live", "content_type", "alias_of", "locale"),
    "translation_key",
)


def _pages_at(addresses: Sequence[str], slugs: Sequence[str]) -> QuerySet[Any]:
    """Return the pages at these addresses, whose slugs are among `slugs`, from the top down.

    By the slugs, which are indexed: without them the database compares the addresses of all pages.
    """
    restricted = PageViewRestriction.objects.filter(
        Q(page_id=OuterRef("pk")) | Q(page_id=OuterRef("alias_of_id"))
    )
    pages: QuerySet[Any] = Page.objects.filter(url_path__in=addresses, slug__in=slugs)
    return pages.annotate(is_restricted=Exists(restricted)).order_by("path").only(*ON_THE_WAY)


_at_addresses = Prepared(_pages_at)


@cache
def _of_kind(kind: Any, joined: tuple[str, ...]) -> Prepared:
    return Prepared(lambda pk: kind._default_manager.select_related(*joined).filter(pk=pk))


def fresh(page: Any) -> Any:
    """Return a page of the root read again, with what it shows. Raises Http404 if it has been deleted."""
    [*here] = _at_addresses(addresses=[page.url_path], slugs=[page.slug])
    found = specific_of(page)
    if found is None:
        raise Http404
    found.is_unrestricted = bool(here) and not any(step.is_restricted or step.alias_of_id for step in here)
    return found


def specific_of(page: Page) -> Any:
    """Return a page as its own type, with what it shows of other tables; None if it has been deleted."""
    kind = page.cached_content_type.model_class()
    if kind is None:
        return page
    joined = [name for name in ("picture", "social_picture") if hasattr(kind, name)]
    joined += getattr(kind, "shown_with", ())
    if issubclass(kind, AboutPerson):
        joined.append("clearance")
    return next(iter(_of_kind(kind, tuple(joined))(pk=page.pk)), None) if joined else page.specific


def _has_own_routes(page: Page) -> bool:
    kind = page.cached_content_type.model_class()
    return kind is not None and kind.route is not Page.route


def _specific(page: Page, above: Sequence[Page], start: Any, found: dict[str, Page]) -> Any:
    """Return the page as its own type, joined with its pictures and, where it is about a person, its
    clearance.
    """
    specific = specific_of(page)
    if specific is page:
        return page
    if specific is None:
        # Deleted since the first query.
        raise Http404
    for step in above:
        # Of which each asks for itself otherwise.
        step._wagtail_cached_site_root_paths = root_paths()
    specific._cached_parent_obj = above[-1] if above else start
    specific.ancestors_to_show = list(above)
    here = [found.get(start.url_path), *above, page]
    aliased = any(step is not None and step.alias_of_id for step in here)
    restricted = any(getattr(step, "is_restricted", True) for step in here)
    specific.is_unrestricted = not restricted and not aliased
    return specific
