"""The browser fixtures themselves: they start, log in, and notice what they are meant to notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import Watch
from tests.page_checks import axe_violations, html_errors

pytestmark = pytest.mark.journey


def test_an_editor_reaches_the_admin(home: Any, editor_tab: Page) -> None:
    assert "Dashboard" in editor_tab.title()


@pytest.mark.parametrize("run", [1, 2])
def test_the_database_starts_afresh_for_each_journey(run: int, home: Any, tab: Page) -> None:
    from wagtail.models import Locale
    from wagtail.models import Page as WagtailPage

    assert WagtailPage.objects.count() == 3  # the root, the home page and Wagtail's own welcome
    assert Locale.objects.exists()


def test_the_watch_sees_other_hosts_and_console_errors(
    origin: str, open_tab: Callable[..., Page], watch: Watch
) -> None:
    page = open_tab()
    page.context.route("https://elsewhere.example/**", lambda route: route.fulfill(body="", status=200))
    page.goto(f"{origin}/admin/login/")
    with page.expect_request("https://elsewhere.example/pixel"):
        page.evaluate("fetch('https://elsewhere.example/pixel', {mode: 'no-cors'})")
    with page.expect_console_message():
        page.evaluate("console.error('planted')")
    assert watch.verdict() == ["asked another host: https://elsewhere.example/pixel", "console: planted"]
    watch.foreign.clear()
    watch.allow("planted")


def test_axe_and_the_validator_object_to_a_bad_page(tab: Page) -> None:
    bad = "<!DOCTYPE html><html><head><title>x</title></head><body><p><div><img src='data:,'></div></p></body></html>"
    tab.set_content(bad)
    found = " ".join(axe_violations(tab))
    assert "image-alt" in found
    assert "html-has-lang" in found
    assert any("close-order" in error for error in html_errors({"/bad/": bad}))
