"""Visitors who come through the page cache in front of Django, as a server would bring them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from delivery import encodings, writer
from delivery.making import environ_of
from delivery.memory import Pages
from delivery.wsgi import KeptPages


@dataclass(frozen=True)
class Answer:
    """What a visitor gets. `body` is decompressed."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """One process of the site: its memory, and how many requests reached Django."""

    def __init__(self, megabytes: int = 16, django: Any = None) -> None:
        self.rendered: list[str] = []
        self._django = django or WSGIHandler()
        self.kept = KeptPages(self._counted, Pages(megabytes))

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Any:
        result = self._django(environ, start_response)
        self.rendered.append(environ["PATH_INFO"])
        return result

    def get(self, url: str, host: str = "localhost", method: str = "GET", **headers: str) -> Answer:
        environ = environ_of(f"http://{host}{url}")
        environ["REQUEST_METHOD"] = method
        for name, value in headers.items():
            environ[f"HTTP_{name.upper()}"] = value
        given: list[Any] = []
        result = self.kept(environ, lambda status, head, *_rest: given.append((status, head)))
        body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        writer.wait()
        status, head = given[-1]
        sent = dict(head)
        if sent.get("Content-Encoding") == "br" and body:
            body = encodings.decompress(body)
        return Answer(int(status.split()[0]), sent, body)
