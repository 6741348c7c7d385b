"""The workbench in a real browser: excerpts by keyboard, two editors, a lost connection, light and dark."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from interviews.models import ConditionDecision, Excerpt, IdentifierDecision, Interview
from tests import browser as browsers
from tests.conftest import EDITOR_PASSWORD
from tests.factories import story_index
from tests.interviews.workbench_samples import LINES, make_epilepsy, make_interview
from tests.page_checks import axe_violations
from transcripts.rating import Rating, rate, sure, tidy

CASES = Path(__file__).resolve().parents[1] / "transcripts" / "rating_cases.json"
TIDIED = tidy("It was, um, hard for all of us.")
MOST_ACTIONS = 32  # of the 40 from upload to draft; upload, import and renaming take the others


@pytest.fixture
def interview(origin: str) -> Interview:
    """Return an interview of 600 lines, the sample's seven among them."""
    make_epilepsy()
    story_index()
    others = [
        ("Doctor" if number % 2 else "Mother", f"We spoke of the day number {number} and of nothing else.")
        for number in range(593)
    ]
    return make_interview([*others[:100], *LINES, *others[100:]])


def open_bench(tab: Page, interview: Interview) -> Page:
    tab.goto(f"/admin/interviews/{interview.pk}/workbench/")
    tab.locator(".wb[data-found]").wait_for(state="attached")
    return tab


@pytest.fixture
def bench(editor_tab: Page, interview: Interview) -> Page:
    return open_bench(editor_tab, interview)


def saved(tab: Page) -> None:
    expect(tab.locator("#wb-save")).to_have_attribute("data-s", "saved")


