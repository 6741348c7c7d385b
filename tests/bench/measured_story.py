"""Measures a story page of the site in FIRSTHAND_VAR beside a bare Django template: prints JSON. Run by `bench_pages`.

Each figure is the processor time of a whole request: Django's test client, all middleware of the site, the look-up of
the address, the view and the template. The bare page passes the same; its view renders one plain Django template, a
loop over ready pieces of the story's own HTML, without a query. What both have in common is measured, too, as a page
whose view returns a constant.

In a process prepared as a server's is (`config.server.preload`), not in that of pytest. There the same page took 9 ms
where a server takes 6, and the bare page no longer than here: the test runner's heap was such that each request took
and gave back memory of the system (195 page faults a request, here 2), and the factories had made every
translation slower.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ["PAGE_CACHE_MEGABYTES"] = "0"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
HOST = "127.0.0.1"
PIECES = 30


def main(address: str, rounds: int, requests: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.test import Client
    from django.urls import path
    from django.utils.safestring import mark_safe

    from config import server, urls
    from delivery import making
    from tests.bench.processor import noting

    template = engines["django"].from_string("<!DOCTYPE html>\n{% for part in parts %}{{ part }}{% endfor %}")
    parts: list[str] = []

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render({"parts": parts}, request))

    def constant(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("".join(parts))

    own = [path("bare-page/", bare), path("constant-page/", constant)]
    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [*own, *urls.urlpatterns]})
    client = Client(headers={"host": HOST})

    def get(at: str) -> Any:
        answer = client.get(at)
        assert answer.status_code == 200, f"{at}: {answer.status_code}"
        return answer

    def uncached() -> None:
        cache.clear()
        get(address)

    def stored() -> None:
        settings.PAGE_CACHE_MEGABYTES = 16
        get(address)
        settings.PAGE_CACHE_MEGABYTES = 0

    body = get(address).content.decode()
    step = -(-len(body) // PIECES)
    parts[:] = [mark_safe(body[start : start + step]) for start in range(0, len(body), step)]
    settings.PAGE_CACHE_MEGABYTES = 16
    assert making.make(f"http://{HOST}{address}")
    settings.PAGE_CACHE_MEGABYTES = 0
    kinds: dict[str, Callable[[], Any]] = {
        "bare template": lambda: get("/bare-page/"),
        "a constant": lambda: get("/constant-page/"),
        "story, rendered, Django's cache emptied each time": uncached,
        "story, rendered": lambda: get(address),
        "story, from the stored page": stored,
    }
    queries: dict[str, list[str]] = {name: [] for name in kinds}
    for name, request in kinds.items():
        for _ in range(requests):
            request()  # warm up
        with connection.execute_wrapper(noting(queries[name])):
            request()
    server.preload()
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, request in kinds.items():
            began = time.process_time()
            for _ in range(requests):
                request()
            times[name].append((time.process_time() - began) / requests * 1000)
    found = {
        name: [statistics.median(times[name]), min(times[name]), max(times[name]), len(queries[name])]
        for name in kinds
    }
    print(json.dumps({"bytes": len(body.encode()), "kinds": found}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
