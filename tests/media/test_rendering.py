"""Pictures, players and documents as visitors get them, and the number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from wagtail.blocks import ListBlock, StreamBlock, StreamValue, StructBlock, StructBlockValidationError
from wagtail.fields import StreamField

from media import preload, renditions
from media.blocks import (
    AudioBlock,
    DocumentBlock,
    FigureBlock,
    GalleryBlock,
    PictureChooserBlock,
    VideoBlock,
)
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.tasks import make_renditions
from media.templatetags.media_tags import responsive_picture

from .conftest import ALT, VTT, pdf_bytes, picture_bytes, published, sound_bytes

pytestmark = pytest.mark.django_db


def soup(html: str) -> Any:
    return BeautifulSoup(html, "html.parser")


class Body(StreamBlock):
    figure = FigureBlock()
    gallery = GalleryBlock()
    video = VideoBlock()
    audio = AudioBlock()
    document = DocumentBlock()
    group = StructBlock(
        [("pictures", ListBlock(PictureChooserBlock())), ("inner", StreamBlock([("figure", FigureBlock())]))]
    )


def stream(*items: tuple[str, Any]) -> StreamValue:
    """Return a StreamField's value as it comes from the database, with no block read yet."""
    raw = [{"type": type_, "value": value, "id": str(n)} for n, (type_, value) in enumerate(items)]
    return StreamValue(Body(), raw, is_lazy=True)


def pictures_of(make_picture: Callable[..., Picture], number: int) -> list[Picture]:
    return [
        make_picture(title=f"Picture {n}", content=picture_bytes(colour=(n, 9, 9))) for n in range(number)
    ]


def captioned(make_recording: Callable[..., Recording], **fields: Any) -> Recording:
    recording = make_recording(shown=False, **fields)
    CaptionTrack.objects.create(recording=recording, file=ContentFile(VTT, name="a.vtt"))
    published(recording)
    return recording


def mixed(pictures: list[Picture], recordings: list[Recording], documents: list[Document]) -> StreamValue:
    figure = [{"picture": picture.pk, "caption": "c"} for picture in pictures]
    return stream(
        *(("figure", value) for value in figure),
        (
            "gallery",
            {"heading": "h", "pictures": [{"type": "item", "value": value, "id": "i"} for value in figure]},
        ),
        *(("video", {"recording": recording.pk, "show_transcript": True}) for recording in recordings),
        *(("document", {"document": document.pk}) for document in documents),
        (
            "group",
            {
                "pictures": [picture.pk for picture in pictures],
                "inner": [{"type": "figure", "value": figure[0]}],
            },
        ),
        ("figure", {"picture": 999_999}),
        ("figure", {"picture": None}),
    )


def test_pictures_recordings_and_documents_take_five_queries(
    make_picture: Callable[..., Picture],
    make_recording: Callable[..., Recording],
    django_assert_num_queries: Any,
) -> None:
    pictures = pictures_of(make_picture, 4)
    renditions.prefetch(Picture.objects.all())
    recordings = [captioned(make_recording, title=f"R{n}") for n in range(3)]
    documents = [
        Document.objects.create(title=f"D{n}", file=ContentFile(pdf_bytes(), name="d.pdf")) for n in range(3)
    ]
    for document in documents:
        published(document)
    Rendition.cache_backend.clear()
    value = mixed(pictures, recordings, documents)
    # One more for the picture that is gone.
    with django_assert_num_queries(6):
        preload.resolve(value)
        html = value.render_as_block()
    page = soup(html)
    assert len(page.select("picture")) == 4 + 4 + 1
    assert len(page.select("video track")) == 3
    assert len(page.select(".file")) == 3
    assert len(value[-3].value["pictures"]) == 4


def test_within_the_context_values_are_read_without_queries(
    make_picture: Callable[..., Picture], django_assert_num_queries: Any
) -> None:
    pictures = pictures_of(make_picture, 2)
    value, other = (stream(("figure", {"picture": picture.pk})) for picture in pictures)
    with preload.preloading(value, other), django_assert_num_queries(0):
        assert [value[0].value["picture"], other[0].value["picture"]] == pictures
        assert PictureChooserBlock().to_python(pictures[0].pk) == pictures[0]
    assert preload.find(Picture, pictures[0].pk) is None


