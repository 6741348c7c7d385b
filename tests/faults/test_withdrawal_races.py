"""Acceptance: a withdrawal wins every race, whichever begins first: clip cutting, import, index rebuild.

`make faults` tries each ordering a hundred times, the ordinary test run twice. (Publishing has its own races,
beside the gate.)
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from wagtail.search import index

from audit.actors import Actor
from experiences.models import StoryClip, StoryInterview, StoryPage
from interviews.importing import import_transcript
from media import clip_tasks
from media.models import Clip
from mentions.models import WithdrawnName
from publication import visibility
from tests import factories as make
from tests.experiences import interviews as talks
from transcripts import read
from withdrawal.models import WithdrawnWords
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = int(os.environ.get("RACES", "2"))
AGAIN = """WEBVTT

00:02.000 --> 00:05.000
<v Mother>She let go of the rail. Hannah saw it first.

00:05.000 --> 00:08.000
<v Mother>Nobody had promised us anything, said marmalade.
"""


@pytest.fixture(autouse=True)
def quick_clips(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Cutting takes a few milliseconds and writes words: what is raced is the order of things, not the
    encoder."""
    settings.MEDIA_ROOT = tmp_path / "files"

    def cut(_source: Any, made: Path, **_marks: Any) -> float:
        time.sleep(random.random() * 0.01)
        made.write_bytes(b"a clip")
        return 3.0

    monkeypatch.setattr(clip_tasks, "cut", cut)


def quoted_story() -> tuple[Any, Any]:
    # Each try tells the same story again, for another person.
    WithdrawnWords.objects.all().delete()
    WithdrawnName.objects.all().delete()
    condition = make.ConditionFactory()
    person = make.consenting(display_name="Zorabel")
    talk = talks.interview(full_transcript_allowed=True)
    quote = talks.quote(talks.excerpt(talk, 2), speaker="Her mother")
    story = talks.story(quote, conditions=[condition], person=person, title="Marmalade on the stairs")
    return talks.publish(story), talk


def cutting(story: Any, talk: Any) -> Callable[[], Any]:
    clip = Clip.objects.get(story_clips__page=story)
    Clip.objects.filter(pk=clip.pk).update(state="pending", attempts=0, captioned=False)
    return lambda: clip_tasks.make(clip.pk)


def importing(story: Any, talk: Any) -> Callable[[], Any]:
    editor = User.objects.get_or_create(username="importer")[0]
    found = read(AGAIN.encode(), "again.vtt")
    return lambda: import_transcript(interview=talk, read=found, by=editor)


def rebuilding(story: Any, talk: Any) -> Callable[[], None]:
    def rebuild() -> None:
        for page in StoryPage.objects.all():
            index.insert_or_update_object(page)

    return rebuild


def together(*jobs: Callable[[], Any]) -> None:
    errors: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> None:
        try:
            start.wait()
            time.sleep(random.random() * 0.02)
            job()
        except BaseException as error:  # raised again in the test's own thread
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("order", ["rival first", "withdrawal first", "at once"])
@pytest.mark.parametrize("rival", [cutting, importing, rebuilding], ids=lambda rival: rival.__name__)
def test_a_withdrawal_wins(rival: Callable[..., Callable[[], Any]], order: str, settings: Any) -> None:
    for _attempt in range(TRIES):
        story, talk = quoted_story()
        clip = Clip.objects.get(story_clips__page=story)
        job = rival(story, talk)
        consent = story.person.consents.get()

        def take_back(consent: Any = consent) -> None:
            withdraw(consent=consent, by=Actor.system("race"), channel="editor")

        if order == "at once":
            together(job, take_back)
        else:
            for one in (job, take_back) if order == "rival first" else (take_back, job):
                one()
        connection.close_if_unusable_or_obsolete()

        assert not visibility.is_visible(story)
        assert not StoryClip.objects.filter(page=story).exists()
        assert not StoryInterview.objects.filter(page=story).exists()
        files = Path(settings.MEDIA_ROOT) / "clips" / clip.folder
        left = [path.name for path in files.rglob("*")] if files.exists() else []
        assert not left, left
        client = Client()
        assert client.get(story.url).status_code == 410
        assert b"Marmalade on" not in client.get("/search/?q=marmalade").content
