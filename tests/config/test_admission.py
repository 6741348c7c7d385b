"""Slow requests wait in lanes of their own; requests for something else are answered meanwhile."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from config.admission import SMALL_BODY, SMALL_FILE, Admission, Lane, Limits, ShortTurns

STAFF = {"HTTP_COOKIE": "a=b; sessionid=abc"}


class Django:
    """Answers with the path, once the path's gate is open. Notes in which threads it ran."""

    def __init__(self) -> None:
        self.gates: dict[str, threading.Event] = {}
        self.running: list[str] = []
        self.threads: set[str] = set()
        self.answers: dict[str, Callable[[], Any]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        self.running.append(path)
        self.threads.add(threading.current_thread().name)
        if path in self.gates:
            assert self.gates[path].wait(20)
        start_response("200 OK", [])
        return self.answers[path]() if path in self.answers else [path.encode()]


class Response:
    """What Django returns: `chunks`, and whether they are streamed."""

    def __init__(self, chunks: list[bytes], *, streaming: bool = False, length: int | None = None) -> None:
        self.chunks, self.streaming, self.closed = chunks, streaming, 0
        self.headers = {} if length is None else {"Content-Length": str(length)}

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        self.closed += 1


class Site:
    def __init__(self, threads: int = 32) -> None:
        self.django = Django()
        self.admission = Admission(self.django, Limits(threads))

    def ask(self, path: str, method: str = "GET", **more: Any) -> tuple[str, Any, dict[str, str]]:
        got: list[Any] = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(), **more}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            assert not got or exc_info, "WSGI: a second call needs the error that caused it"
            got[:] = status, dict(headers)

        body = self.admission(environ, start_response)
        return got[0][:3], body, got[1]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    for gate in made.django.gates.values():
        gate.set()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_slow_pages_leave_threads_to_files_forms_and_staff(site: Site) -> None:
    site.django.gates["/slow/"] = threading.Event()
    limits = Limits(32)
    with ThreadPoolExecutor(40) as visitors:
        slow = [visitors.submit(site.ask, "/slow/") for _ in range(2 + limits.pages)]
        wait_until(lambda: site.admission.lanes["page"].places._value == 0)
        wait_until(lambda: len(site.django.running) >= 2)
        assert site.django.running == ["/slow/"] * 2, "two at a time, the others wait"

        status, body, headers = site.ask("/other/")
        assert (status, headers["Retry-After"], headers["Cache-Control"]) == ("503", "5", "no-store")
        assert b"try again" in body[0]
        assert site.ask("/admin/", **STAFF)[0] == "200"
        assert site.ask("/static/site.css")[0] == "200"
        assert site.ask("/files/shown/a.jpg")[0] == "200"
        assert site.ask("/form/", "POST", CONTENT_LENGTH="0")[0] == "200"

        site.django.gates["/slow/"].set()
        assert {request.result()[0] for request in slow} == {"200"}
    assert site.ask("/other/")[0] == "200"


def test_who_waits_too_long_is_asked_to_come_back_and_never_answered_twice(site: Site) -> None:
    site.django.gates["/slow/"] = threading.Event()
    site.admission.lanes["page"].patience = 0.05
    with ThreadPoolExecutor(4) as visitors:
        slow = [visitors.submit(site.ask, "/slow/") for _ in range(2)]
        wait_until(lambda: len(site.django.running) == 2)
        assert site.ask("/late/")[0] == "503"
        site.django.gates["/slow/"].set()
        assert [request.result()[0] for request in slow] == ["200", "200"], "begun, so they are finished"
    assert "/late/" not in site.django.running


def test_an_error_reaches_the_server_and_frees_the_place(site: Site) -> None:
    def fail() -> Any:
        raise TimeoutError("of the view itself")

    site.django.answers["/broken/"] = fail
    for _ in range(50):
        with pytest.raises(TimeoutError, match="of the view"):
            site.ask("/broken/")
    assert site.ask("/")[0] == "200"


class Slow(io.BytesIO):
    """A body that comes only when `gate` opens."""

    def __init__(self, gate: threading.Event, body: bytes) -> None:
        super().__init__(body)
        self.gate = gate

    def read(self, size: int | None = -1, /) -> bytes:
        assert self.gate.wait(20)
        return super().read(size)


