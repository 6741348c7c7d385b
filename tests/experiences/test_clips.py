"""A published story has a clip for each quote: cut once, removed when no page uses it, and never of what must
not be heard.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.models import StoryClip, StoryInterview
from interviews.importing import import_transcript
from interviews.models import IdentifierDecision
from media import clip_tasks, clips
from media.captions import parse
from media.models import Clip
from tests import factories
from tests.experiences import interviews as make
from tests.media import tones
from transcripts import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def publish(django_capture_on_commit_callbacks: Any) -> Any:
    """Publishes a story, and runs what is put into the queue after commit."""

    def go(page: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return make.publish(page)

    return go


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def soup(client: Any, page: Any) -> Any:
    response = client.get(page.url)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def stored(folder: Path) -> set[str]:
    return (
        {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        if folder.exists()
        else set()
    )


def test_each_quote_has_its_own_clip_and_nothing_else_is_public(publish: Any, files_folder: Path) -> None:
    talk = make.interview()
    first, second = make.excerpt(talk, 2), make.excerpt(talk, 4)
    page = publish(make.story(make.quote(first), make.quote(second)))
    cut = [link.clip for link in StoryClip.objects.filter(page=page).order_by("clip__start")]
    assert [(clip.start, clip.end, clip.state) for clip in cut] == [
        (first.clip_in, first.clip_out, "ready"),
        (second.clip_in, second.clip_out, "ready"),
    ]
    for clip in cut:
        heard = tones.heard(clip.file.path)
        assert len(heard) / tones.RATE == pytest.approx(clip.end - clip.start, abs=0.1)
        # What sounds half a second into the clip is what sounded half a second after the mark.
        assert tones.pitch_at(heard, 0.5) == pytest.approx(tones.pitch(int(clip.start + 0.5)), abs=45)
    assert all(name.startswith("clips/") for name in stored(files_folder))
    assert len(stored(files_folder)) == 4  # two clips, two captions
    names = {Path(name).parts[1] for name in stored(files_folder)}
    assert len(names) == 2
    assert all(len(name) == 22 for name in names)


def test_a_video_clip_has_a_poster_and_captions(publish: Any) -> None:
    talk = make.interview(kind="video")
    page = publish(make.story(make.quote(make.excerpt(talk, 2))))
    clip = StoryClip.objects.get(page=page).clip
    assert clip.file.name.endswith(".mp4")
    assert clip.poster.read(3) == b"\xff\xd8\xff"
    assert (clip.width, clip.height) == (96, 54)
    cues = parse(clip.captions.read().decode()).cues
    assert [(cue.speaker, cue.text) for cue in cues] == [
        ("Marta, Ines’s mother", "No one had promised us anything.")
    ]
    assert cues[0].start == pytest.approx(5.0 - clip.start, abs=0.01)


def test_captions_say_the_excerpt_s_words_alone(publish: Any) -> None:
    talk = make.interview()
    page = publish(make.story(make.quote(make.excerpt(talk, 1, words="She let go of the rail."))))
    clip = StoryClip.objects.get(page=page).clip
    assert "rail" in " ".join(cue.text for cue in clip.cues)
    assert "Hannah" not in json.dumps(clip.stored_cues)


def test_an_unchanged_clip_is_not_cut_again(publish: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = make.interview()
    first, second = make.excerpt(talk, 2), make.excerpt(talk, 4)
    page = publish(make.story(make.quote(first)))
    kept = StoryClip.objects.get(page=page).clip
    cut: list[float] = []

    def cutting(*args: Any, **marks: Any) -> float:
        cut.append(marks["start"])
        return clips.cut(*args, **marks)

    monkeypatch.setattr(clip_tasks, "cut", cutting)
    page.before = [*page.before.raw_data, make.quote(second)]
    page = publish(page)
    assert cut == [second.clip_in]
    assert Clip.objects.get(pk=kept.pk).file.name == kept.file.name
    publish(page)
    assert cut == [second.clip_in]


def test_a_clip_nobody_uses_is_removed_with_its_files(publish: Any, files_folder: Path) -> None:
    talk = make.interview()
    first, second = make.excerpt(talk, 2), make.excerpt(talk, 4)
    page = publish(make.story(make.quote(first), make.quote(second)))
    gone = Clip.objects.get(start=second.clip_in)
    page.before = list(page.before.raw_data)[:1]
    publish(page)
    assert list(Clip.objects.values_list("start", flat=True)) == [first.clip_in]
    assert not any(gone.folder in name for name in stored(files_folder))


def test_marks_moved_by_a_tenth_make_another_clip(publish: Any) -> None:
    talk = make.interview()
    first = make.excerpt(talk, 2)
    page = publish(make.story(make.quote(first)))
    before = Clip.objects.get()
    stored_value = list(page.before.raw_data)
    stored_value[0]["value"]["start"] = first.clip_in + 0.1
    page.before = stored_value
    publish(page)
    after = Clip.objects.get()
    assert after.pk != before.pk
    assert after.start == pytest.approx(first.clip_in + 0.1)


def test_two_stories_share_a_clip_until_both_are_gone(
    publish: Any, after_commit: Any, files_folder: Path
) -> None:
    talk = make.interview()
    first = make.excerpt(talk, 2)
    one, other = publish(make.story(make.quote(first))), publish(make.story(make.quote(first)))
    assert Clip.objects.count() == 1
    with after_commit():
        one.unpublish()
    assert Clip.objects.get().is_ready
    assert stored(files_folder)
    with after_commit():
        other.delete()
    assert not Clip.objects.exists()
    assert not stored(files_folder)


def test_what_is_public_names_nobody_whom_an_editor_replaced(
    publish: Any, after_commit: Any, client: Any
) -> None:
    """In captions and transcript the neutral form stands.

    A recording cannot be changed: that moment has no clip.
    """
    talk = make.interview(full_transcript_allowed=True)
    with_name, without = make.excerpt(talk, 1), make.excerpt(talk, 2)
    page = publish(make.story(make.quote(with_name, text="[my sister] saw it first."), make.quote(without)))
    assert Clip.objects.count() == 2
    cue = talk.cues.get(position=1)
    at = cue.text.index("Hannah")
    with after_commit():
        IdentifierDecision.objects.create(
            interview=talk,
            cue=cue,
            at=at,
            end=at + 6,
            text="Hannah",
            kind="name",
            state="replaced",
            neutral="[my sister]",
        )
    assert [clip.start for clip in Clip.objects.all()] == [without.clip_in]
    page_text = soup(client, page).get_text()
    assert "Hannah" not in page_text
    assert "Secretson" not in page_text
    assert "[my sister] saw it first." in page_text


def test_the_whole_transcript_is_there_only_with_consent(
    publish: Any, after_commit: Any, client: Any
) -> None:
    talk = make.interview()
    page = publish(make.story(make.quote(make.excerpt(talk, 2))))
    assert "I counted the stairs" not in soup(client, page).get_text()
    talk.refresh_from_db()
    talk.full_transcript_allowed = True
    with after_commit():
        talk.save()
    shown = soup(client, page)
    lines = shown.select(".script .lines li")
    assert [line.find("p").get_text(" ", strip=True) for line in lines][-2:] == [
        "Voice 1 I counted the stairs.",
        "Marta, Ines’s mother Her speech has not changed.",
    ]
    assert [line.get("id") for line in lines] == ["t0", "t2", "t5", "t8", "t10"]
    # Only the line that a public clip holds can be played.
    played = {line["id"]: line.find("a")["href"] for line in lines if line.find("a")}
    clip = Clip.objects.get()
    assert played == {"t5": f"{clip.url}#t={round(5.0 - clip.start, 2)}"}
    talk.full_transcript_allowed = False
    with after_commit():
        talk.save()
    assert "I counted the stairs" not in soup(client, page).get_text()
    assert not StoryInterview.objects.exclude(lines=[]).exists()


def test_a_quote_says_who_and_when_and_is_heard_in_place(publish: Any, client: Any) -> None:
    talk = make.interview()
    one = make.excerpt(talk, 2)
    page = publish(make.story(make.quote(one, asked="What did they promise?")))
    figure = soup(client, page).select_one("figure.quote")
    assert figure.blockquote.get_text(strip=True) == "No one had promised us anything."
    assert "Marta, Ines’s mother" in figure.figcaption.get_text()
    assert "What did they promise?" in figure.get_text()
    link = figure.select_one("a.clip")
    clip = Clip.objects.get()
    assert link["href"] == f"{clip.url}#t=0"
    assert float(link["data-start"]) == one.clip_in
    assert link.time.get_text() == f"00:0{int(one.clip_in)}"
    assert figure.select_one("audio source")["src"] == clip.url
    assert figure.select_one("audio track[default]")["src"] == clip.captions_url


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_a_clip_that_is_not_ready_is_not_shown(publish: Any, client: Any, state: str) -> None:
    page = publish(make.story(make.quote(make.excerpt(make.interview(), 2))))
    Clip.objects.update(state=state)
    figure = soup(client, page).select_one("figure.quote")
    assert figure.select_one("a, audio, video") is None
    assert "No one had promised us anything." in figure.get_text()
    assert figure.time.get_text().startswith("00:0")


def test_without_a_recording_or_times_the_quote_stands_alone(publish: Any, client: Any) -> None:
    silent = make.interview(kind="")
    untimed = make.interview()
    page = publish(
        make.story(
            make.quote(make.excerpt(silent, 2)), make.quote(make.excerpt(untimed, 4), start=None, end=None)
        )
    )
    assert not Clip.objects.exists()
    assert len(soup(client, page).select("figure.quote")) == 2


def test_reworded_words_wear_no_quotation_marks(publish: Any, client: Any) -> None:
    talk = make.interview()
    page = publish(
        make.story(
            make.quote(make.excerpt(talk, 2), text="They had been told nothing at all about it."),
            make.quote(make.excerpt(talk, 1), text="She let go of the rail […]."),
            make.quote(make.excerpt(talk, 4)),
        )
    )
    reworded, edited, verbatim = soup(client, page).select("figure.quote")
    assert reworded.blockquote is None
    assert "In other words" in reworded.get_text()
    assert edited.blockquote
    assert "Lightly edited" in edited.get_text()
    assert verbatim.blockquote
    assert "Lightly edited" not in verbatim.get_text()


def test_how_the_story_was_made(publish: Any, client: Any) -> None:
    talk = make.interview()
    page = publish(
        make.story(
            make.quote(make.excerpt(talk, 2)),
            make.quote(make.excerpt(talk, 1), text="She let go of the rail […]."),
        )
    )
    made = soup(client, page).select_one("section.origin").get_text(" ", strip=True)
    assert "Anna Berg, Example Press" in made
    assert "2025" in made
    assert "14" not in made
    assert "March" not in made
    assert f"{page.own_share} % of the words" in made
    assert "1 passage is left out" in made


@pytest.mark.parametrize("number", [1, 4])
def test_quotes_cost_two_queries_however_many_there_are(publish: Any, client: Any, number: int) -> None:
    talk = make.interview(full_transcript_allowed=True)
    plain = publish(factories.StoryPageFactory(conditions=[factories.ConditionFactory()]))
    page = publish(make.story(*(make.quote(make.excerpt(talk, n % 5)) for n in range(number))))
    counts = []
    for one in (plain, page):
        client.get(one.url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(one.url).status_code == 200
        counts.append(len(captured))
    assert counts[1] == counts[0] + 2


def test_when_an_interview_is_deleted_nothing_of_it_stays_to_be_heard(
    publish: Any, after_commit: Any, files_folder: Path
) -> None:
    talk = make.interview(full_transcript_allowed=True)
    page = publish(make.story(make.quote(make.excerpt(talk, 2))))
    assert stored(files_folder)
    with after_commit():
        talk.delete()
    assert not StoryClip.objects.filter(page=page).exists()
    assert not StoryInterview.objects.exists()
    assert not stored(files_folder)


def test_changed_captions_get_a_new_file_and_the_sound_stays(publish: Any, files_folder: Path) -> None:
    talk = make.interview()
    page = publish(make.story(make.quote(make.excerpt(talk, 2))))
    before = Clip.objects.get()
    talk.contributors.filter(speaker="Mother").update(public_label="Marta, her mother")
    publish(page)
    after = Clip.objects.get()
    assert (after.pk, after.file.name) == (before.pk, before.file.name)
    assert after.captions.name != before.captions.name
    assert b"<v Marta, her mother>" in after.captions.read()
    assert sorted(name.rsplit("/", 1)[1] for name in stored(files_folder)) == sorted(
        ["clip.m4a", after.captions.name.rsplit("/", 1)[1]]
    )


def test_the_typical_result_is_said_before_any_clip_plays(publish: Any, client: Any) -> None:
    """D1: in every story, whether anything is to be heard or not."""
    page = publish(make.story(make.quote(make.excerpt(make.interview(), 2))))
    shown = soup(client, page)
    first = shown.select_one("a[href='#everyone'], a.clip")
    assert first["href"] == "#everyone"
    Clip.objects.update(state="pending")
    assert soup(client, page).select_one("[data-d='D1'] a[href='#everyone']")


def test_a_corrected_transcript_is_what_is_published(publish: Any, after_commit: Any, client: Any) -> None:
    talk = make.interview(full_transcript_allowed=True)
    page = publish(make.story(make.quote(make.excerpt(talk, 2))))
    rows = "".join(
        f"00:{int(start):02}.000 --> 00:{int(end):02}.000\n<v {who}>{words.replace('stairs', 'steps')}\n\n"
        for who, start, end, words in make.SAID
    )
    with after_commit():
        import_transcript(interview=talk, read=read(f"WEBVTT\n\n{rows}".encode(), "talk.vtt"), by=None)
    text = soup(client, page).get_text()
    assert "I counted the steps." in text
    assert "I counted the stairs." not in text
