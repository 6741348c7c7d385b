"""Answers from stored pages, and notes of every rendered page what it shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control

from changes import log, reader
from changes.recorder import Record, recording
from changes.signals import TREE
from delivery import stored
from delivery.addresses import PERSONAL_COOKIES, address_of, is_personal
from delivery.entry import Entry, encoding_for, kept_headers
from ledger import guard

KEPT_TYPES = ("text/html", "application/xml", "application/rss+xml", "application/atom+xml")
LARGEST = 4 * 1024 * 1024
# Where the middleware leaves the entry for `delivery.wsgi`.
IN_ENVIRON = "delivery.entry"
# What every page shows.
EVERYWHERE = frozenset({TREE, "wagtailcore.site", "wagtailcore.locale"})


class StoredPages:
    """Must come first in MIDDLEWARE: what it keeps is what all others made of the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or is_personal(
            request.META, (settings.SESSION_COOKIE_NAME, *PERSONAL_COOKIES)
        ):
            return _private(self.get_response(request))
        address = address_of(request.META, settings.SECURE_PROXY_SSL_HEADER)
        if address is None or not settings.PAGE_CACHE_MEGABYTES or not guard.is_open():
            return self.get_response(request)
        host = request.get_host()  # raises DisallowedHost before anything is read or kept
        if "?" not in address and host and (entry := stored.read(address)) is not None:
            request.META[IN_ENVIRON] = entry
            return respond(request, entry)
        return self._render(request, address)

    def _render(self, request: HttpRequest, address: str) -> HttpResponseBase:
        known, began, version = reader.known(), time.monotonic(), log.now()
        with recording() as record:
            response = self.get_response(request)
        entry = entry_of(request, response, record, version)
        if entry is None:
            return response
        entry.known = known
        request.META[IN_ENVIRON] = entry
        request.META["delivery.began"] = began
        if "?" not in address:
            request.META["delivery.store"] = address
        return respond(request, entry)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep what one visitor sees out of caches that many share."""
    if response.headers.get("Content-Type", "").startswith("text/html"):
        patch_cache_control(response, private=True)
    return response


def entry_of(request: HttpRequest, response: HttpResponseBase, record: Record, version: int) -> Entry | None:
    """Return what is kept of a response; None for one that is not the same for all visitors."""
    if request.method != "GET" or response.status_code != 200 or not record.may_be_kept:
        return None
    if not isinstance(response, HttpResponse) or response.cookies or request.META.get("CSRF_COOKIE"):
        return None
    said = response.headers.get("Cache-Control", "")
    if "private" in said or "no-store" in said or response.has_header("Content-Encoding"):
        return None
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if kind not in KEPT_TYPES or len(response.content) > LARGEST:
        return None
    return Entry(
        body=response.content,
        headers=kept_headers(response.items()),
        keys=frozenset(record.keys) | EVERYWHERE,
        until=_until(record),
        version=version,
        shows_people=record.shows_people,
        page=record.page,
    )


def _until(record: Record) -> float:
    """Return when a page must be made again: at the latest at midnight, when days are counted again."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, datetime.min.time())).timestamp()
    return min(midnight, record.until.timestamp()) if record.until else midnight


def respond(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Return an entry as a response of Django, in the encoding that the client accepts."""
    encoding = encoding_for(entry, request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if entry.matches(request.META.get("HTTP_IF_NONE_MATCH", "-")):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
        head = entry.short_head(encoding)
    else:
        response = HttpResponse(entry.in_encoding(encoding))
        head = entry.head(encoding)
    for name, value in head:
        response.headers[name] = value
    return response
