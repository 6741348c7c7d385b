"""What a story page costs, beside a bare Django template of the same size measured in the same minute.

Processor time of the whole request (middleware, view, template), in this process, without a network. The three kinds
take turns, so that whatever else the machine does falls on all of them; the median of the rounds counts. Ratios travel
from one machine to another, milliseconds do not. Nothing here fails: the figures are for people to compare.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils.safestring import mark_safe

from delivery import making
from pages.models import SiteSettings
from tests.bench.stories import BLOCKS_IN_ALL, CONDITIONS, PICTURES, WORDS_IN_ALL, make_stories

SHORT = bool(os.environ.get("SHORT"))
ROUNDS = 5 if SHORT else 15
REQUESTS = 4 if SHORT else 20  # in a round, of each kind

BARE = engines["django"].from_string("<!DOCTYPE html>\n{% for part in parts %}{{ part }}{% endfor %}")
parts: list[Any] = []


def bare(request: HttpRequest) -> HttpResponse:
    """The least that Django can do for a page of this many bytes: one loop that puts 30 ready pieces together."""
    return HttpResponse(BARE.render({"parts": parts}, request))


def cpu(request: Callable[[], None]) -> float:
    """Milliseconds of processor time for one request, averaged over REQUESTS."""
    started = time.process_time()
    for _ in range(REQUESTS):
        request()
    return (time.process_time() - started) / REQUESTS * 1000


@pytest.fixture
def bare_address(settings: Any) -> str:
    """Puts the bare page among the site's own addresses, so that it passes the same middleware."""
    from config import urls

    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("bare-page/", bare), *urls.urlpatterns]})
    return "/bare-page/"


# Committed, as on a site: what is read in an open transaction is not kept for the next request.
@pytest.mark.django_db(transaction=True)
def bench_story_page(bare_address: str) -> None:
    story = make_stories(1)[0]
    client = Client(headers={"host": "localhost"})

    def get(address: str) -> Any:
        response = client.get(address)
        assert response.status_code == 200, f"{address} answered {response.status_code}"
        return response

    body = get(
        story.url
    ).content.decode()  # the first request also makes the renditions and compiles the templates
    step = -(-len(body) // BLOCKS_IN_ALL)
    parts[:] = [mark_safe(body[start : start + step]) for start in range(0, len(body), step)]
    same_size = len(get(bare_address).content)

    def uncached() -> None:
        cache.clear()
        get(story.url)

    def stored() -> None:
        settings.PAGE_CACHE_MEGABYTES = 16
        get(story.url)
        settings.PAGE_CACHE_MEGABYTES = 0

    SiteSettings.for_site(story.get_site())
    settings.PAGE_CACHE_MEGABYTES = 16
    assert making.make(f"http://localhost{story.url}")
    settings.PAGE_CACHE_MEGABYTES = 0
    kinds: dict[str, Callable[[], Any]] = {
        "bare template": lambda: get(bare_address),
        "story, rendered, Django's cache emptied each time": uncached,
        "story, rendered": lambda: get(story.url),
        "story, from the stored page": stored,
    }
    queries = {name: queries_of(request) for name, request in kinds.items()}
    for request in kinds.values():
        cpu(request)  # warm up
    rounds: dict[str, list[float]] = {name: [] for name in kinds}
    load_before = os.getloadavg()[0]
    for _ in range(ROUNDS):
        for name, request in kinds.items():
            rounds[name].append(cpu(request))

    print(
        f"\n\nStory page: {BLOCKS_IN_ALL} blocks, {WORDS_IN_ALL} words, {PICTURES} pictures, {CONDITIONS} conditions"
    )
    print(f"  {len(body.encode())} bytes of HTML; the bare page beside it has {same_size}")
    print(f"  processor time of a request, median of {ROUNDS} rounds of {REQUESTS}, taken in turns")
    base = statistics.median(rounds["bare template"])
    for name, times in rounds.items():
        median = statistics.median(times)
        print(
            f"  {name:50} {median:8.2f} ms  x {median / base:6.1f}   "
            f"{min(times):.2f} to {max(times):.2f} ms   {queries[name]} queries"
        )
    print("  Wanted: rendered at most x 10 with 12 queries, from the stored page x 2.5 with 3 queries.")
    print(
        f"  {connection.vendor}, {settings_cache()}, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load {load_before:.2f} before and "
        f"{os.getloadavg()[0]:.2f} after"
    )


def settings_cache() -> str:
    return str(settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[-1])


def queries_of(request: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        request()
    return len(captured)