def test_outside_the_context_blocks_work_as_in_wagtail(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture()
    value = stream(("figure", {"picture": picture.pk}), ("figure", {"picture": picture.pk}))
    assert [child.value["picture"] for child in value] == [picture, picture]
    assert PictureChooserBlock().to_python(picture.pk) == picture
    assert PictureChooserBlock().to_python(picture.pk + 1) is None


def test_values_of_a_form_are_used_as_they_are(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture()
    value = StreamValue(Body(), [("figure", {"picture": picture, "alt": "", "caption": "", "credit": ""})])
    preload.resolve(value)
    assert value[0].value["picture"] == picture
    with pytest.raises(TypeError, match="list"), preload.preloading([picture.pk]):
        pass


def test_data_that_no_longer_fits_is_skipped(make_picture: Callable[..., Picture]) -> None:
    raw: list[Any] = [
        {"type": "gone", "value": 3},
        {"type": "gallery", "value": {"pictures": None}},
        {
            "type": "group",
            "value": {
                "pictures": [1, {"type": "item", "value": "x", "id": "i"}],
                "inner": [{"type": "gone", "value": 1}],
            },
        },
    ]
    with preload.preloading(StreamValue(Body(), raw, is_lazy=True)):
        pass


# Pictures ---------------------------------------------------------------------------------------------------


def test_picture_in_three_formats_with_size(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture(content=picture_bytes(size=(1600, 1200)))
    html = render_to_string("components/picture.html", responsive_picture(picture, "card"))
    page = soup(html)
    assert [source["type"] for source in page.select("picture > source")] == ["image/avif", "image/webp"]
    assert [part.split()[-1] for part in str(page.source["srcset"]).split(",")] == ["400w", "800w"]
    assert {key: page.img[key] for key in ("width", "height", "alt", "loading")} == {
        "width": "800", "height": "600", "alt": ALT, "loading": "lazy",
    }  # fmt: skip
    assert str(page.img["src"]).endswith(".jpg")
    assert page.source["sizes"]
    assert all(rendition.file.size for rendition in Rendition.objects.all())


@pytest.mark.parametrize(("alt", "shown"), [(None, ALT), ("", ""), ("Here", "Here")])
def test_alt_text_of_the_picture_or_of_the_template(
    make_picture: Callable[..., Picture], alt: str | None, shown: str
) -> None:
    html = render_to_string("components/picture.html", responsive_picture(make_picture(), "card", alt=alt))
    assert soup(html).img["alt"] == shown


def test_transparent_picture_keeps_its_transparency(make_picture: Callable[..., Picture]) -> None:
    content = picture_bytes("PNG", mode="RGBA", colour=(0, 0, 0, 0), dot=(9, 9, 9, 255))
    found = renditions.responsive(make_picture(content=content), "card")
    assert found
    assert found.fallback.url.endswith(".png")


def test_small_picture_is_not_enlarged(make_picture: Callable[..., Picture]) -> None:
    found = renditions.responsive(make_picture(content=picture_bytes(size=(200, 150))), "figure")
    assert found
    assert (found.fallback.width, found.sources[0].srcset.count("w,")) == (200, 0)


def test_social_picture_is_one_jpeg(make_picture: Callable[..., Picture]) -> None:
    found = renditions.responsive(make_picture(content=picture_bytes(size=(2400, 1600))), "social")
    assert found
    assert (found.sources, found.fallback.width, found.fallback.height) == ((), 1200, 630)


def test_picture_without_its_file_does_not_break_the_page(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture()
    picture.file.storage.delete(picture.file.name)
    assert render_to_string("components/picture.html", responsive_picture(picture, "card")).strip() == ""
    assert render_to_string("components/picture.html", responsive_picture(None, "card")).strip() == ""


def test_renditions_are_made_when_a_picture_is_saved(
    make_picture: Callable[..., Picture],
    django_capture_on_commit_callbacks: Any,
    django_assert_num_queries: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        picture = make_picture(content=picture_bytes(size=(1600, 1200)))
    assert Rendition.objects.filter(image=picture).count() == 15
    make_renditions.func(picture.pk)
    assert Rendition.objects.filter(image=picture).count() == 15
    fresh = list(Picture.objects.all())
    with django_assert_num_queries(1):
        renditions.prefetch([*fresh, None])
        for preset in renditions.AHEAD:
            assert renditions.responsive(fresh[0], preset)


def test_address_of_a_rendition_does_not_lead_to_the_original(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture()
    found = renditions.responsive(picture, "card")
    assert found
    assert picture.file.name.split("/")[1] not in found.fallback.url


# Players, documents, blocks ---------------------------------------------------------------------------------


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
