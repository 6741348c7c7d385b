"""The sizes of all pictures exist before a page is public: no visitor's request decodes or encodes one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageFile

from attribution.models import ShowsNoOne
from media.models import Picture, Rendition
from publication.picture_sizes import make_before_publication
from tests import factories as make
from tests.factories import png

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_worker(settings: Any) -> None:
    """The queue is there, and no worker runs."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@contextmanager
def no_pixels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail any code that opens, decodes or writes a picture."""

    def forbidden(*_args: object, **_options: object) -> None:
        raise AssertionError("A visitor's request must not touch the pixels of a picture.")

    with monkeypatch.context() as patched:
        patched.setattr(Image, "open", forbidden)
        patched.setattr(Image.Image, "save", forbidden)
        patched.setattr(ImageFile.ImageFile, "load", forbidden)
        yield


def uploaded(name: str) -> Picture:
    picture = Picture.objects.create(
        title=name,
        alt_text=f"{name} on a table, in the evening.",
        file=ContentFile(png(900, 700).read(), "x.png"),
    )
    ShowsNoOne.objects.create(picture=picture)
    return picture


def visited(client: Client, url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    with no_pixels(monkeypatch):
        response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def pictures_in(html: str) -> set[str]:
    """Return the addresses of all files of pictures in a page."""
    return set(re.findall(r"/files/(shown/pictures/[^\s\"]+)", html))


def publish_as_editor(page: Any) -> None:
    page.save_revision().publish()


def publish_at_a_time(page: Any) -> None:
    page.go_live_at = timezone.now()
    page.live = False
    page.save_revision(approved_go_live_at=timezone.now())
    call_command("publish_scheduled", verbosity=0)


def save_live(page: Any) -> None:
    """As an import may do it: no revision, no publish action."""
    page.live = True
    page.save()


@pytest.mark.parametrize("publish", [publish_as_editor, publish_at_a_time, save_live])
def test_a_story_and_the_lists_that_show_it(
    client: Client,
    no_worker: None,
    terms: Any,
    body: Any,
    monkeypatch: pytest.MonkeyPatch,
    publish: Callable[[Any], None],
) -> None:
    treatment = make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells, known=True)
    story = make.StoryPageFactory(conditions=[terms.diplegia], treatments=[terms.cells])
    story.picture, shown = uploaded("Own"), uploaded("Figure")
    story.before = json.dumps(body(texts=1, pictures=[shown]))
    assert not Rendition.objects.exists()
    publish(story)
    names = {
        picture.pk: {size.public_name for size in picture.renditions.all()}
        for picture in (story.picture, shown)
    }
    page = visited(client, story.url, monkeypatch)
    assert pictures_in(page) & names[shown.pk]
    assert 'property="og:image"' in page
    for url in (story.get_parent().url, treatment.url):
        assert pictures_in(visited(client, url, monkeypatch)) & names[story.picture.pk], url


def test_the_home_page_and_a_plain_page(
    client: Client, no_worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, plain = make.home(), make.StandardPageFactory()
    for page in (home, plain):
        page.picture = uploaded(str(page.title))
        publish_as_editor(page)
        assert pictures_in(visited(client, page.url, monkeypatch)), page


def test_sizes_are_made_before_the_publishing_transaction(
    no_worker: None, terms: Any, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Encoding takes long, and the transaction keeps others from writing."""
    from django.db import connection

    from imaging import encoding

    story = make.StoryPageFactory(conditions=[terms.diplegia])
    story.before = json.dumps(body(texts=1, pictures=[uploaded("Figure")]))
    revision = story.save_revision()
    inside: list[bool] = []

    def watched(*call: Any) -> bytes:
        inside.append(connection.in_atomic_block)
        return encoding.encoded(*call)

    monkeypatch.setattr("media.making.encoded", watched)
    revision.publish()
    assert inside
    assert not any(inside)


def test_a_page_whose_pictures_are_ready_costs_two_queries_more(
    terms: Any, body: Any, django_assert_num_queries: Any
) -> None:
    story = make.StoryPageFactory(conditions=[terms.diplegia], picture=make.PictureFactory())
    story.before = json.dumps(body(texts=2, pictures=[make.PictureFactory() for _ in range(4)]))
    revision = story.save_revision()
    with django_assert_num_queries(2):
        assert make_before_publication(revision) == 0


def test_a_video_s_picture_gets_its_poster(no_worker: None, terms: Any) -> None:
    video = make.VideoPageFactory(conditions=[terms.palsy])
    video.picture = uploaded("Poster")
    publish_as_editor(video)
    assert video.picture.renditions.filter(filter_spec="fill-1280x720|format-webp").exists()
