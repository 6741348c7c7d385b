"""A visitor meets every entry of the first site's navigation, and no link is broken."""

from __future__ import annotations

from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup

from tests.journeys.conftest import DemoSite

pytestmark = pytest.mark.xdist_group("demo site")

SKIPPED = ("/admin/",)

# The seed site's entries: what a reader looks for, where it leads, and words that must stand there.
ENTRIES = [
    ("home", "/", "told by the families"),
    ("about us", "/about/", "About"),
    ("FAQs", "/faq/", "Questions"),
    ("news", "/news/", "News"),
    ("contact us", "/contact/", "Contact"),
    ("treatments", "/treatments/", "cerebral palsy"),
    ("treatment financing", "/treatment-financing/", "pay"),
    ("search for a hospital", "/hospitals/", "hospital"),
    ("search for a doctor", "/doctors/", "doctor"),
    ("patient video, watch now", "/videos/", "Najib"),
    ("patient experiences", "/experiences/", "stories"),
    ("case studies", "/case-studies/", "7"),
    ("share your story", "/share-your-story/", "tell us"),
    ("search", "/search/", "Search"),
]


class Crawl:
    """Every page of the site reached by links from its front page, each read once."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.pages: dict[str, BeautifulSoup] = {}
        self.status: dict[str, int] = {}
        self.types: dict[str, str] = {}
        self.found_on: dict[str, str] = {}
        self.fragments: list[tuple[str, str, str]] = []

    def run(self, limit: int = 600) -> Crawl:
        queue = deque(["/"])
        with requests.Session() as session:
            while queue:
                path = queue.popleft()
                if path in self.status or path.startswith(SKIPPED):
                    continue
                assert len(self.status) < limit, "the crawl does not end: are there addresses without end?"
                response = session.get(self.base + path, timeout=60, allow_redirects=False)
                self.status[path] = response.status_code
                self.types[path] = response.headers.get("content-type", "").split(";")[0]
                if response.status_code in (301, 302):
                    queue.append(self._local(path, response.headers["location"]) or "/")
                if self.types[path] != "text/html" or response.status_code != 200:
                    continue
                soup = BeautifulSoup(response.text, "html.parser")
                self.pages[path] = soup
                for target in self._targets(path, soup):
                    self.found_on.setdefault(target, path)
                    queue.append(target)
        return self

    def _local(self, path: str, target: str) -> str | None:
        address, fragment = urldefrag(urljoin(self.base + path, target))
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != self.base:
            return None
        local = parts.path + (f"?{parts.query}" if parts.query else "")
        if fragment and not fragment.startswith("t="):
            self.fragments.append((path, local, fragment))
        return local

    def _targets(self, path: str, soup: BeautifulSoup) -> list[str]:
        targets = []
        for tag, attribute in (
            ("a", "href"),
            ("link", "href"),
            ("img", "src"),
            ("source", "src"),
            ("track", "src"),
            ("script", "src"),
        ):
            for element in soup.find_all(tag):
                value = element.get(attribute)
                local = self._local(path, str(value)) if value else None
                # Every combination of filters is an address: following one tick of each is enough.
                if local and local.count("=") <= 1:
                    targets.append(local)
        return targets


@pytest.fixture(scope="module")
def crawl(demo_site: DemoSite) -> Crawl:
    return Crawl(demo_site.origin).run()


def test_no_link_is_broken(crawl: Crawl) -> None:
    broken = {
        path: (status, crawl.found_on.get(path)) for path, status in crawl.status.items() if status >= 400
    }
    assert not broken
    assert len(crawl.pages) > 40


def test_no_link_leads_to_a_missing_place_on_a_page(crawl: Crawl) -> None:
    ids = {path: {element["id"] for element in soup.find_all(id=True)} for path, soup in crawl.pages.items()}
    missing = {
        (source, target, name)
        for source, target, name in crawl.fragments
        if target in ids and name not in ids[target]
    }
    assert not missing


@pytest.mark.parametrize(("entry", "path", "words"), ENTRIES, ids=[entry for entry, *_ in ENTRIES])
def test_entry_of_the_navigation(crawl: Crawl, entry: str, path: str, words: str) -> None:
    assert path in crawl.pages, f"no link leads to {path} ({entry})"
    assert words.lower() in crawl.pages[path].get_text(" ").lower()


def treatment_page(crawl: Crawl) -> BeautifulSoup:
    return next(
        soup
        for path, soup in crawl.pages.items()
        if path.startswith("/treatments/") and path != "/treatments/" and "1,240" in soup.get_text()
    )


def test_the_statistical_report_can_be_viewed_and_saved(crawl: Crawl, demo_site: DemoSite) -> None:
    links = [
        (str(link["href"]), link.get_text(" ").lower())
        for link in treatment_page(crawl).find_all("a", href=True)
        if "report" in link.get_text(" ").lower() or "pdf" in link.get_text(" ").lower()
    ]
    dispositions = {}
    for href, text in links:
        if href.startswith("#"):
            continue
        response = requests.get(urljoin(demo_site.origin, href), timeout=60)
        if response.headers["content-type"] == "application/pdf":
            assert response.content.startswith(b"%PDF-")
            dispositions["save" if "save" in text else "view"] = response.headers.get(
                "content-disposition", "inline"
            )
    assert dispositions["view"].startswith("inline")
    assert dispositions["save"].startswith("attachment")


def test_a_case_study_is_reached_from_the_treatment(crawl: Crawl) -> None:
    links = [str(link["href"]) for link in treatment_page(crawl).find_all("a", href=True)]
    studies = [link for link in links if link.startswith("/case-studies/") and link != "/case-studies/"]
    assert studies
    assert all(crawl.status[urldefrag(study)[0]] == 200 for study in studies)


def test_about_this_video(crawl: Crawl) -> None:
    page = next(soup for path, soup in crawl.pages.items() if path.startswith("/videos/") and "najib" in path)
    words = page.get_text(" ")
    assert "About this video" in words
    for fact in ("Najib", "United States", "CP spectrum disorder", "3"):
        assert fact.lower() in words.lower()
    assert page.find("video")
    assert page.find("track", kind="captions")


def test_go_to_top_is_on_every_page(crawl: Crawl) -> None:
    assert not [path for path, soup in crawl.pages.items() if not soup.select_one("a.up[href^='#']")]


def test_every_page_is_a_whole_document(crawl: Crawl) -> None:
    for path, soup in crawl.pages.items():
        assert len(soup.find_all("h1")) == 1, path
        for needed in ("html[lang][dir]", "main", "header", "footer", "a.skip", "title"):
            assert soup.select_one(needed), (path, needed)
        if not path.startswith("/search/"):
            assert soup.find("link", rel="canonical"), path
            assert soup.find("meta", property="og:title"), path
        assert path == "/" or path.startswith("/search/") or soup.select_one("nav.crumbs"), path


def test_no_address_of_another_host_is_loaded(crawl: Crawl) -> None:
    for path, soup in crawl.pages.items():
        for tag, attribute in (
            ("img", "src"),
            ("script", "src"),
            ("source", "src"),
            ("iframe", "src"),
            ("video", "src"),
        ):
            for element in soup.find_all(tag):
                value = str(element.get(attribute) or "")
                assert not value.startswith(("http://", "https://", "//")), (path, value)
        for link in soup.find_all("link", rel=lambda rel: rel in ("stylesheet", "icon", "preload")):
            assert str(link["href"]).startswith("/"), path
