"""The page cache in front of Django.

A page that this process keeps is sent before any middleware, session or database is asked. The promise that
nothing about a person is public without consent holds here too: a kept page is sent only while nothing that
it shows has changed, in any process, and before the moment at which a consent that it needs begins or ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from delivery import writer
from delivery.addresses import PERSONAL_COOKIES, address_of, clean_query, is_personal
from delivery.entry import Entry, encoding_for
from delivery.memory import Pages
from delivery.middleware import IN_ENVIRON
from ledger import guard

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# Below these paths nothing is kept.
NEVER = ("/admin/", "/static/", "/documents/", "/files/")
# How often a request waits for another that makes the same page, before it makes the page itself.
TURNS = 5
# In `environ`: the page itself is wanted, so that it can be kept. A response to send need not be made.
WANTED = "delivery.wanted"


class KeptPages:
    """A WSGI application that answers for another one where it can."""

    def __init__(self, application: Application, pages: Pages | None = None) -> None:
        self.application = application
        self.pages = Pages(settings.PAGE_CACHE_MEGABYTES) if pages is None else pages
        self.cookies = (settings.SESSION_COOKIE_NAME, *PERSONAL_COOKIES)
        self.secure_header: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"} or environ["PATH_INFO"].startswith(NEVER):
            return self.application(environ, start_response)
        # While the database may lack a withdrawal, `withdrawal.closed` looks at each response. It may run in
        # another process, so that this one looks for itself whether the guard may open again.
        if not guard.is_open():
            guard.look_again()
            return self.application(environ, start_response)
        address = None if is_personal(environ, self.cookies) else address_of(environ, self.secure_header)
        if address is None:
            return self.application(environ, start_response)
        if (entry := self.pages.get(address)) is not None:
            return send(entry, environ, start_response)
        if method == "HEAD":
            return self.application(environ, start_response)
        return self._make(address, environ, start_response)

    def _make(self, address: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have Django make the page, once for all who ask for it at this moment.

        What one of them made is not kept if something on it changed meanwhile, for instance because the first
        rendering made its pictures. Then one of those who waited makes it again, not all of them.
        """
        for _turn in range(TURNS):
            with self.pages.making(address) as first:
                if first:
                    return self._first(address, environ, start_response)
                if (entry := self.pages.get(address)) is not None:
                    return send(entry, environ, start_response)
        return self._first(address, environ, start_response)

    def _first(self, address: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have Django make the page, and keep it where it may be kept."""
        began = time.monotonic()
        # Django gets the address under which the response is kept.
        environ["QUERY_STRING"] = clean_query(environ.get("QUERY_STRING", ""))
        environ[WANTED] = True
        captured: list[Any] = []
        result = self.application(environ, lambda *given: captured.append(given))
        entry = made_entry(environ)
        if entry is None:
            # A site that is busy or out of order for a moment says nothing about the address.
            if not str(captured[-1][0]).startswith("5"):
                self.pages.refuse(address)
            start_response(*captured[-1])
            return result
        self.pages.accept(address)
        self.pages.put(address, entry, environ.get("delivery.began", began))
        if close := getattr(result, "close", None):
            close()
        return send(entry, environ, start_response)


def made_entry(environ: Environ) -> Entry | None:
    """Return the page that Django has just left in `environ`, if it may be kept, and have it stored."""
    entry: Entry | None = environ.get(IN_ENVIRON)
    if entry is not None and (stored_at := environ.pop("delivery.store", None)) is not None:
        writer.later(stored_at, entry)
    return entry


def send(entry: Entry, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Send a kept page, or say that the client has it already."""
    encoding = encoding_for(entry, environ.get("HTTP_ACCEPT_ENCODING", ""))
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and entry.matches(known):
        start_response("304 Not Modified", entry.short_head(encoding))
        return [b""]
    start_response("200 OK", entry.head(encoding))
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [entry.in_encoding(encoding)]
