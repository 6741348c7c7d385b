"""Acceptance: after a withdrawal, no surface that showed a person shows them any more.

A crawl records every address the site leads to, and a list of kinds adds those without a link. Each
kind is proven to show the story. All are asked again afterwards: no title, no name, no word of it, no byte of
a file of it.
"""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pypdf import PdfReader

from audit.actors import Actor
from tests.delivery.visitors import Visitor
from tests.withdrawal import rich as riches
from withdrawal.models import Withdrawal
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)
# Kinds whose addresses belong to the person alone: they answer 410 afterwards.
OWN = {
    "page", "old slug", "alias", "translation", "rendition", "social image", "video", "poster", "captions", "clip",
    "clip captions", "clip poster", "document", "document to save", "document file", "PDF", "CSV", "JSON",
}  # fmt: skip
LINKS = (
    ("a", "href"),
    ("img", "src"),
    ("source", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("track", "src"),
    ("link", "href"),
)
Ask = Callable[[str], tuple[int, bytes, str]]


def by_client(client: Client) -> Ask:
    def ask(url: str) -> tuple[int, bytes, str]:
        answer: Any = client.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, body, answer.headers.get("Content-Type", "")

    return ask


def by_visitor(visitor: Visitor) -> Ask:
    """Ask through the page cache in front of Django, as a server does."""

    def ask(url: str) -> tuple[int, bytes, str]:
        answer = visitor.get(url, host="testserver")
        return answer.status, answer.body, answer.headers.get("Content-Type", "")

    return ask


def following(ask: Ask, client: Client) -> Ask:
    """Redirects are followed by hand: what an old address leads to is what it shows."""

    def asked(url: str) -> tuple[int, bytes, str]:
        answer = client.get(url)
        if answer.status_code in {301, 302}:
            status, body, kind = ask(answer.headers["Location"])
            return status, answer.headers["Location"].encode() + body, kind
        return ask(url)

    return asked


def words(body: bytes, kind: str) -> str:
    if kind.startswith("application/pdf"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages) + body.decode(
            "latin-1"
        )
    return unquote(body.decode("utf-8", "replace"))


def shown(answer: tuple[int, bytes, str], theirs: dict[str, str]) -> list[str]:
    """What of the person an answer shows: words of theirs, or a file of theirs."""
    status, body, kind = answer
    if status not in {200, 206}:
        return []
    if hashlib.sha256(body).hexdigest() in theirs:
        return [f"the file {theirs[hashlib.sha256(body).hexdigest()]}"]
    if kind.startswith(("image/", "video/", "audio/")):
        return []
    text = words(body, kind).lower()
    return [needle for needle in riches.NEEDLES if needle in text]


def addresses_in(url: str, body: bytes) -> Iterator[str]:
    page = BeautifulSoup(body, "html.parser")
    for tag, attribute in LINKS:
        for element in page.find_all(tag):
            if value := element.get(attribute):
                yield urljoin(url, str(value))
    for element in page.find_all(["img", "source"]):
        for candidate in str(element.get("srcset") or "").split(","):
            if candidate.strip():
                yield urljoin(url, candidate.strip().split(" ")[0])
    for element in page.find_all("meta", attrs={"property": re.compile("image|url")}):
        yield urljoin(url, str(element.get("content")))


def crawl(ask: Ask, start: str) -> dict[str, tuple[int, bytes, str]]:
    """Every address of the site that can be reached from the front page, with its answer."""
    seen: dict[str, tuple[int, bytes, str]] = {}
    waiting = [start]
    while waiting:
        url = waiting.pop()
        parts = urlsplit(url)
        local = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.netloc not in {"", "testserver", "localhost"} or local in seen or not local.startswith("/"):
            continue
        if local.startswith(("/static/", "/admin/")) or "page=" in local:
            continue
        seen[local] = ask(local)
        if seen[local][2].startswith("text/html"):
            waiting += addresses_in(local, seen[local][1])
    return seen


def take_back(consent: Any, **options: Any) -> tuple[Withdrawal, float]:
    began = time.monotonic()
    done = withdraw(consent=consent, by=Actor.system("test"), channel="editor", reason="asked", **options)
    return done, time.monotonic() - began


def not_so(kinds: dict[str, list[str]], good: Callable[[str], bool]) -> list[str]:
    return [f"{kind}: {url}" for kind, urls in kinds.items() for url in urls if not good(url)]


@pytest.mark.parametrize("page_cache", [False, True], ids=["no page cache", "page cache"])
def test_nothing_of_a_person_is_left_on_any_surface(page_cache: bool, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PAGE_CACHE_MEGABYTES = 16 if page_cache else 0
    client = Client()
    rich = riches.build(client)
    ask = following(by_visitor(Visitor()) if page_cache else by_client(client), client)
    before = crawl(ask, "/")
    for urls in rich.kinds.values():
        for url in urls:
            before.setdefault(url, ask(url))
    theirs = rich.bytes()

    assert len(rich.kinds) >= 20
    assert not_so(rich.kinds, lambda url: bool(shown(before[url], theirs))) == []
    crawled = {name for name in theirs.values() if any(unquote(url).endswith(name) for url in before)}
    assert len(crawled) > 10

    done, seconds = take_back(rich.consent)
    after = {url: ask(url) for url in before}

    print(
        f"\n{len(rich.kinds)} kinds, {len(before)} addresses, {len(theirs)} files: withdrawn and checked in {seconds:.2f} s"
    )
    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    left = {url: found for url, answer in after.items() if (found := shown(answer, theirs))}
    assert left == {}
    own = {kind: urls for kind, urls in rich.kinds.items() if kind in OWN}
    assert not_so(own, lambda url: after[url][0] == 410) == []
    assert not_so(rich.kinds, lambda url: after[url][0] in {200, 410}) == []
    assert not set(rich.bytes()) & set(theirs)
    # The pages of other people have not changed.
    assert after[rich.other.url][0] == 200
    assert all(
        after[url][0] == 200
        for url, answer in before.items()
        if answer[0] == 200 and not shown(answer, theirs)
    )
