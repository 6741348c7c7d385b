"""A cache in front of the site is purged after a withdrawal; a cache that does not confirm is reported."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from audit.actors import Actor
from media.models import Rendition
from tests import factories as make
from tests.journeys.test_surfaces import shown
from tests.withdrawal import rich as riches
from withdrawal import takedown
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a word of ours"
ROOT = Path(__file__).resolve().parents[2]


def fetch(url: str, host: str = "localhost") -> tuple[int, str, str]:
    request = urllib.request.Request(url, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return (
                answer.status,
                answer.read().decode("utf-8", "replace"),
                answer.headers.get("X-Cache-Status", ""),
            )
    except urllib.error.HTTPError as error:
        with error:
            return (
                error.code,
                error.read().decode("utf-8", "replace"),
                error.headers.get("X-Cache-Status", ""),
            )


def behind(settings: Any, location: str) -> None:
    settings.WAGTAILFRONTENDCACHE = {
        "nginx": {
            "BACKEND": "withdrawal.surfaces.caches.NginxBackend",
            "LOCATION": location,
            "SECRET": SECRET,
        }
    }


def withdraw_from(story: Any) -> Any:
    return withdraw(consent=story.person.consents.get(), by=Actor.system("test"), channel="editor")


class FakeNginx(BaseHTTPRequestHandler):
    """Treats the site's responses as the nginx of docs/withdrawal.md does, as far as these tests need it."""

    site = ""
    kept: dict[str, tuple[int, bytes]] = {}
    ignores_purge = False
    keeps = {200, 410}

    def do_GET(self) -> None:
        fresh = self.headers.get("X-Purge") == SECRET and not self.ignores_purge
        held = "BYPASS" if fresh else "HIT" if self.path in self.kept else "MISS"
        if held != "HIT":
            status, body, _held = fetch(self.site + self.path, self.headers["Host"])
            if status in self.keeps:
                self.kept[self.path] = status, body.encode()
            answer = status, body.encode()
        else:
            answer = self.kept[self.path]
        self.send_response(answer[0])
        self.send_header("X-Cache-Status", held)
        self.end_headers()
        self.wfile.write(answer[1])

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def cache(live_server: Any, settings: Any) -> Iterator[type[FakeNginx]]:
    FakeNginx.site, FakeNginx.kept, FakeNginx.ignores_purge = live_server.url, {}, False
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeNginx)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    behind(settings, f"http://127.0.0.1:{server.server_port}")
    yield FakeNginx
    server.shutdown()
    server.server_close()


def test_the_cache_is_purged(cache: type[FakeNginx], settings: Any) -> None:
    story = make.StoryPageFactory(title="Fourteen stairs")
    Site.objects.update(hostname="localhost")
    location = settings.WAGTAILFRONTENDCACHE["nginx"]["LOCATION"]
    lists = story.get_parent().url
    for path in (story.url, lists):
        fetch(location + path)
        status, body, held = fetch(location + path)
        assert (status, held) == (200, "HIT")
        assert "Fourteen stairs" in body

    done = withdraw_from(story)

    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    assert done.steps.get(surface="front_end_cache").state == "done"
    assert fetch(location + story.url)[0] == 410
    status, body, held = fetch(location + lists)
    assert (status, held) == (200, "HIT")
    assert "Fourteen stairs" not in body


def test_a_cache_that_ignores_purges_is_reported_until_it_obeys(
    cache: type[FakeNginx], settings: Any
) -> None:
    story = make.StoryPageFactory(title="Fourteen stairs")
    location = settings.WAGTAILFRONTENDCACHE["nginx"]["LOCATION"]
    fetch(location + story.url)
    cache.ignores_purge = True
    done = withdraw_from(story)
    step = done.steps.get(surface="front_end_cache")
    assert step.state == "failed"
    assert "HIT" in step.error
    assert takedown.latest_possible(step)
    cache.ignores_purge = False
    assert takedown.finish() == (1, 0)
    assert fetch(location + story.url)[0] == 410


