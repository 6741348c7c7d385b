"""The site of a request, its home page and the addresses of all sites: read once, then kept."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site
from wagtail.models.sites import get_site_for_hostname

from changes.kept import Kept


def _site_at(host: str, port: str) -> Site | None:
    """Return the site at a host with its home page in its own type, as Wagtail finds them."""
    try:
        site: Site = get_site_for_hostname(host, port)
    except Site.DoesNotExist:
        return None
    assert site.root_page.specific is not None  # kept with it
    return site


def _root_paths() -> Any:
    Site.clear_site_root_paths_cache()
    # Named by the query already, and read again when a site or a home page changes.
    return Site.get_site_root_paths()


_sites: Kept[Site | None] = Kept(_site_at)
_paths: Kept[Any] = Kept(_root_paths)


# What stands in an address as it is.
PLAIN_PATH = re.compile(r"(?:[A-Za-z0-9_-]+/)*")


@lru_cache(maxsize=16)
def address_of_root(urlconf: str | None, _prefix: str) -> str:
    """Return the address at which Wagtail serves pages; '' where it does not or leaves out the last slash."""
    if not getattr(settings, "WAGTAIL_APPEND_SLASH", True):
        return ""
    try:
        return reverse("wagtail_serve", urlconf=urlconf, args=("",))
    except NoReverseMatch:
        return ""


def root_paths() -> Any:
    """Return the addresses of all sites, as `Site.get_site_root_paths` does."""
    return _paths.get()


def tell_wagtail(request: Any) -> None:
    """Set what Wagtail finds out for a request and keeps with it."""
    host = split_domain_port(request._get_raw_host())[0]
    request._wagtail_site = _sites.get(host, request.get_port())
    request._wagtail_cached_site_root_paths = root_paths()
