"""Makes pages as visitors get them, without a visitor."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import got_request_exception
from wagtail.models import Page

from delivery import stored
from delivery.addresses import address_of
from delivery.entry import Entry
from delivery.middleware import IN_ENVIRON

# So many pages are stored in one transaction.
AT_ONCE = 25

_handlers: list[WSGIHandler] = []


@dataclass
class Made:
    """How many pages are stored, and those that answered with an error: (address, why)."""

    stored: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def _handler() -> WSGIHandler:
    """Return Django's application, made at the first need: it loads all middleware."""
    if not _handlers:
        _handlers.append(WSGIHandler())
    return _handlers[0]


def environ_of(url: str) -> dict[str, Any]:
    """Return the request of a visitor for this full address, as a server would hand it to Django."""
    parts = urlsplit(url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/", encoding="latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if settings.SECURE_PROXY_SSL_HEADER and parts.scheme == settings.SECURE_PROXY_SSL_HEADER[1]:
        environ[settings.SECURE_PROXY_SSL_HEADER[0]] = parts.scheme
    return environ


def make(url: str) -> bool:
    """Make the page at a full address and store it. Return whether a current one is stored now."""
    made = _rendered(url, Made())
    return made if isinstance(made, bool) else stored.write(*made)


def _rendered(url: str, result: Made) -> tuple[str, Entry] | bool:
    """Return the address and content of the page at a full address, to be stored.

    True where a current one is stored, False where it cannot be kept. An error is added to `result`.
    """
    environ = environ_of(url)
    request = WSGIRequest(environ)
    with _exceptions_of(request) as raised:
        # Not as a server calls it: that would close the database connection of the caller.
        response = _handler().get_response(request)
    if response.status_code >= 400:
        result.failed.append((url, "; ".join([f"{response.status_code} {response.reason_phrase}", *raised])))
    entry = environ.get(IN_ENVIRON)
    if entry is None:
        return False
    if "delivery.store" not in environ:
        return True
    address = address_of(environ, settings.SECURE_PROXY_SSL_HEADER)
    return address is not None and (address, entry)


@contextmanager
def _exceptions_of(request: WSGIRequest) -> Iterator[list[str]]:
    """Give what was raised while this request was answered, in words. Django itself logs the traceback."""
    raised: list[str] = []

    def note(**sent: object) -> None:
        error = sys.exc_info()[1]
        if sent.get("request") is request and error is not None:
            raised.append(f"{type(error).__name__}: {error}")

    got_request_exception.connect(note, weak=False)
    try:
        yield raised
    finally:
        got_request_exception.disconnect(note)


def make_pages(numbers: Iterable[int]) -> Made:
    """Make these pages, those that are live, and store them."""
    urls = [url for page in Page.objects.filter(pk__in=list(numbers), live=True) if (url := page.full_url)]
    result = Made()
    for start in range(0, len(urls), AT_ONCE):
        made = [_rendered(url, result) for url in urls[start : start + AT_ONCE]]
        result.stored += made.count(True)
        result.stored += stored.write_many(one for one in made if not isinstance(one, bool))
    return result
