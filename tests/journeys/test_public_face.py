"""Every component in a real browser: seen, read aloud, narrow, turned round, printed, by keyboard, without
script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.page_checks import axe_violations, html_errors

pytestmark = [pytest.mark.urls("tests.pages.gallery"), pytest.mark.journey]

Open = Callable[..., Page]
GALLERY = "/gallery/?outcome=good&outcome=same&page=1"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true })"
# Controls too small for a finger; exempt are links in running text
# (WCAG 2.5.8, inline) and those whose target is their whole card.
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility() && !e.closest('.all, .hush, .skip, p.small, .prose > p'))
    .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
    .filter(([e, box]) => box.height < least - 0.5 || box.width < 24)
    .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_component(open_tab: Open, scheme: str, viewport: dict[str, int]) -> None:
    tab = open_tab(color_scheme=scheme, viewport=viewport)
    tab.goto(GALLERY)
    tab.evaluate(OPEN_ALL)
    assert axe_violations(tab) == []


@pytest.mark.django_db
def test_every_component_is_valid_html(home: Any, client: Client) -> None:
    pages = {
        address: client.get(address).content.decode()
        for address in (
            GALLERY,
            "/gallery/?language=ar",
            "/gallery/?country=none&q=zzz",
            "/",
            "/no-such-page/",
        )
    }
    assert html_errors(pages) == []


def test_nothing_scrolls_sideways_on_the_smallest_screen(open_tab: Open) -> None:
    tab = open_tab(viewport={"width": 320, "height": 640})
    tab.goto(GALLERY)
    tab.evaluate(OPEN_ALL)
    assert tab.evaluate(OVERFLOW) <= 0
    # A reader's own spacing of text (WCAG 1.4.12), then the other direction of writing.
    tab.add_style_tag(
        content="*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
        "p{margin-block-end:2em!important}"
    )
    assert tab.evaluate(OVERFLOW) <= 0
    tab.evaluate("document.documentElement.dir = 'rtl'")
    assert tab.evaluate(OVERFLOW) <= 0


def test_controls_are_large_enough_for_a_finger(open_tab: Open) -> None:
    tab = open_tab(viewport=PHONE, has_touch=True, is_mobile=True)
    tab.goto(GALLERY)
    tab.evaluate(OPEN_ALL)
    assert tab.evaluate("matchMedia('(pointer: coarse)').matches")
    assert tab.evaluate(SMALL_TARGETS, 44) == []


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(251, 250, 246)"), ("dark", "rgb(18, 24, 23)")])
def test_the_page_follows_the_reader_s_light(open_tab: Open, scheme: str, paper: str) -> None:
    tab = open_tab(color_scheme=scheme)
    tab.goto(GALLERY)
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_the_line_and_the_dots_run_from_right_to_left_in_arabic(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto("/gallery/?language=ar")
    mirrored = "e => getComputedStyle(e).transform"
    assert tab.locator("html").get_attribute("dir") == "rtl"
    for part in (".card .span", ".dots", ".mix"):
        assert tab.locator(part).first.evaluate(mirrored).startswith("matrix(-1"), part


def test_shapes_stay_when_colours_are_taken_away(open_tab: Open) -> None:
    tab = open_tab(forced_colors="active")
    tab.goto(GALLERY)
    assert tab.evaluate("matchMedia('(forced-colors: active)').matches")
    before = "e => [getComputedStyle(e, '::before').forcedColorAdjust, getComputedStyle(e, '::before').borderRadius]"
    shapes = {kind: tab.locator(f".card .out.{kind}").first.evaluate(before) for kind in ("good", "worse")}
    assert shapes == {"good": ["none", "50%"], "worse": ["none", "0px"]}
    for kind in ("good", "worse"):
        assert tab.locator(f".card .out.{kind}").first.inner_text()


def test_a_keyboard_reader_passes_the_menu(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto("/gallery/?blank")
    tab.keyboard.press("Tab")
    skip = tab.locator("a.skip")
    expect(skip).to_be_focused()
    assert skip.evaluate("e => e.getBoundingClientRect().top") >= 0
    assert skip.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    tab.wait_for_function("location.hash === '#main'")
    tab.keyboard.press("Tab")
    tab.wait_for_function("document.activeElement.closest('main') !== null")


def test_go_to_top(open_tab: Open) -> None:
    tab = open_tab(reduced_motion="reduce")
    tab.goto(GALLERY)
    tab.get_by_role("link", name="Go to top").click()
    tab.wait_for_function("scrollY < 400")


def test_answers_open_by_link_and_all_at_once(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto("/gallery/#soon")
    expect(tab.get_by_text("Some see no change at all.")).to_be_visible()
    button = tab.get_by_role("button", name="Open all answers")
    button.click()
    expect(tab.locator(".faq details:not([open])")).to_have_count(0)
    button.click()
    expect(tab.locator(".faq details[open]")).to_have_count(0)


def test_a_form_leads_to_its_errors_and_keeps_what_was_typed(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto(GALLERY)
    expect(tab.locator(".oops")).to_be_focused()
    tab.get_by_role("link", name="How old was the patient? Write a number").click()
    age = tab.get_by_label("How old was the patient?")
    tab.wait_for_function("location.hash && document.querySelector(location.hash) !== null")
    assert age.input_value() == "six"
    assert tab.get_by_label("Your name").input_value() == "Marta"
    assert age.get_attribute("aria-invalid") == "true"
    for id_ in str(age.get_attribute("aria-describedby")).split():
        assert tab.locator(f"#{id_}").inner_text()


def test_filters_are_a_plain_form(open_tab: Open) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.goto("/gallery/?sort=country")
    tab.get_by_role("checkbox", name="Kenya").check()
    tab.get_by_role("button", name="Show stories").click()
    expect(tab).to_have_url(re.compile(r"\?q=&country=Kenya&sort=country$"))
    chip = tab.get_by_role("link", name="Remove filter: Kenya")
    expect(chip).to_be_visible()
    expect(tab.get_by_role("combobox", name="Sort by")).to_have_value("country")
    expect(tab.locator(".js-only").first).to_be_hidden()
    chip.click()
    expect(tab).not_to_have_url(re.compile("country=Kenya"))


def test_filters_and_contents_open_on_a_phone_without_script(open_tab: Open) -> None:
    tab = open_tab(java_script_enabled=False, viewport=PHONE)
    tab.goto(GALLERY)
    form = tab.get_by_role("form", name="Filter stories")
    expect(form).to_be_hidden()
    tab.locator(".drawer summary", has_text="Filter stories").click()
    expect(form).to_be_visible()
    contents = tab.get_by_role("navigation", name="In this story")
    expect(contents).to_be_hidden()
    tab.locator(".drawer summary", has_text="In this story").click()
    expect(contents).to_be_visible()


def test_paper_has_no_buttons(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto(GALLERY)
    tab.emulate_media(media="print")
    for part in (".tool", ".up", ".toc", ".find", ".btn", ".crumbs"):
        expect(tab.locator(part).first).to_be_hidden()
    expect(tab.locator("h1")).to_be_visible()
    expect(tab.locator(".dots").first).to_be_visible()


def test_a_clip_plays_in_place_and_stops_at_its_end(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto("/gallery/?blank")
    film = tab.locator("[data-film] video")
    clip = tab.get_by_role("button", name="Hear this moment")
    clip.focus()
    tab.keyboard.press(" ")
    expect(tab.get_by_role("button", name="Stop")).to_be_visible()
    line = tab.locator("[data-film] .lines li", has_text="Fourteen.")
    expect(line).to_have_attribute("aria-current", "true")
    expect(clip).to_be_visible(timeout=10_000)  # it stopped by itself, one second later
    assert film.evaluate("video => video.paused")
    assert 4 <= film.evaluate("video => video.currentTime") < 5
    assert tab.url.endswith("/gallery/?blank")


def test_a_line_of_a_transcript_plays_its_own_recording(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto("/gallery/?blank")
    tab.locator(".sound summary").click()
    tab.locator(".sound .lines a").last.click()
    expect(tab.locator(".sound .lines li").last).to_have_attribute("aria-current", "true")
    tab.wait_for_function("document.querySelector('audio').currentTime >= 6")
    assert tab.locator("[data-film] video").evaluate("video => video.paused")


def test_an_address_leads_to_a_moment(open_tab: Open) -> None:
    tab = open_tab()
    tab.goto("/gallery/?blank#t6")
    expect(tab.locator("#t6")).to_have_attribute("aria-current", "true")
    tab.wait_for_function("document.querySelector('[data-film] video').currentTime >= 6")
