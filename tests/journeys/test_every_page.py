"""Each kind of public page in a real browser: accessible, valid, within its width, and on its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DemoSite
from tests.page_checks import axe_violations, html_errors

pytestmark = pytest.mark.xdist_group("demo site")

# The kinds of page; of those below an index, the first that it lists.
FIXED = {
    "home": "/",
    "stories": "/experiences/",
    "stories, filtered": "/experiences/?outcome=worse&outcome=same&sort=age",
    "stories, none found": "/experiences/?outcome=worse&age=0-2&country=PT",
    "videos": "/videos/",
    "case studies": "/case-studies/",
    "cohort report": "/treatments/stem-cell-therapy-for-cerebral-palsy/report/",
    "treatments": "/treatments/",
    "search": "/search/",
    "search, with results": "/search/?q=CP",
    "search, none found": "/search/?q=quetzalcoatlus",
    "hospitals": "/hospitals/",
    "doctors": "/doctors/",
    "news": "/news/",
    "faq": "/faq/",
    "about": "/about/",
    "contact": "/contact/",
    "share": "/share-your-story/",
    "financing": "/treatment-financing/",
    "404": "/there-is-no-such-page/",
}
FIRST_OF = {
    "story": "/experiences/",
    "video": "/videos/",
    "case study": "/case-studies/",
    "treatment": "/treatments/",
    "hospital": "/hospitals/",
    "doctor": "/doctors/",
    "news item": "/news/",
}
KINDS = [*FIXED, *FIRST_OF]


@pytest.fixture(scope="module")
def addresses(demo_site: DemoSite) -> dict[str, str]:
    found = dict(FIXED)
    for kind, index in FIRST_OF.items():
        soup = BeautifulSoup(demo_site.get(index).text, "html.parser")
        links = [str(link["href"]) for link in soup.select("main a[href]")]
        below = [
            link
            for link in links
            if link.startswith(index) and link.strip("/").count("/") == 1 and "?" not in link
        ]
        found[kind] = next(
            link for link in below if not link.strip("/").split("/")[1].isdigit() and "feed" not in link
        )
    return found


def open_page(tab: Page, address: str) -> None:
    tab.goto(address, wait_until="load")
    # Everything that can be opened is part of the page.
    tab.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(
    kind: str, scheme: str, width: int, visit: Callable[..., Page], addresses: dict[str, str]
) -> None:
    tab = visit(color_scheme=scheme, viewport={"width": width, "height": 800}, allow="status of 404")
    open_page(tab, addresses[kind])
    assert axe_violations(tab) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_scrolls_sideways(kind: str, visit: Callable[..., Page], addresses: dict[str, str]) -> None:
    tab = visit(viewport={"width": 320, "height": 640}, allow="status of 404")
    open_page(tab, addresses[kind])
    overflowing = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(overflowing) <= 0
    # WCAG 1.4.12: a reader's own spacing of text breaks nothing. And so does the other direction of writing.
    tab.add_style_tag(
        content="*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}"
    )
    assert tab.evaluate(overflowing) <= 0
    tab.evaluate("document.documentElement.dir = 'rtl'")
    assert tab.evaluate(overflowing) <= 0


def test_every_page_is_valid_html(demo_site: DemoSite, addresses: dict[str, str]) -> None:
    pages = {f"{kind} ({address})": demo_site.get(address).text for kind, address in addresses.items()}
    assert html_errors(pages) == []


@pytest.mark.parametrize("kind", ["home", "story", "stories", "video", "treatment", "case study", "faq"])
def test_a_page_reads_without_javascript(
    kind: str, visit: Callable[..., Page], addresses: dict[str, str], demo_site: DemoSite
) -> None:
    tab = visit(java_script_enabled=False, viewport={"width": 360, "height": 740})
    tab.goto(addresses[kind])
    text = tab.locator("main").inner_text()
    expected = BeautifulSoup(demo_site.get(addresses[kind]).text, "html.parser").select("main p")
    assert len(text) > 400
    assert len(expected) > 5
    tab.locator(".menu summary").click()
    expect(tab.get_by_role("navigation", name="Main")).to_be_visible()


def test_own_error_pages(demo_site: DemoSite) -> None:
    missing = demo_site.get("/there-is-no-such-page/")
    assert missing.status_code == 404
    assert BeautifulSoup(missing.text, "html.parser").select_one("form[role=search]")
    refused = requests.post(demo_site.origin + "/contact/", data={"x": "1"}, timeout=60)
    assert refused.status_code == 403
    assert BeautifulSoup(refused.text, "html.parser").select_one("h1")


def test_a_recording_seeks(visit: Callable[..., Page], addresses: dict[str, str]) -> None:
    tab = visit()
    tab.goto(addresses["video"])
    at = tab.evaluate(
        """async () => {
            const video = document.querySelector('video');
            video.muted = true; video.preload = 'auto'; video.load();
            await new Promise((done, fail) => { video.onloadedmetadata = done; video.onerror = () => fail(video.error.message); });
            const middle = video.duration / 2;
            video.currentTime = middle;
            await new Promise(done => { video.onseeked = done; });
            return [video.currentTime - middle, video.duration, video.textTracks.length];
        }"""
    )
    assert abs(at[0]) < 0.1
    assert at[1] > 5
    assert at[2] >= 1


def test_printing_hides_what_paper_cannot_do(visit: Callable[..., Page], addresses: dict[str, str]) -> None:
    tab = visit()
    tab.goto(addresses["story"])
    tab.emulate_media(media="print")
    assert not tab.locator(".top nav").is_visible()
    assert tab.locator("h1").is_visible()