class Hands:
    """An editor at the keyboard. Counts actions: a key, a chord or typing without a break is one action."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.actions = tab, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.actions += 1
            self.tab.keyboard.press(key)

    def type(self, text: str) -> None:
        self.actions += 1
        self.tab.keyboard.type(text)

    def mark(self, words: str, key: str) -> None:
        self.press("f")
        self.type(words)
        self.press("Escape", key)


def test_six_excerpts_by_keyboard(bench: Page, interview: Interview) -> None:
    hands = Hands(bench)
    hands.mark("14 March", "1")
    hands.mark("My sister", "1")
    hands.mark("seizures", "1")
    hands.mark("It was, um", "3")
    hands.press("t")
    card = bench.locator(".card.on")
    expect(card.locator("textarea")).to_have_value(TIDIED)
    expect(card.locator(".bdg")).to_have_text("lightly edited")
    hands.mark("Now he walks", "3")
    hands.mark("Two steps", "3")
    hands.press("e", "Control+a")
    hands.type("At first he managed two steps.")
    hands.press("Escape")
    expect(card.locator(".bdg")).to_have_text("reworded")
    hands.press("a")
    reworded = bench.locator(".card .qt", has_text="At first he managed")
    expect(reworded).to_have_text("At first he managed two steps.")  # no quotation marks
    expect(bench.locator(".card .qt", has_text=TIDIED)).to_have_text(f"“{TIDIED}”")
    expect(bench.locator("#wb-cond b")).to_have_text("Epilepsy")
    hands.press("y")
    saved(bench)
    excerpts = list(interview.excerpts.in_story_order())
    assert [one.section for one in excerpts] == ["before"] * 3 + ["after"] * 3
    assert [one.rated.rating for one in excerpts[3:]] == [
        Rating.LIGHTLY_EDITED,
        Rating.VERBATIM,
        Rating.REWORDED,
    ]
    assert excerpts[2].verbatim == "He had seizures 😀 every day."
    assert all(one.created_by and one.created_by.username == "editor" for one in excerpts)
    assert ConditionDecision.objects.get().accepted
    hands.press("Control+Enter")
    expect(bench.locator("#wb-draft")).to_contain_text("At first he managed two steps.")
    expect(bench.locator("#wb-go")).to_be_focused()
    hands.press("Enter")
    bench.wait_for_url("**/admin/pages/*/edit/*")
    expect(bench.get_by_text("At first he managed two steps.").first).to_be_attached()
    interview.refresh_from_db()
    assert interview.state == "compiled"
    hands.actions -= 1  # 'a' closed the card only so that this test can read it
    assert hands.actions <= MOST_ACTIONS, hands.actions


def test_warnings_are_answered_where_they_stand(bench: Page, interview: Interview) -> None:
    expect(bench.locator("#wb-wn")).to_have_text("3")
    bench.keyboard.press("n")
    expect(bench.locator("#wb-pop h2")).to_have_text("Full date: only the year may stay")
    bench.keyboard.press("r")
    expect(bench.locator(".idn.done")).to_have_attribute("data-by", "→ [in 2021]")
    bench.keyboard.press("n")
    bench.locator("#wb-doD").click()
    expect(bench.locator("#wb-wy")).to_be_focused()  # a reason is needed
    bench.keyboard.type("She agreed to be named")
    bench.locator("#wb-doD").click()
    expect(bench.locator("#wb-wn")).to_have_text("1")
    saved(bench)
    assert {one.state: one.reason or one.neutral for one in IdentifierDecision.objects.all()} == {
        "replaced": "[in 2021]",
        "dismissed": "She agreed to be named",
    }
    bench.keyboard.press("u")
    expect(bench.locator("#wb-wn")).to_have_text("2")
    saved(bench)
    assert IdentifierDecision.objects.count() == 1
    hands = Hands(bench)
    hands.mark("14 March", "1")
    expect(bench.locator(".card.on textarea")).to_have_value("It started, um, on [in 2021].")


def test_moving_removing_and_undoing(bench: Page, interview: Interview) -> None:
    hands = Hands(bench)
    for words in ("14 March", "My sister", "seizures"):
        hands.mark(words, "1")
    hands.press("Alt+ArrowUp", "Alt+ArrowUp")
    saved(bench)
    assert [one.verbatim[:2] for one in interview.excerpts.kept().in_story_order()] == ["He", "It", "My"]
    hands.press("2")
    saved(bench)
    assert [one.section for one in interview.excerpts.kept().in_story_order()] == [
        "before",
        "before",
        "treatment",
    ]
    hands.press("Delete")
    saved(bench)
    assert interview.excerpts.kept().count() == 2
    hands.press("u", "u", "u")
    saved(bench)
    kept = list(interview.excerpts.kept().in_story_order())
    assert [(one.verbatim[:2], one.section) for one in kept] == [
        ("It", "before"),
        ("He", "before"),
        ("My", "before"),
    ]
    bench.set_viewport_size({"width": 1280, "height": 1400})  # nothing scrolls while dragging
    bench.locator(".card:not(.on)").first.drag_to(bench.locator(".sec.after"))
    expect(bench.locator(".sec.after span")).to_have_text("1")
    saved(bench)
    assert interview.excerpts.filter(section="after").count() == 1


def colleague_tab(open_tab: Callable[..., Page], origin: str, interview: Interview) -> Page:
    User.objects.create_superuser(
        "amina", "a@example.org", EDITOR_PASSWORD, first_name="Amina", last_name="Diallo"
    )
    tab = open_tab()
    browsers.log_in(tab, origin, "amina", EDITOR_PASSWORD)
    return open_bench(tab, interview)


def test_two_editors_see_each_other_and_choose(
    bench: Page, open_tab: Callable[..., Page], origin: str, interview: Interview, watch: browsers.Watch
) -> None:
    watch.allow("409")
    Hands(bench).mark("Now he walks", "3")
    saved(bench)
    hers = colleague_tab(open_tab, origin, interview)
    expect(hers.locator(".card")).to_have_count(1)
    expect(bench.locator("#wb-presence")).to_contain_text("Amina is here")
    # Both change the words before either browser has heard of the other.
    hers.route("**/here/", lambda route: route.abort())
    watch.allow("net::ERR_FAILED")
    bench.route("**/here/", lambda route: route.abort())
    hers.locator(".card .qt").click()
    hers.locator(".card textarea").fill("Now he walks to school, she wrote.")
    saved(hers)
    bench.locator(".card.on textarea").fill("Now he walks to school, I wrote.")
    conflict = bench.locator(".card.on .msg")
    expect(conflict).to_contain_text("Amina Diallo has also changed these words")
    expect(bench.locator(".card.on textarea")).to_have_value("Now he walks to school, I wrote.")
    assert Excerpt.objects.get().text == "Now he walks to school, she wrote."
    conflict.get_by_role("button", name="Keep mine").click()
    saved(bench)
    assert Excerpt.objects.get().text == "Now he walks to school, I wrote."
    hers.unroute("**/here/")
    expect(hers.locator(".card.on textarea")).to_have_value("Now he walks to school, I wrote.")


def test_a_lost_connection_loses_no_word(bench: Page, interview: Interview, watch: browsers.Watch) -> None:
    watch.allow("net::ERR_(FAILED|INTERNET_DISCONNECTED)")
    # A save that is sent again may be refused because the first attempt arrived; the saved words are the same.
    watch.allow("409")
    Hands(bench).mark("Now he walks", "3")
    saved(bench)

    def cut(route: Route) -> None:
        route.abort()

    bench.route("**/workbench/excerpts/**", cut)
    bench.locator(".card.on textarea").fill("Written in a tunnel.")
    expect(bench.locator("#wb-save")).to_have_text("Not saved: no connection, kept here, trying again")
    bench.locator(".wb h1").click()
    Hands(bench).mark("14 March", "1")
    expect(bench.locator(".card")).to_have_count(2)
    bench.unroute("**/workbench/excerpts/**")
    bench.reload()  # the tab was closed and opened again
    expect(bench.locator(".card")).to_have_count(2)
    # Unsaved changes are sent again, and deleted from the browser once the server has them.
    bench.wait_for_function(
        "!Object.keys(localStorage).some(name => name.startsWith('firsthand-workbench-'))"
    )
    saved(bench)
    assert {one.text for one in Excerpt.objects.all()} == {
        "Written in a tunnel.",
        "It started, um, on 14 March 2021.",
    }


def test_without_recording_and_without_times(editor_tab: Page, origin: str) -> None:
    bench = open_bench(editor_tab, make_interview(times=False))
    expect(bench.locator("#wb-play")).to_be_disabled()
    Hands(bench).mark("Now he walks", "3")
    expect(bench.locator(".card.on textarea")).to_have_value("Now he walks to school.")
    expect(bench.locator(".card.on input[type=number]")).to_have_count(0)
    saved(bench)
    assert Excerpt.objects.get().clip_in is None


def test_a_speaker_is_renamed_and_topics_are_pinned(bench: Page, interview: Interview) -> None:
    bench.keyboard.press("v")
    bench.get_by_label("Mother is").fill("Marta")
    bench.locator("[name=topic6]").fill("Walking")
    bench.keyboard.press("Enter")
    expect(bench.locator("#wb-setup")).not_to_be_visible()
    expect(bench.locator("#wb-q0 b")).to_have_text("Marta")
    Hands(bench).mark("Now he walks", "6")
    saved(bench)
    excerpt = Excerpt.objects.get()
    assert (excerpt.speaker, [topic.name for topic in excerpt.topics.all()]) == ("Marta", ["Walking"])


def test_the_browser_rates_as_the_server_does(bench: Page) -> None:
    cases: list[dict[str, Any]] = json.loads(CASES.read_text())
    cases += [
        {"said": "b [?c?]x", "published": "b c x", "rating": "verbatim"},
        {"said": "[?a?] b [?c?]x", "published": "a b c x", "rating": "verbatim"},
    ]
    got = bench.evaluate(
        """async ([cases, settings]) => {
            const { rate, tidy, sure } = await import("/static/firsthand-admin/workbench/rating.js");
            const { language } = await (await fetch(settings)).json();
            return cases.map(({ said, published }) => {
                const { rating, share, meaning, reasons } = rate(said, published, language);
                return { rating, share, meaning, reasons: reasons.map((one) => one.text), tidy: tidy(said, language), sure: sure(said) };
            });
        }""",
        [cases, bench.url.split("#")[0] + "data/"],
    )
    for case, mine in zip(cases, got, strict=True):
        theirs = rate(case["said"], case["published"])
        assert mine["rating"] == case["rating"] == theirs.rating, case
        assert mine["share"] == theirs.share, case
        assert mine["meaning"] == theirs.meaning, case
        assert mine["reasons"] == [reason.text for reason in theirs.reasons], case
        assert mine["tidy"] == tidy(case["said"]), case
        assert mine["sure"] == sure(case["said"]), case


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 1024])
def test_the_workbench_is_accessible(
    open_tab: Callable[..., Page], origin: str, editor: User, interview: Interview, scheme: str, width: int
) -> None:
    tab = open_tab(color_scheme=scheme, viewport={"width": width, "height": 800})
    browsers.log_in(tab, origin, editor.username, EDITOR_PASSWORD)
    bench = open_bench(tab, interview)
    hands = Hands(bench)
    for words, key in (("14 March", "1"), ("seizures", "2"), ("Now he walks", "3")):
        hands.mark(words, key)
    bench.locator(".card.on textarea").fill("He goes on foot.")
    bench.keyboard.press("Escape")
    assert axe_violations(bench) == []
    for key in ("n", "h", "v", "Control+Enter"):
        bench.keyboard.press(key)
        assert axe_violations(bench) == [], key
        bench.keyboard.press("Escape")
    assert bench.evaluate("document.documentElement.scrollWidth <= innerWidth")
