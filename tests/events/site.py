"""The site as a server runs it for a visitor: the page cache in front of Django, in a test's transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from changes import log, reader
from delivery import encodings, writer
from delivery.making import environ_of
from delivery.memory import Pages
from delivery.wsgi import KeptPages

MEGABYTES = 64


class Site:
    """Answers a visitor without a login, from the memory of its process where nothing has changed."""

    def __init__(self) -> None:
        self._django = WSGIHandler()
        self.start()

    def start(self) -> None:
        """Begin with an empty memory, as a process that was just started."""
        self._kept = KeptPages(self._application, Pages(MEGABYTES))

    def _application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Not as a server calls it: that would close the connection on which the test's transaction is.
        response: Any = self._django.get_response(WSGIRequest(environ))
        status = f"{response.status_code} {HTTPStatus(response.status_code).phrase}"
        start_response(status, list(response.items()))
        return list(response.streaming_content) if response.streaming else [response.content]

    def get(self, address: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body. An address of this site begins with a slash."""
        given: list[Any] = []
        environ = environ_of(f"http://localhost{address}")
        # Only for this request: pages that are published meanwhile are not rendered a second time.
        settings.PAGE_CACHE_MEGABYTES = MEGABYTES
        try:
            body = b"".join(self._kept(environ, lambda status, head, *_rest: given.append((status, head))))
        finally:
            settings.PAGE_CACHE_MEGABYTES = 0
        status, head = given[-1]
        headers = dict(head)
        if headers.get("Content-Encoding") == "br" and body:
            body = encodings.decompress(body)
        return int(status.split()[0]), headers, body


def tell_own_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the page cache what the test's transaction changes, which is never committed, and store no page.

    As the fixture `changes_of_a_test` does for what else a process keeps.
    """
    told: list[str] = []
    add, news = log._add, reader.Reader.timed_news

    def add_and_tell(connection: Any, keys: Any) -> None:
        keys = list(keys)
        told.extend(keys)
        add(connection, keys)

    def news_of_the_test(self: Any) -> dict[str, float] | None:
        read = self.__dict__.get("timed", 0)
        self.timed = len(told)
        committed = news(self)
        return None if committed is None else committed | dict.fromkeys(told[read:], time.monotonic())

    monkeypatch.setattr(log, "_add", add_and_tell)
    monkeypatch.setattr(reader.Reader, "timed_news", news_of_the_test)
    monkeypatch.setattr(writer, "later", lambda *_given: None)
