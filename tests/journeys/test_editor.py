"""What an editor does, in a real browser: write a story, publish it, find it everywhere, take it back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import browser as browsers
from tests.journeys.conftest import DemoSite
from tests.journeys.people import choose_person, somebody_agrees

pytestmark = pytest.mark.xdist_group("demo site")

TITLE = "The morning the spoon stayed level"
CHANGED = "The morning the spoon stayed quite level"
BODY_WORD = "quokkaberry"
ALT = "A yellow bowl with a spoon lying across it"
TREATMENT = "/treatments/stem-cell-therapy-for-cerebral-palsy/"
PLACES = ("/experiences/", TREATMENT, f"/search/?q={BODY_WORD}", "/search/?q=CP")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (1200, 900), "#f6d37e")
    picture.paste("#0f4c4d", (300, 300, 900, 700))
    path = tmp_path / "DSC_0042.jpg"
    picture.save(path, "JPEG")
    return path


def add_block(tab: Page, field: str, name: str) -> None:
    """Add a block at the end of a part of the story, through its own menu."""
    tab.locator(f'[data-contentpath="{field}"]').first.locator("button.c-sf-add-button").last.click()
    tab.get_by_role("option", name=name, exact=True).first.click()


def upload_picture(tab: Page, photo: Path) -> None:
    tab.locator('[data-contentpath="before"]').first.get_by_role(
        "button", name="Choose an image"
    ).last.click()
    tab.get_by_role("tab", name="Upload").click()
    form = tab.locator("form[action*='chooser/create']")
    form.locator("input[type=file]").set_input_files(photo)
    # An alternative text that is only the file's name is refused, and what was typed stays.
    form.get_by_label("What the picture shows").fill("DSC 0042")
    form.get_by_label("Credit").fill("The family")
    form.get_by_role("button", name="Upload").click()
    expect(form.locator(".w-field__errors").filter(has_text=re.compile(r"\w"))).to_be_visible()
    expect(form.get_by_label("Credit")).to_have_value("The family")
    form.locator("input[type=file]").set_input_files(photo)
    form.get_by_label("What the picture shows").fill(ALT)
    form.get_by_role("button", name="Upload").click()
    expect(tab.locator(".modal")).to_have_count(0)


def write_story(tab: Page, photo: Path) -> None:
    tab.goto("/admin/")
    tab.get_by_role("link", name="Stories", exact=True).click()
    tab.get_by_role("link", name="Add story").first.click()
    tab.locator("#id_title").fill(TITLE)
    tab.locator("#id_patient_name").fill("Noor")
    tab.locator("#id_age_at_treatment").fill("5")
    choose_person(tab, "Noor")
    find = tab.locator('[data-contentpath="conditions"]').get_by_role("combobox")
    find.fill("CP")
    tab.get_by_role("option", name=re.compile("^Cerebral palsy")).first.click()
    add_block(tab, "before", "Text")
    tab.locator('[data-contentpath="before"] .public-DraftEditor-content').last.click()
    tab.keyboard.type(f"She asked for the {BODY_WORD} cup every morning.")
    add_block(tab, "before", "Figure")
    upload_picture(tab, photo)
    add_block(tab, "after", "Quote")
    tab.locator('[data-contentpath="after"] textarea').last.fill("It stayed level, and she looked at me.")
    tab.get_by_role("button", name=re.compile("Add follow-up")).click()
    tab.locator("#id_follow_ups-0-months").fill("3")
    tab.locator("#id_follow_ups-0-observation").fill("Holds the spoon for a whole meal.")


def choose_action(tab: Page, name: str) -> None:
    """Press a button that hides in the menu beside 'Save draft'."""
    footer = tab.locator("footer")
    footer.get_by_role("button", name=re.compile("more|toggle|actions", re.I)).last.click()
    footer.get_by_role("button", name=name, exact=True).click()


def found(site: DemoSite, address: str, title: str) -> bool:
    response = site.get(address)
    assert response.status_code == 200, address
    return title in response.text


def wait_until(site: DemoSite, address: str, title: str, there: bool) -> None:
    """Search is told by the task worker: wait for it, but not for ever."""
    deadline = time.monotonic() + 180
    while found(site, address, title) is not there:
        assert time.monotonic() < deadline, f"{address}: {'not' if there else 'still'} there"
        time.sleep(0.3)


def test_an_editor_writes_publishes_changes_and_unpublishes_a_story(
    visit: Callable[..., Page], demo_site: DemoSite, own_database: str, photo: Path
) -> None:
    somebody_agrees(demo_site, own_database, "Noor")
    tab = visit(allow="status of 4(04|00)", viewport={"width": 1280, "height": 1000})
    browsers.log_in(tab, demo_site.origin, *demo_site.editor)
    write_story(tab, photo)

    # Preview: the page as visitors will see it, while nothing is public.
    tab.get_by_role("button", name="Toggle preview").click()
    preview = tab.frame_locator("iframe[data-preview-iframe], iframe[title='Preview']").first
    expect(preview.get_by_role("heading", level=1)).to_contain_text(TITLE, timeout=30_000)
    expect(preview.get_by_alt_text(ALT).first).to_be_attached()
    assert not any(found(demo_site, address, TITLE) for address in PLACES)

    choose_action(tab, "Publish")
    expect(tab.get_by_text(re.compile("published", re.I)).first).to_be_visible()
    for address in PLACES:
        wait_until(demo_site, address, TITLE, there=True)
    page = next(link for link in links(demo_site, "/experiences/") if "spoon-stayed" in link)
    text = demo_site.get(page).text
    for words in (
        BODY_WORD,
        "It stayed level, and she looked at me.",
        ALT,
        "Holds the spoon for a whole meal.",
        "Cerebral palsy",
    ):
        assert words in text

    edit_story(tab, TITLE)
    tab.locator("#id_title").fill(CHANGED)
    choose_action(tab, "Publish")
    for address in PLACES:
        wait_until(demo_site, address, CHANGED, there=True)

    edit_story(tab, CHANGED)
    tab.get_by_role("button", name="Actions", exact=True).first.click()
    tab.get_by_role("link", name="Unpublish").first.click()
    tab.get_by_role("button", name=re.compile("Yes, unpublish")).click()
    for address in PLACES:
        wait_until(demo_site, address, CHANGED, there=False)
    assert demo_site.get(page).status_code == 404


def links(site: DemoSite, address: str) -> list[str]:
    return re.findall(r'href="(/[^"#?]*)"', site.get(address).text)


def edit_story(tab: Page, title: str) -> None:
    tab.goto("/admin/")
    tab.get_by_role("link", name="Stories", exact=True).click()
    tab.get_by_role("link", name=title).first.click()
    expect(tab.locator("#id_title")).to_have_value(title)
