"""In a real browser: a draft from an interview, a quote found in its transcript, and what an editor wrote
kept.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from experiences.compiling.service import draft_of
from experiences.models import StoryPage
from interviews.models import Excerpt
from interviews.services import change_excerpt
from tests import factories as make
from tests.experiences.interviewed import interview, mark

pytestmark = [pytest.mark.journey]


def shot(tab: Page, name: str) -> None:
    """A picture for the eye, where a folder is given for it."""
    if folder := os.environ.get("SHOTS"):
        tab.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_quote_is_inserted_by_searching_what_was_said_and_compiling_again_keeps_it(
    editor_tab: Page, origin: str, editor: Any, watch: Any
) -> None:
    tab = editor_tab
    # Wagtail's own autosave is refused when it comes right behind a press of 'Save draft'.
    watch.allow("status of 400")
    make.home()
    make.story_index()
    made = interview(editor)
    stairs = mark(made, 1, "before", editor)
    tab.goto(f"/admin/interviews/{made.pk}/compile/")
    shot(tab, "first")
    tab.get_by_role("button", name="Make a draft story").click()
    expect(tab.get_by_text("Draft story created with 1 quote.")).to_be_visible()

    # Words that are not marked, into 'treatment'.
    part = tab.locator('[data-contentpath="during"]').first
    part.locator("button.c-sf-add-button").last.click()
    tab.get_by_role("option", name="Quote from the interview").first.click()
    part.get_by_role("button", name="Find what was said").click()
    tab.locator(".modal").get_by_label("Words or speaker").fill("ward")
    rows = tab.locator(".modal [data-chooser-modal-choice]")
    expect(rows).to_have_count(1)
    shot(tab, "chooser")
    rows.click()
    words = tab.locator('textarea[name="during-0-value-text"]')
    expect(words).to_have_value("Hannah slept beside her every night in the ward.")
    expect(tab.locator('input[name="during-0-value-speaker"]')).to_have_value("Marta, Ines’s mother")
    expect(tab.locator('input[name="during-0-value-start"]')).to_have_value("18.5")
    expect(tab.locator('[data-contentpath="compiled"]').first).to_be_hidden()
    words.fill("My sister stayed every night.")
    shot(tab, "editor")
    tab.get_by_role("button", name="Save draft").first.click()
    expect(tab.locator('input[name="during-0-value-rating"]')).to_have_value("reworded")

    made_now = Excerpt.objects.exclude(pk=stairs.pk).get()
    assert made_now.section == "treatment"
    change_excerpt(excerpt=made_now, rev=1, by=editor, text="Hannah slept beside her in the ward.")
    change_excerpt(excerpt=stairs, rev=1, by=editor, text="She could not climb the stairs at home.")
    tab.goto(f"/admin/interviews/{made.pk}/compile/")
    shot(tab, "again")
    boxes = tab.locator("input[name=change]")
    expect(boxes).to_have_count(2)
    expect(boxes.nth(0)).to_be_checked()
    expect(boxes.nth(1)).not_to_be_checked()
    tab.get_by_role("button", name="Make the ticked changes").click()
    expect(tab.get_by_text("1 change made to the draft.")).to_be_visible()
    draft = draft_of(StoryPage.objects.get())
    assert [block.value["text"] for block in (*draft.before, *draft.during)] == [
        "She could not climb the stairs at home.",
        "My sister stayed every night.",
    ]
