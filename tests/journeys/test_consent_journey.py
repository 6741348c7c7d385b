"""A story's whole life with its family, in a real browser: asked, noted, approved, changed, published, taken
back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make
from tests.approval.approving import AFTER, BEFORE, rewrite
from tests.page_checks import axe_violations

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
PHONE = {"width": 360, "height": 740}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details:not(.choice)').forEach(d => { d.open = true })"


@pytest.fixture
def told(editor: Any) -> Any:
    """A draft story with a picture and a recording in it, whose teller agreed to everything."""
    from tests.approval.approving import story

    make.home()
    condition = make.ConditionFactory(name="Cerebral palsy")
    recording = make.RecordingFactory(title="First steps")
    make.CaptionTrackFactory(recording=recording)
    page = story(
        before=[
            {"type": "text", "id": BEFORE, "value": "<p>There are fourteen stairs and no lift.</p>"},
            {
                "type": "video",
                "value": {"recording": recording.pk, "title": "", "caption": "", "show_transcript": True},
            },
        ]
    )
    page.conditions.set([condition])
    page.save_revision()
    return type(page).objects.get(pk=page.pk)


def checklist(tab: Page, page: Any) -> None:
    tab.goto(f"/admin/people/checklist/{page.pk}/")


def send(tab: Page, page: Any) -> str:
    """The editor sends the newest draft; the link as it is shown, once."""
    checklist(tab, page)
    tab.get_by_role("button", name="Send the newest draft").click()
    link = tab.get_by_label("The link. It is shown only now")
    expect(link).to_be_visible()
    return link.input_value()


def approve(tab: Page) -> None:
    tab.get_by_text("Yes, publish it like this").click()
    tab.get_by_label("I have read it to the end, and I agree.").check()
    tab.get_by_role("button", name="Yes, publish it").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()


def publish(tab: Page, page: Any) -> None:
    checklist(tab, page)
    tab.get_by_role("button", name="Publish").focus()
    tab.keyboard.press("Enter")


def test_a_story_from_the_family_s_yes_to_its_taking_back(
    editor_tab: Page, open_tab: Open, origin: str, told: Any, watch: Any
) -> None:
    phone = open_tab(viewport=PHONE, has_touch=True, is_mobile=True)
    # The editor asks; the family reads, on a phone.
    link = send(editor_tab, told)
    assert axe_violations(editor_tab) == []
    phone.goto(link)
    expect(phone.get_by_text("There are fourteen stairs and no lift.")).to_be_visible()
    assert phone.evaluate(OVERFLOW) <= 0
    phone.evaluate(OPEN_ALL)
    assert axe_violations(phone) == []
    seen = phone.locator("#story img").first
    seen.scroll_into_view_if_needed()
    expect(seen).to_have_js_property("complete", True)
    assert seen.evaluate("image => image.naturalWidth") > 0
    # A note beside a passage; then yes.
    passage = phone.locator(f"#p-block-{BEFORE}")
    passage.get_by_label("Your note on this part").fill("We have moved. Please say ‘the flat’.")
    passage.get_by_role("button", name="Save this note").click()
    expect(phone.locator(f"#p-block-{BEFORE} .mine")).to_contain_text("We have moved.")
    approve(phone)
    # One word changes: publishing is refused, with the reason.
    page = rewrite(told, "<p>For seven weeks nothing happened.</p>")
    publish(editor_tab, page)
    stops = editor_tab.locator(".checklist .stops").filter(
        has_text="The page has changed since the family approved it."
    )
    expect(stops.get_by_role("link")).to_be_focused()
    assert editor_tab.request.get(f"{origin}{page.url}").status == 404
    # The family sees that word first, and says yes to it.
    phone.goto(send(editor_tab, page))
    expect(phone.locator(".changed ins")).to_contain_text("seven")
    expect(phone.locator(".changed del")).to_contain_text("six")
    assert axe_violations(phone) == []
    approve(phone)
    publish(editor_tab, page)
    expect(editor_tab.get_by_text("has been published")).to_be_visible()
    # A visitor reads it.
    visitor = open_tab()
    visitor.goto(page.url)
    expect(visitor.get_by_text("For seven weeks nothing happened.")).to_be_visible()
    picture = visitor.locator("main img").first.evaluate("image => image.currentSrc || image.src")
    film = visitor.locator("main video source").first.evaluate("source => source.src")
    for address in (picture, film):
        assert visitor.request.get(address).ok
    # The person takes everything back by the same link, asked twice.
    phone.go_back()
    phone.get_by_text("Withdraw everything").first.click()
    phone.get_by_role("button", name="Withdraw everything").click()
    expect(phone.get_by_role("heading", name="Withdraw everything?")).to_be_visible()
    assert axe_violations(phone) == []
    phone.get_by_role("button", name="Yes, withdraw everything now").click()
    expect(phone.get_by_role("heading", name="Everything has been withdrawn")).to_be_visible()
    assert re.search(r"W-[0-9A-F]{4}-[0-9A-F]{4}", phone.locator("main").inner_text())
    assert axe_violations(phone) == []
    # No visitor sees any of it any more.
    for address in (f"{origin}{page.url}", picture, film):
        assert visitor.request.get(address).status == 410, address


def test_it_works_without_javascript_and_from_right_to_left(
    editor_tab: Page, open_tab: Open, told: Any
) -> None:
    link = send(editor_tab, told)
    plain = open_tab(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    plain.goto(f"{link}?language=ar")
    assert plain.locator("html").get_attribute("dir") == "rtl"
    passage = plain.locator(f"#p-block-{AFTER}")
    passage.locator("summary").click()
    passage.locator("textarea").fill("It was seven weeks.")
    passage.locator("button").click()
    expect(plain.locator(f"#p-block-{AFTER} .mine")).to_contain_text("It was seven weeks.")
    plain.locator(".choice summary").nth(2).click()
    plain.locator('button[value="no"]').click()
    expect(plain.locator(".done-h h1")).to_be_visible()
