"""From an interview to a visitor who hears a moment of it: a real server, a real worker, a real browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, DemoSite
from tests.media import tones
from tests.page_checks import axe_violations, html_errors

pytestmark = pytest.mark.xdist_group("demo site")

TRANSCRIPT = """WEBVTT

00:00.000 --> 00:02.000
<v Interviewer>When did you notice?

00:02.000 --> 00:05.500
<v Mother>She let go of the rail, um, and waited.

00:05.500 --> 00:09.000
<v Mother>Nobody had promised us anything.

00:09.000 --> 00:12.000
<v Mother>Her speech has not changed.
"""

# What editors do in the workbench and the page editor, by the services behind them.
PUBLISH = """
import json, pathlib, sys
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from conditions.models import Condition
from experiences.compiling.service import compile_story
from interviews.importing import import_transcript
from interviews.models import Interview, InterviewContributor
from interviews.services import change_excerpt, make_excerpt
from transcripts import read
from tests.factories import consenting
folder, kind = pathlib.Path({folder!r}), {kind!r}
editor = User.objects.get(username="editor")
talk = Interview.objects.create(
    title="Marta, in the kitchen", interviewer="Anna Berg", interviewer_employer="Example Press",
    held_on="2025-03-14", recording_kind=kind, full_transcript_allowed=kind == "video",
)
name = "talk.mp4" if kind == "video" else "talk.webm"
talk.recording.save(name, ContentFile((folder / name).read_bytes()))
data = (folder / "talk.vtt").read_bytes()
import_transcript(interview=talk, read=read(data, "talk.vtt"), by=editor, source=data, filename="talk.vtt")
InterviewContributor.objects.filter(interview=talk).delete()
marta, ines = consenting(display_name="Marta"), consenting(display_name="Ines")
InterviewContributor.objects.create(
    interview=talk, role="parent", speaker="Mother", public_label="Marta, Ines’s mother", person=marta
)
InterviewContributor.objects.create(interview=talk, role="patient", person=ines)
InterviewContributor.objects.create(interview=talk, role="interviewer", speaker="Interviewer")
cues = list(talk.cues.order_by("position"))
for cue, section in ((cues[2], "before"), (cues[3], "after")):
    make_excerpt(interview=talk, start=(cue.pk, 0), end=(cue.pk, len(cue.text)), section=section, by=editor)
last = talk.excerpts.latest("pk")
change_excerpt(excerpt=last, rev=last.rev, by=editor, text="She speaks as she always did.")
page = compile_story(interview=talk, by=editor).page
page.title, page.slug, page.patient_name = "She counts the stairs", "heard-" + kind, "Ines"
page.conditions.set(Condition.objects.all()[:1])
page.edited_by = "An editor of this site"
page.save_revision(user=editor).publish()
page = type(page).objects.get(pk=page.pk)
first = talk.excerpts.earliest("pk")
print(json.dumps({{"url": page.url, "in": first.clip_in, "out": first.clip_out}}))
"""


@pytest.fixture(scope="module")
def stories(
    demo_site: DemoSite, own_database: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Two published stories, one of a sound recording and one of a film: address, marks of the first quote."""
    folder = tmp_path_factory.mktemp("talks")
    (folder / "talk.vtt").write_text(TRANSCRIPT)
    (folder / "talk.webm").write_bytes(tones.recording("webm"))
    (folder / "talk.mp4").write_bytes(tones.recording("mp4", pictures="libx264", size=(320, 180)))
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "FIRSTHAND_VAR": str(demo_site.var),
        "CACHE_KEY_PREFIX": f"journeys-{os.getpid()}",
    }
    if own_database:
        environment["DATABASE_URL"] = own_database
    made = {}
    for kind in ("audio", "video"):
        script = PUBLISH.format(folder=str(folder), kind=kind)
        run = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr[-3000:]
        made[kind] = json.loads(run.stdout.splitlines()[-1])
    # The site's own worker cuts them. Until then the page stands without.
    for kind, story in made.items():
        deadline = time.monotonic() + 300
        while demo_site.get(story["url"]).text.count('class="clip"') < 2:
            assert time.monotonic() < deadline, f"the {kind} clips were not cut"
            time.sleep(0.5)
    return made


PLAYING = """link => new Promise((done, fail) => {
    const media = link.closest('figure').querySelector('audio, video');
    media.addEventListener('playing', () => done(media.currentTime), { once: true });
    media.addEventListener('error', () => fail(media.error), { once: true });
    link.click();
})"""


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_visitor_hears_the_moment_in_place_with_captions(
    visit: Callable[..., Page], demo_site: DemoSite, stories: dict[str, Any], kind: str, tmp_path: Path
) -> None:
    story = stories[kind]
    tab = visit()
    tab.goto(story["url"])
    figure = tab.locator("figure.quote").first
    media = figure.locator("audio, video")
    expect(media).to_be_hidden()
    link = figure.get_by_role("button", name="Hear this moment")
    assert float(str(link.get_attribute("data-start"))) == story["in"]
    address = str(link.get_attribute("href")).split("#")[0]

    assert link.evaluate(PLAYING) == pytest.approx(0, abs=0.1)
    expect(media).to_be_visible()
    expect(figure.get_by_role("button", name="Stop")).to_be_visible()
    tab.wait_for_function(
        "document.querySelector('figure.quote').querySelector('audio, video').currentTime > 0.8"
    )
    showing = (
        "media => [media.textTracks[0].mode, [...media.textTracks[0].activeCues].map(c => c.text).join()]"
    )
    mode, words = media.evaluate(showing)
    assert "Nobody had promised us anything." in words
    if kind == "audio":
        assert mode == "hidden"
        expect(figure.locator(".now")).to_have_text("Nobody had promised us anything.")
    else:
        assert mode == "showing"
    tab.wait_for_function(
        "document.querySelector('figure.quote').querySelector('audio, video').paused", timeout=20_000
    )
    expect(figure.get_by_role("button", name="Hear this moment")).to_be_visible()

    # The file begins at the mark: its tone changes where the recording's does.
    (tmp_path / "clip").write_bytes(demo_site.get(address).content)
    sound = tones.heard(str(tmp_path / "clip"))
    assert len(sound) / tones.RATE == pytest.approx(story["out"] - story["in"], abs=0.1)
    second = int(story["in"])
    assert tones.changes(sound, second, 1, second + 1 - story["in"])[0] == pytest.approx(
        second + 1 - story["in"], abs=0.1
    )


