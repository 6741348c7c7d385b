"""Caches: they hold what other surfaces showed, and so come last."""

from __future__ import annotations

import hashlib
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.contrib.frontend_cache.utils import get_backends
from wagtail.models import Site

from publication import page_cache
from withdrawal.surfaces.registry import Found, Scope, Surface, register

AT_ONCE = 8


class NotPurged(Exception):
    """A cache did not confirm that it let something go. The message names the cache and how many addresses."""


@register
class PageCache(Surface):
    """Whole pages kept by Django's cache. All of them go: nobody knows in which lists and filters somebody stood."""

    name = "page_cache"
    label = _("Page cache")
    kinds = ("page cache",)
    place = 90

    def find(self, scope: Scope) -> Found:
        if not page_cache.is_on() or not (scope.gone or scope.stale):
            return Found()
        return Found(len(scope.gone) + len(scope.stale), {"before": page_cache.generation()})

    def take_down(self, what: dict[str, Any]) -> None:
        if what:
            page_cache.empty()

    def check(self, what: dict[str, Any]) -> int:
        return int(bool(what) and page_cache.generation() == what["before"])


@register
class FrontEndCache(Surface):
    """Caches before the site, such as nginx or a network of servers: purged by address (WAGTAILFRONTENDCACHE)."""

    name = "front_end_cache"
    label = _("Front-end cache")
    kinds = ("front-end cache",)
    place = 91

    def find(self, scope: Scope) -> Found:
        if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
            return Found()
        roots = [site.root_url for site in Site.objects.all()]
        urls = sorted(f"{root}{quote(path)}" for root in roots for path in (scope.gone | scope.stale) if path)
        return Found(len(urls), {"urls": urls, "gone": sorted(map(quote, scope.gone))})

    def take_down(self, what: dict[str, Any]) -> None:
        urls: list[str] = what.get("urls", [])
        if not urls:
            return
        missed = []
        for name, backend in get_backends().items():
            mine = [url for url in urls if backend.invalidates_hostname(urlsplit(url).netloc)]
            with _said() as errors:
                backend.purge_batch(mine)
            if errors:
                missed.append(f"{name}: {len(errors)} ({errors[0]})")
        if missed:
            raise NotPurged("; ".join(missed))

    def check(self, what: dict[str, Any]) -> int:
        """Caches that can be asked are asked (`still_holds`); of others their own word is taken."""
        gone = set(what.get("gone", []))
        urls = [url for url in what.get("urls", []) if urlsplit(url).path in gone]
        return sum(
            backend.still_holds(urls)
            for backend in get_backends().values()
            if hasattr(backend, "still_holds")
        )


@contextmanager
def _said() -> Iterator[list[str]]:
    """What Wagtail's own backends log instead of raising it."""
    errors: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record.getMessage()[:200])

    logger, keep = logging.getLogger("wagtail.frontendcache"), Keep(logging.ERROR)
    logger.addHandler(keep)
    try:
        yield errors
    finally:
        logger.removeHandler(keep)


def _digest(answer: Any) -> bytes:
    return hashlib.file_digest(answer, "sha256").digest()


class _AsItIs(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class NginxBackend(BaseBackend):
    """An nginx without modules: asked with a secret header it fetches an address anew and keeps that instead.

    LOCATION: where nginx listens, 'http://127.0.0.1:8080'. SECRET: what its `proxy_cache_bypass` waits for in the header
    X-Purge. Also purges where only some host names belong to it (HOSTNAMES). See docs/withdrawal.md.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        self.location = params.pop("LOCATION").rstrip("/")
        self.secret = params.pop("SECRET")
        self.timeout = params.pop("TIMEOUT", 2)
        super().__init__(params)

    def purge(self, url: str) -> None:
        """Raises NotPurged also where the new answer could not be kept, and readers are still given the old one."""
        status, held, fresh = self._ask(url, {"X-Purge": self.secret})
        if status >= 500 or held not in {"BYPASS", "MISS", "EXPIRED", ""}:
            raise NotPurged(f"{self.location}: {status} {held}")
        again, held, kept = self._ask(url, {}) if held else (status, held, fresh)
        if held not in {"MISS", "BYPASS", "EXPIRED", ""} and (again, kept) != (status, fresh):
            raise NotPurged(f"{self.location}: {again} {held} after {status}")

    def purge_batch(self, urls: list[str]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            failed = [error for error in pool.map(self._tried, urls) if error]
        if failed:
            raise NotPurged(f"{self.location}: {len(failed)} of {len(urls)} ({failed[0]})")

    def still_holds(self, urls: list[str]) -> int:
        """How many of these addresses it still answers as if something were there."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sum(pool.map(lambda url: self._ask(url, {})[0] in range(200, 300), urls))

    def _tried(self, url: str) -> str:
        try:
            self.purge(url)
        except (OSError, NotPurged) as error:
            return str(error)
        return ""

    def _ask(self, url: str, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """The status, what nginx says of its cache, and a hash of the answer."""
        parts = urlsplit(url)
        request = urllib.request.Request(  # noqa: S310 - the settings say where
            f"{self.location}{parts.path}{'?' + parts.query if parts.query else ''}",
            headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme, **headers},
        )
        try:
            with urllib.request.build_opener(_AsItIs).open(request, timeout=self.timeout) as answer:
                return answer.status, answer.headers.get("X-Cache-Status", ""), _digest(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("X-Cache-Status", ""), _digest(error)


__all__ = ["FrontEndCache", "NginxBackend", "NotPurged", "PageCache"]
