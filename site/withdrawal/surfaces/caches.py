"""Caches: they keep what other surfaces showed, so they are cleared last."""

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

from changes import log
from delivery import stored
from withdrawal.surfaces.registry import Scope, Surface, SurfaceContent, register

PARALLEL_REQUESTS = 8
# The values of X-Cache-Status for a response that the site has just sent; '' where nginx sends no such
# header.
NOT_FROM_CACHE = {"BYPASS", "MISS", "EXPIRED", ""}


class NotPurged(Exception):
    """A cache did not confirm that it removed its copies.

    The message names the cache and how many addresses.
    """


@register
class PageCache(Surface):
    """Pages stored as visitors get them, and kept in memory by each process.

    The rows are deleted in the withdrawal's transaction. The same transaction logs that these pages have
    changed (`changes.log`): every process then forgets what shows them before it sends anything else.
    """

    name = "page_cache"
    label = _("Page cache")
    kinds = ("page cache",)
    order = 90

    def find(self, scope: Scope) -> SurfaceContent:
        if not settings.PAGE_CACHE_MEGABYTES or not scope.touched:
            return SurfaceContent()
        pages = sorted({page.pk for page in scope.touched})
        count = stored.showing(pages).count() or len(pages)
        return SurfaceContent(count, {"pages": pages, "before": log.now()})

    def take_down_in_transaction(self, what: dict[str, Any]) -> None:
        self.take_down(what)

    def take_down(self, what: dict[str, Any]) -> None:
        pages = what.get("pages", [])
        stored.remove_showing(pages, before=what.get("before"))
        log.record(*(f"page:{number}" for number in pages))

    def check(self, what: dict[str, Any]) -> int:
        return int(stored.showing(what.get("pages", []), before=what.get("before")).count())


@register
class FrontEndCache(Surface):
    """Caches in front of the site, such as nginx or a CDN: purged by address (WAGTAILFRONTENDCACHE)."""

    name = "front_end_cache"
    label = _("Front-end cache")
    kinds = ("front-end cache",)
    order = 91

    def find(self, scope: Scope) -> SurfaceContent:
        if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
            return SurfaceContent()
        roots = [site.root_url for site in Site.objects.all()]
        urls = sorted(
            f"{root}{quote(path)}"
            for root in roots
            for path in (scope.removed_paths | scope.changed_paths)
            if path
        )
        return SurfaceContent(len(urls), {"urls": urls, "removed": sorted(map(quote, scope.removed_paths))})

    def take_down(self, what: dict[str, Any]) -> None:
        urls: list[str] = what.get("urls", [])
        if not urls:
            return
        missed = []
        for name, backend in get_backends().items():
            own = [url for url in urls if backend.invalidates_hostname(urlsplit(url).netloc)]
            with _logged_errors() as errors:
                backend.purge_batch(own)
            if errors:
                missed.append(f"{name}: {len(errors)} ({errors[0]})")
        if missed:
            raise NotPurged("; ".join(missed))

    def check(self, what: dict[str, Any]) -> int:
        """Ask the backends that can be asked (`count_kept`); the others are trusted."""
        removed = set(what.get("removed", []))
        urls = [url for url in what.get("urls", []) if urlsplit(url).path in removed]
        return sum(
            backend.count_kept(urls) for backend in get_backends().values() if hasattr(backend, "count_kept")
        )


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    """Collect the errors that Wagtail's own backends log instead of raising."""
    errors: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record.getMessage()[:200])

    logger, collector = logging.getLogger("wagtail.frontendcache"), Collector(logging.ERROR)
    logger.addHandler(collector)
    try:
        yield errors
    finally:
        logger.removeHandler(collector)


def _digest(response: Any) -> bytes:
    return hashlib.file_digest(response, "sha256").digest()


class _WithoutRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_options: Any) -> None:
        """Return None: the redirect itself is the answer."""


class NginxBackend(BaseBackend):
    """An nginx without modules: for a request with a secret header it fetches the address again and keeps
    that response.

    LOCATION: where nginx listens, 'http://127.0.0.1:8080'. SECRET: the value of the header X-Purge that its
    `proxy_cache_bypass` expects. HOSTNAMES, if given, limits the hosts that are purged. See
    docs/withdrawal.md.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        self.location = params.pop("LOCATION").rstrip("/")
        self.secret = params.pop("SECRET")
        self.timeout = params.pop("TIMEOUT", 2)
        super().__init__(params)

    def purge(self, url: str) -> None:
        """Purge one address.

        Raises NotPurged, also if nginx did not keep the new response and still sends the old one.
        """
        status, cached, fresh = self._ask(url, {"X-Purge": self.secret})
        if status >= 500 or cached not in NOT_FROM_CACHE:
            raise NotPurged(f"{self.location}: {status} {cached}")
        again, cached, kept = self._ask(url, {}) if cached else (status, cached, fresh)
        if cached not in NOT_FROM_CACHE and (again, kept) != (status, fresh):
            raise NotPurged(f"{self.location}: {again} {cached} after {status}")

    def purge_batch(self, urls: list[str]) -> None:
        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            failed = [error for error in pool.map(self._purge_or_error, urls) if error]
        if failed:
            raise NotPurged(f"{self.location}: {len(failed)} of {len(urls)} ({failed[0]})")

    def count_kept(self, urls: list[str]) -> int:
        """Return for how many of these addresses nginx still sends a page or file."""
        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            return sum(pool.map(lambda url: self._ask(url, {})[0] in range(200, 300), urls))

    def _purge_or_error(self, url: str) -> str:
        try:
            self.purge(url)
        except (OSError, NotPurged) as error:
            return str(error)
        return ""

    def _ask(self, url: str, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Return the status, nginx's cache status, and a hash of the response."""
        parts = urlsplit(url)
        request = urllib.request.Request(  # noqa: S310 - the settings say where
            f"{self.location}{parts.path}{'?' + parts.query if parts.query else ''}",
            headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme, **headers},
        )
        try:
            with urllib.request.build_opener(_WithoutRedirects).open(
                request, timeout=self.timeout
            ) as response:
                return response.status, response.headers.get("X-Cache-Status", ""), _digest(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("X-Cache-Status", ""), _digest(error)


__all__ = ["FrontEndCache", "NginxBackend", "NotPurged", "PageCache"]
