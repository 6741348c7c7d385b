"""A request that another process answers: what passes between the two, and what happens when one ends."""

from __future__ import annotations

import io
import selectors
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from changes import reader
from config.admission import SMALL_BODY, Full
from config.forwarding import Failed, Forwarding
from config.renderers import Renderer, Renderers
from delivery.entry import Entry
from delivery.memory import Pages
from delivery.middleware import IN_ENVIRON
from delivery.wsgi import KeptPages

pytestmark = pytest.mark.django_db(transaction=True)


class Parts:
    """A long answer, which says when it was closed."""

    def __init__(self, parts: list[bytes], closed: threading.Event) -> None:
        self.parts, self.closed = parts, closed

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed.set()


class Django:
    """Stands for Django: answers as a test says."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.gate = threading.Event()
        self.closed = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.asked.append(environ)
        return getattr(self, environ["PATH_INFO"].strip("/"))(environ, start_response)

    def headers(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("302 Found", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Location", "/ü/")])
        return [b"moved", b" on"]

    def body(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [])
        stream = environ["wsgi.input"]
        return [stream.read(3), b"|", str(len(stream.read())).encode(), b"|", stream.read(10)]

    def unread(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("413 Content Too Large", [])
        return [b"too large"]

    def stream(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [("X-Kind", "long")])
        return Parts([b"one", b"", b"two", b"x" * 1_000_000], self.closed)

    def endless(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response("200 OK", [])
        return Parts([b"x" * 100_000] * 1000, self.closed)

    def broken(self, _environ: dict[str, Any], _start_response: Callable[..., Any]) -> Any:
        raise ValueError("a mistake")

    def slow(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        assert self.gate.wait(20)
        start_response("200 OK", [])
        return [b"at last"]

    def page(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ[IN_ENVIRON] = entry = Entry(
            body=b"<p>Hello", headers=[("X-Page", "1")], keys=frozenset({"page:1"}), until=4e9, version=1,
            shows_people=False, known={"page:1": 7},
        )  # fmt: skip
        start_response("200 OK", entry.head(""))
        return [entry.body]


class Both:
    """A front, and a renderer in a thread of this process."""

    def __init__(self) -> None:
        self.django = Django()
        self.line = Renderers(lambda: self.django, number=0, threads=4, patience=5)
        self.renderer = Renderer(self.django, 4, 5)
        self.front = Forwarding(self.line.door, patience=5)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.take)
        self.thread.start()

    def take(self) -> None:
        with selectors.PollSelector() as waiting:
            waiting.register(self.line.inner_door, selectors.EVENT_READ)
            while not self.stopping.is_set():
                if waiting.select(0.05):
                    self.renderer.take(self.line.inner_door)

    def end(self) -> None:
        self.django.gate.set()
        self.stopping.set()
        self.thread.join()
        self.renderer.pool.shutdown()
        self.line.door.close()
        self.line.inner_door.close()

    def ask(self, path: str, application: Any = None, **more: Any) -> tuple[Any, Any]:
        """Return (status, headers) as given to start_response, and the body, not yet read."""
        given: list[Any] = []
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "localhost", "QUERY_STRING": "",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), **more,
        }  # fmt: skip
        body = (application or self.front)(environ, lambda *arguments: given.append(arguments[:2]))
        return (given[-1] if given else None), body


@pytest.fixture
def both() -> Iterator[Both]:
    made = Both()
    yield made
    made.end()


class Client(io.RawIOBase):
    """A body as a server gives it, which counts what was read."""

    def __init__(self, length: int) -> None:
        self.left, self.taken = length, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.left)
        buffer[:count] = b"y" * count
        self.left -= count
        self.taken += count
        return count


def test_status_headers_and_body_arrive_as_they_were(both: Both) -> None:
    head, body = both.ask("/headers/")
    assert head == ("302 Found", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Location", "/ü/")])
    assert body == [b"moved on"]


def test_the_request_arrives_as_it_was(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(both.front, "inherited", {"HTTP_SAME": "inherited", "HTTP_OTHER": "inherited"})
    both.renderer.inherited = both.front.inherited
    both.ask(
        "/headers/", HTTP_SAME="inherited", HTTP_OTHER="sent", REMOTE_ADDR="10.1.2.3", QUERY_STRING="a=b"
    )
    (asked,) = both.django.asked
    assert {name: asked[name] for name in ("HTTP_SAME", "HTTP_OTHER", "REMOTE_ADDR", "QUERY_STRING")} == {
        "HTTP_SAME": "inherited", "HTTP_OTHER": "sent", "REMOTE_ADDR": "10.1.2.3", "QUERY_STRING": "a=b",
    }  # fmt: skip


@pytest.mark.parametrize("length", [1000, SMALL_BODY, SMALL_BODY + 1, 3 * SMALL_BODY])
def test_a_body_is_read_to_its_end(both: Both, length: int) -> None:
    client = Client(length)
    _head, body = both.ask(
        "/body/", REQUEST_METHOD="POST", CONTENT_LENGTH=str(length), **{"wsgi.input": client}
    )
    assert body == [f"yyy|{length - 3}|".encode()]
    assert client.left == 0


def test_of_a_long_body_only_what_is_wanted_is_read(both: Both) -> None:
    client = Client(50_000_000)
    head, body = both.ask(
        "/unread/", REQUEST_METHOD="POST", CONTENT_LENGTH="50000000", **{"wsgi.input": client}
    )
    assert (head[0], body, client.taken) == ("413 Content Too Large", [b"too large"], 0)


def test_a_long_answer_comes_in_parts(both: Both) -> None:
    head, body = both.ask("/stream/")
    assert head == ("200 OK", [("X-Kind", "long")])
    assert list(body) == [b"one", b"two", b"x" * 1_000_000]
    body.close()
    assert both.django.closed.wait(10)


def test_a_client_who_leaves_ends_a_long_answer(both: Both) -> None:
    _head, body = both.ask("/endless/")
    assert next(iter(body))
    body.close()
    assert both.django.closed.wait(10)


def test_an_exception_is_one_for_the_server_too(both: Both) -> None:
    with pytest.raises(Failed):
        both.ask("/broken/")
    assert both.ask("/headers/")[1] == [b"moved on"]


def test_a_page_is_kept_with_what_it_shows(both: Both) -> None:
    pages = Pages(16)
    kept = KeptPages(both.front, pages)
    assert both.ask("/page/", kept)[1] == [b"<p>Hello"]
    assert both.ask("/page/", kept)[1] == [b"<p>Hello"]
    assert len(both.django.asked) == 1
    (address,) = pages.addresses()
    entry = pages.get(address)
    assert entry is not None
    assert (entry.keys, entry.known) == (frozenset({"page:1"}), {})


def test_a_page_whose_renderer_cannot_read_the_log_is_not_kept(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may show what the front has long learned to be out of date."""
    pages = Pages(16)
    monkeypatch.setattr(reader, "catch_up", lambda _moment: False)
    head, body = both.ask("/page/", KeptPages(both.front, pages))
    assert (head[0], body, len(pages)) == ("200 OK", [b"<p>Hello"], 0)


def test_when_none_takes_a_request_the_client_is_asked_to_come_back(both: Both) -> None:
    both.stopping.set()
    both.thread.join()
    front = Forwarding(both.line.door, patience=0.1)
    head, _body = both.ask("/headers/", front)
    assert head[0] == "503 Service Unavailable"
    assert dict(head[1])["Retry-After"] == "5"
    with pytest.raises(Full):
        front.check()


def test_what_nobody_waits_for_any_more_is_not_answered(both: Both) -> None:
    both.stopping.set()
    both.thread.join()
    both.ask("/headers/", Forwarding(both.line.door, patience=0.1))
    both.renderer.take(both.line.inner_door)
    both.renderer.pool.shutdown()
    assert both.django.asked == []