def test_one_moment_at_a_time_and_stop(visit: Callable[..., Page], stories: dict[str, Any]) -> None:
    tab = visit()
    tab.goto(stories["audio"]["url"])
    first, second = tab.locator("a.clip").all()
    first.evaluate(PLAYING)
    second.evaluate(PLAYING)
    expect(first).to_contain_text("Hear this moment")
    expect(second).to_contain_text("Stop")
    assert tab.evaluate("[...document.querySelectorAll('audio')].map(a => a.paused)") == [True, False]
    second.press(" ")
    expect(second).to_contain_text("Hear this moment")
    assert tab.evaluate("[...document.querySelectorAll('audio')].map(a => a.paused)") == [True, True]


def test_reworded_words_are_told_as_such(visit: Callable[..., Page], stories: dict[str, Any]) -> None:
    tab = visit()
    tab.goto(stories["audio"]["url"])
    quoted, reworded = tab.locator("figure.quote").all()
    expect(reworded).to_contain_text("In other words:")
    expect(reworded).to_contain_text("She speaks as she always did.")
    marks = "(e, part) => getComputedStyle(e.querySelector('blockquote p, .words'), part).content"
    assert quoted.evaluate(marks, "::before") == "open-quote"
    assert reworded.evaluate(marks, "::before") == "none"


def test_the_whole_conversation_follows_is_searched_and_linked_to(
    visit: Callable[..., Page], stories: dict[str, Any]
) -> None:
    tab = visit()
    tab.goto(stories["audio"]["url"])
    assert tab.locator(".script").count() == 0  # no consent

    tab.goto(stories["video"]["url"] + "#t=6")
    lines = tab.locator(".script li")
    assert lines.count() == 4
    expect(tab.locator("#t5")).to_have_attribute("aria-current", "true")
    expect(tab.locator("#t5")).to_be_in_viewport()
    assert lines.nth(1).locator("a").count() == 0  # no public clip holds it
    # A click plays that moment of the clip, and the line is marked; a second click pauses.
    play = tab.locator("#t9 a")
    play.click()
    expect(tab.locator("#t9")).to_have_attribute("aria-current", "true")
    expect(tab.locator("#t5")).not_to_have_attribute("aria-current", "true")
    find = tab.get_by_label("Find in the conversation")
    find.fill("PROMISED")
    expect(tab.locator("output")).to_have_text("1 / 4")
    assert [line.get_attribute("id") for line in lines.all() if line.is_visible()] == ["t5"]
    find.fill("")
    expect(lines.last).to_be_visible()


def test_without_javascript_the_story_reads_and_sounds_whole(
    visit: Callable[..., Page], demo_site: DemoSite, stories: dict[str, Any]
) -> None:
    for kind, story in stories.items():
        tab = visit(java_script_enabled=False)
        tab.goto(story["url"])
        figures = tab.locator("figure.quote").all()
        assert len(figures) == 2
        for figure in figures:
            expect(figure).to_contain_text("Marta, Ines’s mother")
            expect(figure.locator("audio, video")).to_be_visible()
            link = figure.locator("a.clip")
            assert re.fullmatch(r"Hear this moment\s00:0\d", link.inner_text().strip())
            clip = demo_site.get(str(link.get_attribute("href")).split("#")[0])
            assert clip.status_code == 200
            assert clip.headers["Content-Type"] == ("video/mp4" if kind == "video" else "audio/mp4")
        expect(tab.get_by_label("Find in the conversation")).to_be_hidden()
        if kind == "video":
            expect(tab.locator("#t9")).to_contain_text("Her speech has not changed.")


def test_the_recording_itself_is_nowhere_public(demo_site: DemoSite, stories: dict[str, Any]) -> None:
    html = demo_site.get(stories["video"]["url"]).text
    private = list((demo_site.var / "private").rglob("talk*"))
    assert len(private) >= 4
    for path in private:
        assert path.parent.name not in html
        assert demo_site.get(f"/files/{path.relative_to(demo_site.var / 'private')}").status_code == 404


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_nothing_is_found_wrong_with_the_pages(
    visit: Callable[..., Page], demo_site: DemoSite, stories: dict[str, Any], kind: str
) -> None:
    assert html_errors({kind: demo_site.get(stories[kind]["url"]).text}) == []
    for options in ({}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}):
        tab = visit(**options)
        tab.goto(stories[kind]["url"])
        tab.evaluate("document.querySelectorAll('.moment').forEach(box => box.classList.add('on'))")
        assert axe_violations(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
