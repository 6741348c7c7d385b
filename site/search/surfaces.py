"""The search and the sitemap as surfaces on which pages are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from search.finding import find
from search.sitemap_parts import pages_in, part_of
from search.words import asked
from withdrawal.surfaces import exempt, register
from withdrawal.surfaces.lists import Lists

exempt("Says where the sitemap is and what robots leave alone.", "robots.txt")


@register
class SearchResults(Lists):
    """Search results. The index only suggests pages; a page is a result if it is public in the database."""

    name = "search"
    label = _("Search results")
    kinds = ("search",)
    patterns = ("search/",)

    def count_public(self, ids: list[int]) -> int:
        """Return how many of these pages the search finds by the words of their titles."""
        site = Site.objects.filter(is_default_site=True).first() or Site.objects.first()
        if site is None:
            return 0
        listed: set[int] = set()
        for title in set(Page.objects.filter(pk__in=ids).values_list("title", flat=True)):
            # Only these are looked at: PostgreSQL would read the words of every page.
            results = find(asked(title), site, among=ids)
            listed.update(*results.pages.values())
        return len(listed)

    def paths(self, pages: list[Page]) -> Iterable[str]:  # noqa: ARG002 - every surface takes it
        return [reverse("search")]


@register
class SitemapXml(Lists):
    name = "sitemap"
    label = _("Sitemap")
    kinds = ("sitemap",)
    patterns = ("sitemap.xml", "sitemap-<int:number>.xml")

    def count_public(self, ids: list[int]) -> int:
        """Return how many of these pages the parts of the sitemap list now."""
        site = Site.objects.filter(is_default_site=True).first() or Site.objects.first()
        if site is None:
            return 0
        parts = {part_of(number) for number in ids}
        return sum(pages_in(site.root_page, part).filter(pk__in=ids).count() for part in parts)

    def paths(self, pages: list[Page]) -> Iterable[str]:
        parts = sorted({part_of(page.pk) for page in pages})
        return [reverse("sitemap"), *(reverse("sitemap_part", args=[part]) for part in parts)]
