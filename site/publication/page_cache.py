"""Caches whole pages for visitors without a login. Off by default (PAGE_CACHE_SECONDS).

A withdrawal empties the cache by starting a new generation. A page that was rendered before and is stored
afterwards is stored under the generation in which its request began, which is no longer read.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.cache import CacheMiddleware

from publication import visibility

KEY = "publication.page_cache.generation"


def is_on() -> bool:
    """Return whether the settings switch the cache on."""
    return getattr(settings, "PAGE_CACHE_SECONDS", 0) > 0


def _cache() -> Any:
    return caches[settings.CACHE_MIDDLEWARE_ALIAS]


def generation() -> str:
    """Return the key under which pages are cached now."""
    made = secrets.token_hex(8)
    # A cache that lost the key (it was restarted, or is full) starts a new generation, so no earlier page is
    # found.
    return str(_cache().get_or_set(KEY, made, timeout=None))


def empty() -> None:
    """Make sure that no page cached now is served again, by any process: all ask the cache for the
    generation.
    """
    _cache().set(KEY, secrets.token_hex(8), timeout=None)


class PageCacheMiddleware:
    """Django's page cache, by generation, for visitors without a login. Must come first in MIDDLEWARE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_on() or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        cache: Any = _CachedPages(self.get_response, generation())
        response: HttpResponse = cache(request)
        return response


class _CachedPages(CacheMiddleware):
    """The pages of one generation, none kept past the time at which a consent begins or ends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse], generation: str) -> None:
        super().__init__(
            get_response, cache_timeout=settings.PAGE_CACHE_SECONDS, key_prefix=f"pages.{generation}"
        )

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        # Files are not cached: the disk is quick enough, and a withdrawal could not find cached files to
        # remove them.
        if response.status_code != 200 or response.streaming or request.path.startswith(settings.MEDIA_URL):
            return response
        if self._should_update_cache(request, response):  # type: ignore[attr-defined] # not public
            self.cache_timeout = visibility.seconds_unchanged(settings.PAGE_CACHE_SECONDS)
        return super().process_response(request, response)
