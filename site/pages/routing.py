"""Finds the page of an address with two queries, however deep it lies.

Wagtail asks twice for every level (the child, then what kind of page it is), and twice more for restrictions.
The addresses of all pages on the way are known beforehand, so they are read together, their restrictions with
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from publication.mixins import AboutPerson


def route(start: Any, request: HttpRequest, components: Sequence[str]) -> RouteResult:
    """Return the page at `components` below the page `start`. Raises Http404.

    A page on the way that has routes of its own (a feed, an archive by year) is given the rest. The page
    found knows the pages above it (`page.ancestors_to_show`, those below `start`) and whether it is open to
    all (`page.is_unrestricted`), so that neither is asked for again.
    """
    addresses = [start.url_path]
    for component in components:
        addresses.append(f"{addresses[-1]}{component}/")
    restricted = PageViewRestriction.objects.filter(
        Q(page_id=OuterRef("pk")) | Q(page_id=OuterRef("alias_of_id"))
    )
    found = {
        page.url_path: page
        for page in Page.objects.filter(url_path__in=addresses, path__startswith=start.path)
        .annotate(is_restricted=Exists(restricted))
        .order_by("path")
    }
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


def _has_own_routes(page: Page) -> bool:
    kind = page.cached_content_type.model_class()
    return kind is not None and kind.route is not Page.route


def _specific(page: Page, above: Sequence[Page], start: Any, found: dict[str, Page]) -> Any:
    """Return the page as its own type, joined with its pictures and, where it is about a person, its
    clearance.
    """
    kind = page.cached_content_type.model_class()
    if kind is None:
        return page
    pictures = [name for name in ("picture", "social_picture") if hasattr(kind, name)]
    joined = [*pictures, "clearance"] if issubclass(kind, AboutPerson) else pictures
    specific = kind._default_manager.select_related(*joined).get(pk=page.pk) if joined else page.specific
    specific._cached_parent_obj = above[-1] if above else start
    specific.ancestors_to_show = list(above)
    here = [found.get(start.url_path), *above, page]
    aliased = any(step is not None and step.alias_of_id for step in here)
    restricted = any(getattr(step, "is_restricted", True) for step in here)
    specific.is_unrestricted = not restricted and not aliased
    return specific
