"""The whole way: a ten-minute recording and its transcript become a published story whose quote a visitor
hears.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import browser as browsers
from tests.journeys.conftest import DemoSite
from tests.journeys.people import choose_person, somebody_agrees
from tests.media import tones

pytestmark = pytest.mark.xdist_group("demo site")

MOST_ACTIONS = 40  # from upload to draft
SECONDS = 600
TITLE = "He keeps the lid of the jar"
SAID = {
    101: "Before that spring he could not hold a spoon at all.",
    140: "They told us he has CP and that it would not get worse.",
    180: "Every breakfast was, um, a whole morning of work.",
    400: "In the second month he held the lid of the jar.",
    440: "His speech has not changed since then.",
    480: "He sleeps better and so do we.",
}


def transcript() -> str:
    """600 cues of a second each, two voices, what matters at the moments of SAID."""
    cues = []
    for second in range(SECONDS):
        voice = "Speaker 2" if second in SAID or second % 3 else "Anna"
        words = SAID.get(second, f"We spoke about day number {second} for a while.")
        begin, end = (f"{moment // 60:02d}:{moment % 60:02d}.000" for moment in (second, second + 1))
        cues.append(f"{begin} --> {end}\n<v {voice}>{words}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


class Hands:
    """An editor's hands: each click, key, chosen file or run of typing is an action."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.actions = tab, 0

    def did(self) -> Page:
        self.actions += 1
        return self.tab

    def press(self, *keys: str) -> None:
        for key in keys:
            self.did().keyboard.press(key)

    def type(self, text: str) -> None:
        self.did().keyboard.type(text)

    def mark(self, words: str, key: str) -> None:
        self.press("f")
        self.type(words)
        self.press("Escape", key)


def upload(hands: Hands, recording: Path, words: Path) -> None:
    hands.did().get_by_role("link", name="Interviews", exact=True).click()
    hands.did().get_by_role("link", name=re.compile("Add interview", re.I)).first.click()
    hands.did().locator("#id_title").fill("In the kitchen")
    hands.did().locator("input[name=recording]").set_input_files(recording)
    hands.did().locator("input[type=file]:not([name=recording])").first.set_input_files(words)
    hands.did().locator("footer").get_by_role("button", name="Save").first.click()
    expect(hands.tab.get_by_text("Nothing is stored yet.")).to_be_visible(timeout=60_000)
    expect(hands.tab.locator(".interview-facts")).to_contain_text("600")
    hands.did().get_by_label("Name of Speaker 2").fill("Mother")
    hands.did().get_by_role("button", name="Import", exact=True).click()
    hands.tab.locator(".wb[data-found]").wait_for(state="attached", timeout=60_000)


def mark_and_compile(hands: Hands) -> None:
    tab = hands.tab
    hands.mark("hold a spoon", "1")
    hands.mark("has CP", "1")
    hands.mark("whole morning", "1")
    hands.press("t")
    expect(tab.locator(".card.on .bdg")).to_have_text("lightly edited")
    hands.mark("lid of the jar", "3")
    hands.mark("speech has not", "3")
    hands.mark("sleeps better", "3")
    hands.press("e", "Control+a")
    hands.type("Everybody sleeps better now.")
    hands.press("Escape")
    expect(tab.locator(".card.on .bdg")).to_have_text("reworded")
    expect(tab.locator("#wb-cond b")).to_have_text("Cerebral palsy")
    hands.press("y", "Control+Enter")
    expect(tab.locator("#wb-go")).to_be_focused()
    hands.press("Enter")
    expect(tab.locator("#id_title")).to_be_visible(timeout=60_000)


def test_from_recording_to_a_story_that_is_heard(
    visit: Callable[..., Page], demo_site: DemoSite, own_database: str, tmp_path: Path
) -> None:
    somebody_agrees(demo_site, own_database, "Sami")
    recording, words = tmp_path / "kitchen.webm", tmp_path / "kitchen.vtt"
    recording.write_bytes(tones.recording("webm", SECONDS))
    words.write_text(transcript())
    tab = visit(allow="status of 400", viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(60_000)
    browsers.log_in(tab, demo_site.origin, *demo_site.editor)
    hands = Hands(tab)
    upload(hands, recording, words)
    mark_and_compile(hands)
    assert hands.actions <= MOST_ACTIONS

    tab.locator("#id_title").fill(TITLE)
    if not tab.locator("#id_patient_name").input_value():
        tab.locator("#id_patient_name").fill("Sami")
    for name in ("interviewed_by", "edited_by"):
        if not tab.locator(f"#id_{name}").input_value():
            tab.locator(f"#id_{name}").fill("An editor of this site")
    choose_person(tab, "Sami")
    tab.get_by_role("tab", name="Promote").click()
    tab.locator("#id_slug").fill("he-keeps-the-lid")
    footer = tab.locator("footer")
    footer.get_by_role("button", name=re.compile("more|toggle|actions", re.I)).last.click()
    footer.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.get_by_text(re.compile("published", re.I)).first).to_be_visible()

    address = "/experiences/he-keeps-the-lid/"
    deadline = time.monotonic() + 180
    while demo_site.get(address).text.count('class="clip"') < 5:
        assert time.monotonic() < deadline, "the clips were not cut"
        time.sleep(0.5)

    visitor = visit(viewport={"width": 360, "height": 740})
    visitor.goto(address)
    expect(visitor.locator("h1")).to_contain_text(TITLE)
    figure = visitor.locator("figure.quote", has_text="In the second month he held the lid of the jar.")
    link = figure.get_by_role("button", name="Hear this moment")
    assert float(str(link.get_attribute("data-start"))) == pytest.approx(400, abs=0.1)
    started = link.evaluate(
        """link => new Promise((done, fail) => {
            const media = link.closest('figure').querySelector('audio, video');
            media.addEventListener('playing', () => done([media.currentTime, media.textTracks.length]), { once: true });
            media.addEventListener('error', () => fail(media.error), { once: true });
            link.click();
        })"""
    )
    assert started[0] == pytest.approx(0, abs=0.1)
    assert started[1] == 1
    expect(figure.locator(".now")).to_have_text("In the second month he held the lid of the jar.")
    reworded = visitor.locator("figure.quote", has_text="Everybody sleeps better now.")
    expect(reworded).to_contain_text("In other words:")
    text = visitor.locator("main").inner_text()
    assert "Speaker 2" not in text
    assert "In the kitchen" not in text
    # Only editors can fetch the recording itself.
    assert demo_site.get("/admin/interviews/1/recording/", allow_redirects=False).status_code in (
        302,
        403,
        404,
    )
