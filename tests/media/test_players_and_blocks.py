"""Players, documents and blocks, and the pages that show a picture whose sizes arrive later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.template.loader import render_to_string
from wagtail.blocks import StructBlockValidationError
from wagtail.fields import StreamField

from changes import log
from media import publishing, renditions
from media.blocks import (
    FigureBlock,
)
from media.models import Picture, Recording
from tests.media.streams import Body, captioned, stream

from .conftest import ALT, sound_bytes

pytestmark = pytest.mark.django_db


def soup(html: str) -> Any:
    return BeautifulSoup(html, "html.parser")


def test_player_with_its_transcript(make_recording: Callable[..., Recording]) -> None:
    recording = captioned(make_recording)
    html = render_to_string("components/player.html", {"recording": recording, "script": "beside"})
    page = soup(html)
    video = page.select_one(".film[data-film] video[controls][preload=none][poster]")
    assert video is not None
    assert (video["width"], video["height"], video["aria-label"]) == ("160", "90", "A visit")
    track = page.select_one("track[default]")
    assert track is not None
    assert (track["kind"], track["srclang"], track["label"]) == ("captions", "en", "English")
    assert [line["id"] for line in page.select("ol.lines li")] == ["t0", "t1"]
    assert page.select("ol.lines li p")[1].get_text() == "Ines He sat up & laughed."
    assert page.select("ol.lines a")[1]["href"] == f"{recording.url}#t=1"
    assert "2 seconds. Captions in English." in page.get_text()
    assert "http" not in html


def test_poster_is_taken_from_the_video(make_recording: Callable[..., Recording]) -> None:
    poster = make_recording().poster
    assert poster is not None
    with poster.open() as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_lines_need_no_file(make_recording: Callable[..., Recording], django_assert_num_queries: Any) -> None:
    track = captioned(make_recording).tracks.get()
    track.file.storage.delete(str(track.file.name))
    recording = Recording.objects.prefetch_related("tracks").get()
    with django_assert_num_queries(0):
        assert [line.text for line in recording.lines] == ["[Music]", "He sat up & laughed."]


def test_every_block_renders_and_has_what_editors_see(
    make_picture: Callable[..., Picture], make_recording: Callable[..., Recording]
) -> None:
    for name, block in Body().child_blocks.items():
        if name == "group":
            continue
        assert block.meta.icon
        assert block.meta.template
        assert block.get_description()
        assert block.is_previewable
        assert block.render(block.get_preview_value()) is not None
    sound = make_recording(title="Her mother", content=sound_bytes(), name="m.mp3")
    html = stream(("audio", {"recording": sound.pk})).render_as_block()
    assert soup(html).select_one("audio[controls][preload=none]")


def test_figure_shows_its_own_texts_or_the_picture_s(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture(credit="Her aunt")
    value = stream(
        ("figure", {"picture": picture.pk, "caption": "On the stairs"}),
        ("figure", {"picture": picture.pk, "alt": "Her hand on the rail", "credit": "Her uncle"}),
    )
    first, second = soup(value.render_as_block()).select("figure.fig")
    assert (first.img["alt"], first.figcaption.get_text(" ", strip=True)) == (
        ALT,
        "On the stairs Picture: Her aunt",
    )
    assert (second.img["alt"], "Her uncle" in second.get_text()) == ("Her hand on the rail", True)


def test_figure_refuses_a_file_name_for_alt_text(make_picture: Callable[..., Picture]) -> None:
    block = FigureBlock()
    picture = make_picture()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python({"picture": picture.pk, "alt": "IMG_1234.jpg"}))
    assert set(refused.value.block_errors) == {"alt"}
    assert block.clean(block.to_python({"picture": picture.pk, "alt": ""})).alt_shown == ALT


def test_stream_field_can_be_made_of_all() -> None:
    assert StreamField(Body()).stream_block.child_blocks.keys() >= {
        "figure",
        "gallery",
        "video",
        "audio",
        "document",
    }


def test_pages_that_show_a_picture_are_made_again_when_its_sizes_arrive(
    make_picture: Callable[..., Picture],
) -> None:
    picture = make_picture()
    key = f"media.picture:{picture.pk}"
    connection.changed_keys.clear()  # type: ignore[attr-defined] # changes.log
    renditions.make([picture], ["card"])
    assert key in log.pending(connection)
    connection.changed_keys.clear()  # type: ignore[attr-defined] # changes.log
    publishing.write_files(Picture.objects.get())
    assert key in log.pending(connection)
