"""Django in processes of its own: the same answers, no waiting for a slow page, and a process that is killed."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.migrated_database import lend
from tests.operating.cluster import give_static_files, manage
from tests.operating.processes import ROOT, Process, free_port, running, wait_for

pytestmark = pytest.mark.django_db
# Headers that differ between two answers of one server too.
OF_ONE_ANSWER = {"date", "set-cookie", "expires"}


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Site:
    port: int
    process: Process
    folder: Path
    story: str
    document: str

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Host": "www.example.org", **sent})
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def renderer(self) -> int:
        """Return the number of the process in which Django runs."""
        answer = self.ask("/process/")
        assert answer.status == 200, self.process.said()
        return int(answer.body)


@contextmanager
def served(folder: Path, environment: dict[str, str], made: dict[str, str], renderers: int) -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve_pages", "--no-prepare", "--workers", "1"]
    command += ["--renderers", str(renderers), "--port", str(port)]
    with running(command, port, folder / f"log-{port}", environment) as process:
        site = Site(port, process, folder, made["public"], made["document"])
        wait_for(lambda: site.ask("/readyz").status == 200, 30, "it is not ready")
        yield site


@pytest.fixture(scope="module")
def sites(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site]]:
    """A server with a process for Django, and one that does everything in one process, on one database."""
    folder = tmp_path_factory.mktemp("renderers")
    lend(folder / "db.sqlite3")
    ours = ("DATABASE_", "CACHE_", "DJANGO_", "WEB_", "S3_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {
        "FIRSTHAND_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.operating.held_settings",
        "PYTHONPATH": str(ROOT),
    }
    manage(environment, "manage.py", "migrate", "--verbosity", "0")
    said = manage(environment, "tests/operating/content.py", "--long-file")
    made: dict[str, str] = json.loads(said.splitlines()[-1])
    give_static_files(environment)
    os.mkfifo(folder / "hold")
    with served(folder, environment, made, 1) as apart, served(folder, environment, made, 0) as alone:
        yield apart, alone


@pytest.fixture
def site(sites: tuple[Site, Site]) -> Site:
    return sites[0]


FORM = {"Content_Type": "application/x-www-form-urlencoded"}
# With this cookie the token is looked for in the form, so that it is read.
MULTIPART = {"Content_Type": "multipart/form-data; boundary=limit", "Cookie": f"csrftoken={'a' * 32}"}
UPLOAD = (
    b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    + b"x" * 4_000_000
    + b"\r\n--limit--\r\n"
)
REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "page": ("{story}", {}),
    "page, again": ("{story}", {}),
    "page with Brotli": ("{story}", {"Accept_Encoding": "br"}),
    "head": ("{story}", {"method": "HEAD"}),
    "page with a query": ("/search/?q=stairs", {}),
    "missing": ("/not/there/", {}),
    "redirect": ("/admin/", {}),
    "without the last slash": ("/admin", {}),
    "cookies": ("/admin/login/", {}),
    "session": ("{story}", {"Cookie": "sessionid=unknown"}),
    "form without a token": ("/admin/login/", {"method": "POST", "body": b"username=a", **FORM}),
    "large upload": ("/admin/login/", {"method": "POST", "body": UPLOAD, **MULTIPART}),
    "wrong host": ("/", {"Host": "elsewhere.example"}),
    "long file": ("{document}", {}),
    "part of a file": ("{document}", {"Range": "bytes=100-4000000"}),
    "method": ("{story}", {"method": "DELETE"}),
    "health": ("/healthz", {}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_answers_are_those_of_one_process(sites: tuple[Site, Site], name: str) -> None:
    path, how = REQUESTS[name]
    apart, alone = (site.ask(path.format(story=site.story, document=site.document), **how) for site in sites)
    assert apart.status == alone.status
    names = [sorted(name.lower() for name, _value in answer.headers) for answer in (apart, alone)]
    assert names[0] == names[1]
    told = [
        [pair for pair in answer.headers if pair[0].lower() not in OF_ONE_ANSWER] for answer in (apart, alone)
    ]
    assert told[0] == told[1]
    cookies = [
        [value.partition("=")[0] for name, value in answer.headers if name.lower() == "set-cookie"]
        for answer in (apart, alone)
    ]
    assert cookies[0] == cookies[1]
    if not cookies[0]:  # a page with a form has another token each time
        assert apart.body == alone.body


def test_ready_says_that_django_answers(site: Site) -> None:
    assert json.loads(site.ask("/readyz").body)["checks"]["django"] == "ok"


@contextmanager
def held(site: Site) -> Iterator[tuple[list[int], threading.Event]]:
    """Let the process in which Django runs do nothing; yield the statuses, filled when /hold/ has its answer."""
    statuses: list[int] = []
    done = threading.Event()

    def ask() -> None:
        statuses.append(site.ask("/hold/").status)
        done.set()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(ask)
        # Opening it returns when the other process has opened it to read.
        descriptor = os.open(site.folder / "hold", os.O_WRONLY)
        try:
            yield statuses, done
        finally:
            with contextlib.suppress(BrokenPipeError):  # its reader was killed
                os.write(descriptor, b".")
            os.close(descriptor)


def test_a_kept_page_does_not_wait_for_a_page_that_is_being_made(site: Site) -> None:
    assert site.ask(site.story).status == 200
    with held(site) as (statuses, done):
        assert [site.ask(site.story).status for _ in range(20)] == [200] * 20
        assert site.ask(site.story, "HEAD").status == 200
        assert site.ask("/healthz").status == 200
        assert not statuses
    assert done.wait(20)
    assert statuses == [200]


def test_a_process_that_is_killed_loses_only_what_it_was_answering(site: Site) -> None:
    killed = site.renderer()
    with held(site) as (statuses, done):
        os.kill(killed, signal.SIGKILL)
        assert done.wait(20)
        assert statuses == [502]
        # Asked before another process is there; it takes what waits.
        assert site.ask("/search/?q=stairs").status == 200
    assert site.renderer() != killed
    assert site.ask("/readyz").status == 200


def test_a_process_that_is_asked_to_stop_ends_what_it_has_begun(site: Site) -> None:
    stopped = site.renderer()
    with held(site) as (statuses, done):
        os.kill(stopped, signal.SIGTERM)
    assert done.wait(20)
    assert statuses == [200]
    assert site.ask("/search/?q=stairs").status == 200
    wait_for(lambda: site.renderer() != stopped, 20, "it has not ended")


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def exists(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_all_processes_end_with_the_first(sites: tuple[Site, Site]) -> None:
    """The last test: it ends the servers."""
    site = sites[0]
    renderer = site.renderer()
    first = parent_of(renderer)
    others = [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if exists(int(entry.name)) and parent_of(int(entry.name)) == first
    ]
    assert len(others) >= 2
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not any(map(exists, others)), 20, "some are left")
