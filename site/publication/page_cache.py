"""Whole pages kept for readers without a login, off by default (PAGE_CACHE_SECONDS).

A withdrawal empties it by moving to the next generation. What was rendered before and is stored afterwards would be
stored under the generation in which its request began, where nobody looks any more.
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
    return getattr(settings, "PAGE_CACHE_SECONDS", 0) > 0


def _cache() -> Any:
    return caches[settings.CACHE_MIDDLEWARE_ALIAS]


def generation() -> str:
    """The word under which pages are kept now."""
    made = secrets.token_hex(8)
    # A cache that lost it (it was restarted, or full) begins anew: nothing of before is found again.
    return str(_cache().get_or_set(KEY, made, timeout=None))


def empty() -> None:
    """Nothing that is kept now is ever served again. Any number of processes: they ask the cache for the generation."""
    _cache().set(KEY, secrets.token_hex(8), timeout=None)


class PageCacheMiddleware:
    """Django's own cache of pages, for readers who are not logged in, by generation. Put first: it is asked first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_on() or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        kept: Any = _Kept(self.get_response, generation())
        response: HttpResponse = kept(request)
        return response


class _Kept(CacheMiddleware):
    """The pages of one generation, none longer than everything that may be shown now may be shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse], generation: str) -> None:
        super().__init__(
            get_response, cache_timeout=settings.PAGE_CACHE_SECONDS, key_prefix=f"pages.{generation}"
        )

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        # Files are not kept: the disk is quick enough, and nothing of them could be found again to be removed.
        if response.status_code != 200 or response.streaming or request.path.startswith(settings.MEDIA_URL):
            return response
        if self._should_update_cache(request, response):  # type: ignore[attr-defined] # not public
            self.cache_timeout = visibility.seconds_unchanged(settings.PAGE_CACHE_SECONDS)
        return super().process_response(request, response)
