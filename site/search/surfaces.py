"""The search and the sitemap as surfaces."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from search.finding import find
from search.sitemap import PublicPages
from search.words import asked
from withdrawal.surfaces import exempt, register
from withdrawal.surfaces.lists import Lists

exempt("Says where the sitemap is and what robots leave alone.", "robots.txt")


@register
class SearchResults(Lists):
    """What the index knows is a hint: a hit counts when the database says that the page is public now."""

    name = "search"
    label = _("Search results")
    kinds = ("search",)
    patterns = ("search/",)

    def count_public(self, ids: list[int]) -> int:
        """How many of these pages the search finds by the words of their own titles."""
        site = Site.objects.filter(is_default_site=True).first() or Site.objects.first()
        if site is None:
            return 0
        wanted, held = set(ids), set()
        for title in set(Page.objects.filter(pk__in=ids).values_list("title", flat=True)):
            found = find(asked(title), site)
            held |= wanted & {number for numbers in found.pages.values() for number in numbers}
        return len(held)

    def paths(self, pages: list[Page]) -> Iterable[str]:
        return [reverse("search")]


@register
class SitemapXml(Lists):
    name = "sitemap"
    label = _("Sitemap")
    kinds = ("sitemap",)
    patterns = ("sitemap.xml",)

    def count_public(self, ids: list[int]) -> int:
        listed: int = PublicPages().items().filter(pk__in=ids).count()
        return listed

    def paths(self, pages: list[Page]) -> Iterable[str]:
        return [reverse("sitemap")]