def test_a_cache_that_keeps_the_old_response_is_reported(
    cache: type[FakeNginx], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an nginx without `proxy_cache_valid 410`: it fetches the address again but keeps the old
    response."""
    monkeypatch.setattr(FakeNginx, "keeps", {200})
    story = make.StoryPageFactory()
    location = settings.WAGTAILFRONTENDCACHE["nginx"]["LOCATION"]
    fetch(location + story.url)
    step = withdraw_from(story).steps.get(surface="front_end_cache")
    assert step.state == "failed"
    assert "200 HIT after 410" in step.error


def test_a_cache_that_is_not_there_fails_and_delays_nothing_else(settings: Any) -> None:
    behind(settings, "http://127.0.0.1:9")
    story = make.StoryPageFactory()
    done = withdraw_from(story)
    assert done.finished_at is None
    assert {step.surface for step in done.steps.exclude(state="done")} == {"front_end_cache"}


# A real nginx -------------------------------------------------------------------------------------


def configuration(folder: Path, port: int, site: str) -> str:
    """Return the configuration in the documentation, changed to run unprivileged at a port of its own."""
    written = (ROOT / "docs" / "withdrawal.md").read_text()
    found = re.search(r"^    proxy_cache_path .*?^    }\n", written, re.MULTILINE | re.DOTALL)
    assert found
    text = "\n".join(line[4:] for line in found[0].splitlines())
    for old, new in {
        "/var/cache/nginx/firsthand": str(folder / "cache"),
        "the word of FRONT_END_CACHE_SECRET": SECRET,
        '"www.example.org" "www.example.org"': "localhost localhost",
        "listen 8080": f"listen 127.0.0.1:{port}",
        "http://127.0.0.1:8000": site,
    }.items():
        assert old in text
        text = text.replace(old, new)
    places = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, nginx would switch to a user who may not read pytest's folders: it stays root.
    who = "user root root; " if os.geteuid() == 0 else ""
    return (
        f"{who}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{places}\n{text}\n}}\n"
    )


@pytest.fixture
def nginx(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("NGINX IS NOT INSTALLED: a withdrawal behind a real nginx was NOT tested here")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = tmp_path / "nginx.conf"
    file.write_text(configuration(tmp_path, port, live_server.url))
    with subprocess.Popen([program, "-c", str(file), "-p", str(tmp_path)]) as process:
        try:
            for _attempt in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            behind(settings, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_the_configuration_in_the_documentation_is_whole(tmp_path: Path) -> None:
    text = configuration(tmp_path, 8081, "http://127.0.0.1:8001")
    assert text.count("{") == text.count("}")
    assert "proxy_cache_valid 410" in text


def test_nothing_is_left_in_a_real_nginx(nginx: str) -> None:
    rich = riches.build(Client())
    theirs = rich.bytes()
    urls = [url for kind, found in rich.kinds.items() if kind != "search" for url in found if "?" not in url]

    held: dict[str, str] = {}

    def ask(url: str, **headers: str) -> tuple[int, bytes, str]:
        request = urllib.request.Request(nginx + url, headers={"Host": "localhost", **headers})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                held[url] = answer.headers.get("X-Cache-Status", "")
                return answer.status, answer.read(), answer.headers.get("Content-Type", "")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), ""

    for _twice in range(2):
        assert [url for url in urls if not shown(ask(url), theirs)] == []
    # Otherwise nothing would be tested. Downloads, which are made for each request, are never kept.
    assert {url for url in urls if held[url] == "HIT"} >= {
        url for url in urls if not url.startswith("/documents/") and url.count("/") < 4
    }
    # Other spellings of the same addresses, and other names of the site, are not purged, so they may not be
    # kept.
    first = next(url for url in urls if url.startswith("/experiences/kwyjibo-first"))
    file = next(url for url in urls if url.endswith(".mp4"))
    odd = [
        (first + "?", {}),
        (first + "?a=b", {}),
        (first.replace("e", "%65", 1), {}),
        (file.replace("/shown/", "//shown/").replace("/clips/", "//clips/"), {}),
        (file.replace("/files/", "/files/./"), {}),
        (first, {"Host": "LOCALHOST"}),
        (first, {"Host": "localhost:80"}),
        (first, {"Host": "127.0.0.1"}),
        (first, {"Accept-Language": "es"}),
        (first, {"Accept-Encoding": "gzip"}),
        (first, {"Cookie": "a=b"}),
    ]
    for _twice in range(2):
        assert [(url, headers) for url, headers in odd if not shown(ask(url, **headers), theirs)] == []
    began = time.monotonic()
    done = withdraw(consent=rich.consent, by=Actor.system("test"), channel="editor")
    print(f"\nbehind nginx: {len(urls)} addresses clean after {time.monotonic() - began:.2f} s")
    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    assert {url: found for url in urls if (found := shown(ask(url), theirs))} == {}
    assert [(url, headers) for url, headers in odd if shown(ask(url, **headers), theirs)] == []


def test_a_picture_that_is_also_behind_a_login_is_purged_from_a_real_nginx(nginx: str) -> None:
    client = Client()
    picture = make.PictureFactory(title="Stairs", file=make.png(1600, 1200, "crimson"))
    story = make.StoryPageFactory(picture=picture, social_picture=picture)
    PageViewRestriction.objects.create(
        page=make.StandardPageFactory(title="Minutes", picture=picture),
        restriction_type=PageViewRestriction.LOGIN,
    )
    Site.objects.update(hostname="localhost")
    for url in (story.url, story.get_parent().url):
        client.get(url)
    picture.refresh_from_db()
    addresses = [
        part.public_url for part in picture.parts() if part.stored_name and isinstance(part.holder, Rendition)
    ]
    assert len(set(addresses)) >= 16
    for address in addresses:
        fetch(nginx + address)
        status, _body, cached = fetch(nginx + address)
        assert (status, cached) == (200, "HIT")

    done = withdraw_from(story)

    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    counts = dict(done.steps.values_list("surface", "count"))
    assert counts["renditions"] + counts["social_images"] == len(addresses)
    assert {address: fetch(nginx + address)[0] for address in addresses} == dict.fromkeys(addresses, 410)
