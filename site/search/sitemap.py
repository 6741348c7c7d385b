"""The sitemap (sitemaps.org) and robots.txt (RFC 9309) for search engines."""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap

from publication.visibility import visible_pages

CLOSED = ("/admin/", "/search/")


class PublicPages(Sitemap):
    """All public pages. Wagtail's own sitemap would list all live pages."""

    def items(self) -> Any:
        root = self.get_wagtail_site().root_page
        shown: Any = visible_pages(root.get_descendants(inclusive=True)).order_by("path")
        return shown.defer_streamfields().specific()


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return all public pages of this site with the day of their last publication."""
    response: HttpResponse = sitemap_view(request, {"pages": PublicPages(request)})
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