def test_bodies_that_come_slowly_hold_no_thread_of_django(site: Site) -> None:
    gate = threading.Event()
    site.admission.lanes["form"] = Lane("form", threads=2, queue=20, patience=20)
    with ThreadPoolExecutor(40) as visitors:
        slow = [
            visitors.submit(
                site.ask, "/slow/", "POST", CONTENT_LENGTH="4", **{"wsgi.input": Slow(gate, b"a=bc")}
            )
            for _ in range(Limits(32).bodies)
        ]
        wait_until(lambda: site.admission.bodies.places._value == 0)
        assert site.django.running == []
        assert site.ask("/")[0] == "200"
        assert site.ask("/form/", "POST", CONTENT_LENGTH="4")[0] == "503", "too many bodies are being read"
        gate.set()
        assert {request.result()[0] for request in slow} == {"200"}


def test_django_reads_the_whole_small_body(site: Site) -> None:
    read: list[bytes] = []

    def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        read.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return []

    site.admission.django = django
    site.ask("/form/", "POST", CONTENT_LENGTH="3", **{"wsgi.input": io.BytesIO(b"a=b&next request")})
    assert read == [b"a=b"]


@pytest.mark.parametrize(
    ("path", "method", "more", "lane"),
    [
        ("/", "GET", {}, "page"),
        ("/", "HEAD", {}, "page"),
        ("/", "GET", STAFF, "staff"),
        ("/", "GET", {"HTTP_COOKIE": "csrftoken=abc"}, "page"),
        ("/admin/login/", "GET", {}, "page"),
        ("/admin/login/", "POST", {"CONTENT_LENGTH": "20"}, "form"),
        ("/admin/pages/3/edit/", "POST", {"CONTENT_LENGTH": "20", **STAFF}, "staff"),
        ("/admin/images/add/", "POST", {"CONTENT_LENGTH": str(SMALL_BODY + 1), **STAFF}, "staff_upload"),
        ("/", "POST", {"CONTENT_LENGTH": str(SMALL_BODY + 1)}, "visitor_upload"),
        ("/", "POST", {"CONTENT_LENGTH": "many"}, "form"),
        ("/static/a.css", "GET", STAFF, "file"),
        ("/files/a.mp4", "GET", {}, "file"),
        ("/files/a.mp4", "POST", {}, "form"),
    ],
)
def test_lanes(site: Site, path: str, method: str, more: dict[str, str], lane: str) -> None:
    site.ask(path, method, **more)
    assert [name.rsplit("_", 1)[0] for name in site.django.threads] == [lane]


# Answers ----------------------------------------------------------------------------------------------------


def test_a_complete_answer_is_closed_before_it_is_sent(site: Site) -> None:
    response = Response([b"a", b"b"])
    site.django.answers["/"] = lambda: response
    _status, body, _headers = site.ask("/")
    assert (body, response.closed) == ([b"ab"], 1)


def test_a_short_file_is_read_at_once_and_a_long_one_streamed(site: Site) -> None:
    short = Response([b"a", b"b"], streaming=True, length=2)
    long = Response([b"a", b"b"], streaming=True, length=SMALL_FILE + 1)
    site.django.answers.update({"/files/short": lambda: short, "/files/long": lambda: long})
    assert site.ask("/files/short")[1] == [b"ab"]
    assert short.closed == 1
    _status, body, _headers = site.ask("/files/long")
    assert long.closed == 0
    assert list(body) == [b"a", b"b"]
    body.close()
    assert long.closed == 1


def test_long_answers_are_counted_until_they_are_closed(site: Site) -> None:
    responses: list[Response] = []

    def long() -> Response:
        responses.append(Response([b"a"], streaming=True))
        return responses[-1]

    site.django.answers["/files/long"] = long
    sent = [site.ask("/files/long")[1] for _ in range(Limits(32).streams)]
    assert site.ask("/files/long")[0] == "503"
    assert responses[-1].closed == 1
    assert site.ask("/files/long", **STAFF)[0] == "200", "visitors who watch do not keep staff out"
    sent[0].close()
    sent[0].close()
    assert site.ask("/files/long")[0] == "200"
    assert site.ask("/files/long")[0] == "503"


def test_threads_take_short_turns_only_while_django_works(site: Site) -> None:
    usual = sys.getswitchinterval()
    seen: list[float] = []

    def note() -> list[bytes]:
        seen.append(sys.getswitchinterval())
        return []

    site.django.answers["/"] = note
    site.django.gates["/slow/"] = threading.Event()
    with ThreadPoolExecutor(1) as visitor:
        slow = visitor.submit(site.ask, "/slow/")
        wait_until(lambda: site.django.running == ["/slow/"])
        site.ask("/")
        assert sys.getswitchinterval() == pytest.approx(ShortTurns.SECONDS), (
            "another page is still being made"
        )
        site.django.gates["/slow/"].set()
        slow.result()
    assert seen == [pytest.approx(ShortTurns.SECONDS)]
    assert sys.getswitchinterval() == pytest.approx(usual)
