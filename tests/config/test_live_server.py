"""No request outlives its test, and no test meets what another one left in the database."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from wagtail.models import Locale, Page

from tests.live_server import Handler, Server, StillAnswering


class Slow:
    """A site that answers when it is let go."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.answered: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "4")])
        yield b"on"
        self.asked.set()
        self.go_on.wait(30)
        self.answered.append(environ["PATH_INFO"])
        yield b"ly"


@pytest.fixture
def slow() -> Iterator[Slow]:
    site = Slow()
    yield site
    site.go_on.set()


@pytest.fixture
def server(slow: Slow) -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    running.set_app(slow)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield running
    slow.go_on.set()
    running.shutdown()
    running.server_close()
    thread.join(10)


def ask(server: Server, path: str) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
    line.request("GET", path)
    return line


def test_what_a_closed_tab_had_asked_is_answered_first(server: Server, slow: Slow) -> None:
    tab = ask(server, "/closed/")
    slow.asked.wait(10)
    tab.close()
    threading.Timer(0.2, slow.go_on.set).start()
    with server.quiet():
        assert slow.answered == ["/closed/"]
        assert not server.connections


def test_nothing_is_answered_meanwhile_and_everything_afterwards(server: Server, slow: Slow) -> None:
    slow.go_on.set()
    with server.quiet():
        tab = ask(server, "/meanwhile/")
        assert not server.connections
    assert tab.getresponse().read() == b"only"
    assert slow.answered == ["/meanwhile/"]


def test_a_tab_that_is_open_and_asks_nothing_is_not_waited_for(server: Server, slow: Slow) -> None:
    slow.go_on.set()
    tab = ask(server, "/open/")
    assert tab.getresponse().read() == b"only"
    with server.quiet():
        assert not server.connections


def test_a_request_without_end_is_named(server: Server, slow: Slow) -> None:
    tab = ask(server, "/endless/")
    slow.asked.wait(10)
    with pytest.raises(StillAnswering, match="GET /endless/"), server.quiet(0.2):
        pass
    slow.go_on.set()
    assert tab.getresponse().read() == b"only"


@pytest.mark.parametrize("run", [1, 2])
def test_the_database_is_put_back(run: int, transactional_db: None) -> None:
    assert not User.objects.exists()
    assert Locale.objects.exists()
    assert Page.objects.count() == 2  # the root and Wagtail's own welcome
    assert Permission.objects.count() > 100
    User.objects.create_superuser("editor", "editor@example.org", "only-for-tests")
    Page.objects.all().delete()
    Permission.objects.all().delete()
    Locale.objects.all().delete()
