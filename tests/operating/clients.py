"""Those who use the nodes in tests/operating/test_nodes.py: an editor, visitors, and a crowd of visitors."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.operating.cluster import HOST


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage  # names in any case
    text: str


def ask(port: int, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
    """Ask a node or nginx, as the proxy in front would for a visitor by https."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "Connection": "close", **headers}
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


class Editor:
    """Logged in at one node; the session is good at all."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        answer = self.post("/admin/login/", username="editor", password="only-for-tests")
        assert answer.status == 302, answer.text[:500]

    def _ask(self, path: str, method: str = "GET", body: str = "") -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {
                "Host": HOST,
                "X-Forwarded-Proto": "https",
                "Cookie": cookie,
                "Referer": f"https://{HOST}/",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            for set_cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _is, value = set_cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> Answer:
        """Open the form at `path` and send it with these fields."""
        form = self._ask(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        assert token, (form.status, form.text[:500])
        return self._ask(path, "POST", urlencode({"csrfmiddlewaretoken": token[1], **fields}))


@dataclass
class Crowd:
    """Visitors who ask without pause, each request on a connection of its own."""

    port: int
    asked: int = 0
    failures: list[tuple[float, str, str]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def visit(self, method: str, paths: list[str], good: Callable[[int], bool]) -> None:
        number = 0
        while not self.stopping.is_set():
            path = paths[number % len(paths)]
            number += 1
            try:
                status = ask(self.port, path, method, "a=b" if method == "POST" else "").status
                what = "" if good(status) else str(status)
            except (OSError, http.client.HTTPException) as error:
                what = repr(error)
            self.asked += 1
            if what:
                self.failures.append((time.monotonic(), f"{method} {path}", what))


@contextmanager
def crowd(port: int, paths: list[str], *, readers: int = 6, writers: int = 2) -> Iterator[Crowd]:
    """Let readers ask for these pages and writers send forms while the block runs."""
    many = Crowd(port)
    jobs: list[tuple[Any, ...]] = [("GET", paths, lambda status: status == 200)] * readers
    # Without its token a form is refused, by Django and not by a server: it was answered.
    jobs += [("POST", ["/admin/login/"], lambda status: status == 403)] * writers
    threads = [threading.Thread(target=many.visit, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield many
    finally:
        many.stopping.set()
        for thread in threads:
            thread.join()
