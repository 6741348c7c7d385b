"""The sitemap (sitemaps.org) and robots.txt (RFC 9309) for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from search import sitemap_parts
from search.sitemap_parts import Entry

CLOSED = ("/admin/", "/search/")
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def site_of(request: HttpRequest) -> Site:
    """Return the site that is asked, with its home page."""
    found = Site.find_for_request(request) or Site.objects.filter(is_default_site=True).first()
    if found is None:
        raise Http404
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Return the addresses of the sitemap's parts."""
    site = site_of(request)
    entries = [
        Entry(site.root_url + reverse("sitemap_part", args=[number]), changed)
        for number, changed in sitemap_parts.parts(site.root_page)
    ]
    return _xml("sitemapindex", "sitemap", entries)


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """Return the public pages of one part with the day of their last publication."""
    entries = sitemap_parts.addresses(site_of(request), number)
    if not entries:
        raise Http404
    return _xml("urlset", "url", entries)


def _xml(root: str, item: str, entries: Iterable[Entry]) -> HttpResponse:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for entry in entries:
        changed = f"<lastmod>{entry.changed.isoformat(timespec='seconds')}</lastmod>" if entry.changed else ""
        lines.append(f"<{item}><loc>{escape(entry.location)}</loc>{changed}</{item}>")
    lines += [f"</{root}>", ""]
    # Search engines read it and do not list it.
    headers = {"X-Robots-Tag": "noindex, noodp, noarchive"}
    return HttpResponse("\n".join(lines), content_type="application/xml", headers=headers)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
