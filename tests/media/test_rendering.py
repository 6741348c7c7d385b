"""Pictures, players and documents as visitors get them, and the number of queries."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from PIL import Image
from wagtail.blocks import StreamValue

from imaging.presets import AHEAD
from media import preload, renditions
from media.blocks import (
    PictureChooserBlock,
)
from media.file_urls import private_files_at
from media.making import filter_of
from media.models import Document, Picture, Recording, Rendition
from media.tasks import make_renditions
from media.templatetags.media_tags import responsive_picture
from tests.media.streams import Body, captioned, stream

from .conftest import ALT, pdf_bytes, picture_bytes, published

pytestmark = pytest.mark.django_db


def soup(html: str) -> Any:
    return BeautifulSoup(html, "html.parser")


def noisy(size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture with grain, of which AVIF makes a smaller file than WebP."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def pictures_of(make_picture: Callable[..., Picture], number: int) -> list[Picture]:
    return [
        make_picture(title=f"Picture {n}", content=picture_bytes(colour=(n, 9, 9))) for n in range(number)
    ]


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
    renditions.make(Picture.objects.all())
    for picture in Picture.objects.all():
        published(picture)
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


def test_avif_is_offered_only_where_every_file_is_smaller(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture(content=noisy((900, 700)))
    renditions.make([picture])
    found = renditions.responsive(picture, "card")
    assert found
    assert [source.type for source in found.sources] == ["image/avif", "image/webp"]
    larger = picture.renditions.get(filter_spec="fill-400x300|format-avif")
    larger.file_size = picture.renditions.get(filter_spec="fill-400x300|format-webp").file_size
    larger.save()
    found = renditions.responsive(Picture.objects.get(), "card")
    assert found
    assert [source.type for source in found.sources] == ["image/webp"]


def test_a_visitor_sees_what_exists_and_the_worker_is_asked_for_the_rest(
    make_picture: Callable[..., Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, list[str]]] = []
    monkeypatch.setattr(
        "media.signals.make_renditions", SimpleNamespace(enqueue=lambda *call: asked.append(call))
    )
    cache.clear()
    picture = make_picture(content=noisy((900, 700)))
    assert renditions.responsive(picture, "card") is None
    picture.get_renditions("width-400|format-webp", "width-800|format-jpeg", "max-165x165")
    published(picture)
    for _visit in range(2):
        found = renditions.responsive(Picture.objects.get(), "card")
        assert found
        assert (found.sources, found.fallback.width) == ((), 800)
    assert asked == [(picture.pk, ["card"])]
    with private_files_at():
        found = renditions.responsive(Picture.objects.get(), "card")
    assert found
    assert len(found.sources) == 2


def test_two_processes_that_make_the_same_size_leave_one_file(
    make_picture: Callable[..., Picture], private_folder: Path
) -> None:
    picture = make_picture()
    filters = [filter_of("width-40|format-webp"), filter_of("width-50|format-webp")]
    first = picture.create_renditions(*filters)
    second = Picture.objects.get().create_renditions(*filters)
    assert [size.pk for size in first.values()] == [size.pk for size in second.values()]
    assert len(list((private_folder / "renditions").rglob("*.webp"))) == 2


def test_picture_in_three_formats_with_size(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture(content=noisy())
    renditions.make([picture])
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
    picture = make_picture()
    renditions.make([picture])
    html = render_to_string("components/picture.html", responsive_picture(picture, "card", alt=alt))
    assert soup(html).img["alt"] == shown


def test_transparent_picture_keeps_its_transparency(make_picture: Callable[..., Picture]) -> None:
    content = picture_bytes("PNG", mode="RGBA", colour=(0, 0, 0, 0), dot=(9, 9, 9, 255))
    picture = make_picture(content=content)
    renditions.make([picture])
    found = renditions.responsive(picture, "card")
    assert found
    assert found.fallback.url.endswith(".png")


def test_small_picture_is_not_enlarged(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture(content=picture_bytes(size=(200, 150)))
    renditions.make([picture])
    found = renditions.responsive(picture, "figure")
    assert found
    assert (found.fallback.width, found.sources[0].srcset.count("w,")) == (200, 0)


def test_social_picture_is_one_jpeg(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture(content=picture_bytes(size=(2400, 1600)))
    renditions.make([picture])
    found = renditions.responsive(picture, "social")
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
    assert Rendition.objects.filter(image=picture).count() == 16
    make_renditions.func(picture.pk)
    assert Rendition.objects.filter(image=picture).count() == 16
    fresh = list(Picture.objects.all())
    with django_assert_num_queries(1):
        renditions.prefetch([*fresh, None])
        for preset in AHEAD:
            assert renditions.responsive(fresh[0], preset)


def test_address_of_a_rendition_does_not_lead_to_the_original(make_picture: Callable[..., Picture]) -> None:
    picture = make_picture()
    renditions.make([picture])
    found = renditions.responsive(picture, "card")
    assert found
    assert picture.file.name.split("/")[1] not in found.fallback.url
