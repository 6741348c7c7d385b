"""An editor quotes a person in the news: refused, led to the block, the person chosen, published."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from attribution.models import ShowsNoOne
from tests import browser as browsers
from tests import factories as make
from tests.conftest import EDITOR_PASSWORD
from tests.news.factories import NewsPageFactory

pytestmark = pytest.mark.journey

SAID = "The bus driver waited for us every single morning."
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def news(origin: str) -> Any:
    make.home()
    make.consenting(display_name="Oana", private_name="Private Oanason")
    page = NewsPageFactory(title="The bus", slug="the-bus", body=[("text", "<p>A bus.</p>")])
    value = {"text": SAID, "speaker": "A mother"}
    stored = [*page.body.get_prep_value(), {"type": "quote", "value": value, "id": "q"}]
    page.body = page._meta.get_field("body").stream_block.to_python(stored)
    page.picture = make.PictureFactory(title="Bus stop", file=make.png(800, 600), shows_no_one=False)
    page.save_revision()
    return page


def shot(tab: Page, name: str) -> None:
    """Keep what an editor sees at three widths, for people to look at (SHOTS=folder)."""
    for width in (360, 768, 1280) if SHOTS else ():
        tab.set_viewport_size({"width": width, "height": 900})
        tab.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def shot_of(part: Locator, tab: Page, name: str) -> None:
    """Keep what an editor sees of one part of the form."""
    for width in (360, 768, 1280) if SHOTS else ():
        tab.set_viewport_size({"width": width, "height": 1800})
        part.scroll_into_view_if_needed()
        part.screenshot(path=Path(SHOTS) / f"{name}-{width}.png")


def test_refused_completed_published(
    open_tab: Callable[..., Page], origin: str, news: Any, editor: User
) -> None:
    tab = open_tab()
    browsers.log_in(tab, origin, "editor", EDITOR_PASSWORD)
    tab.goto(f"{origin}/admin/people/checklist/{news.pk}/")
    expect(tab.get_by_role("heading", name="2 items prevent publication")).to_be_visible()
    shot(tab, "checklist")
    tab.locator("#next").click()
    expect(tab).to_have_url(f"{origin}/admin/pages/{news.pk}/edit/#block-q-section")
    quote = tab.locator('[data-contentpath="q"]')
    expect(quote.get_by_text("Who said it").first).to_be_visible()
    shot_of(quote, tab, "quote")
    quote.locator('[data-contentpath="said_by"]').get_by_role("button", name="Choose").first.click()
    tab.locator(".modal").get_by_role("link", name="Oana").first.click()
    expect(tab.locator(".modal")).to_have_count(0)
    tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.get_by_text("say who is in it").first).to_be_visible()
    assert SAID not in requests.get(f"{origin}{news.url}", timeout=30).text
    tab.locator("#next").click()
    expect(tab.get_by_role("heading", name="Who is shown").first).to_be_visible()
    shot(tab, "picture")
    tab.get_by_label("No one can be recognised in this picture").check()
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_text("It is noted who is in “Bus stop”.")).to_be_visible()
    assert ShowsNoOne.objects.filter(picture=news.picture_id).exists()
    tab.goto(f"{origin}/admin/people/checklist/{news.pk}/")
    tab.locator("#publish").click()
    expect(tab.get_by_text("has been published.")).to_be_visible()
    shown = requests.get(f"{origin}{news.url}", timeout=30).text
    assert SAID in shown
    assert "Oana" not in shown


def test_a_reason_without_its_note_is_reported_at_the_field(
    open_tab: Callable[..., Page], origin: str, news: Any, editor: User
) -> None:
    tab = open_tab()
    browsers.log_in(tab, origin, "editor", EDITOR_PASSWORD)
    tab.goto(f"{origin}/admin/pages/{news.pk}/edit/#block-q-section")
    quote = tab.locator('[data-contentpath="q"]')
    quote.get_by_label("Or: why no person is chosen").select_option("staff")
    tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name="Publish", exact=True).click()
    note = quote.locator('[data-contentpath="unnamed_note"]')
    expect(note.get_by_text("Say in a few words where this is documented.")).to_be_visible()
    shot_of(quote, tab, "error")
