"""All sizes from one decoding: as Wagtail would cut and scale them, for any picture and focal point."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageStat
from wagtail.images.models import Filter
from wagtail.images.rect import Rect

from imaging.encoding import SUFFIXES, encoded
from imaging.presets import AHEAD, PRESETS, specs_of
from imaging.sizes import Size, Source
from media.making import size_of

CUTS = (
    "fill-400x300",
    "fill-800x600",
    "fill-1280x960",
    "width-400",
    "width-1200",
    "fill-1200x630",
    "original",
)


def photo(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """Shades and a grid, so that a shift or a wrong part is noticed."""
    picture = Image.merge(
        "RGB", [Image.linear_gradient("L").rotate(turn).resize((width, height)) for turn in (0, 90, 180)]
    )
    cell = Image.new("RGB", (max(1, width // 16), max(1, height // 12)), "orange")
    for column in range(0, 16, 2):
        picture.paste(cell, (column * width // 16, (column % 12) * height // 12))
    return picture.convert(mode)


def as_file(picture: Image.Image, kind: str = "JPEG", **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 95, "subsampling": 0} if kind == "JPEG" else {}) | options)
    out.seek(0)
    return out


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Return the peak signal-to-noise ratio in decibels: above 40 no one sees a difference."""
    squares = [value * value for value in ImageStat.Stat(ImageChops.difference(one, other)).rms]
    return math.inf if not any(squares) else 10 * math.log10(255 * 255 / (sum(squares) / len(squares)))


class Framed:
    """What Wagtail's filters ask of a picture."""

    def __init__(self, focus: Rect | None = None) -> None:
        self.focus = focus

    def is_svg(self) -> bool:
        return False

    def get_focal_point(self) -> Rect | None:
        return self.focus


def directly(file: io.BytesIO, size: Size) -> Image.Image:
    """As Wagtail makes it: decode all of it, crop, scale."""
    return (
        Image.open(file)
        .convert("RGB")
        .crop(size.box)
        .resize((size.width, size.height), Image.Resampling.LANCZOS)
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "dimensions", [(4000, 3000), (1601, 1199), (3001, 700), (640, 480), (90, 1300), (3, 2)]
)
def test_every_size_looks_as_if_it_was_made_alone(kind: str, dimensions: tuple[int, int]) -> None:
    file = as_file(photo(*dimensions), kind, **({"lossless": True} if kind == "WEBP" else {}))
    sizes = {size_of(Filter(cut), Framed(), dimensions) for cut in CUTS}
    made = dict(Source(file).scaled(sizes))
    assert set(made) == sizes
    for size, picture in made.items():
        assert picture.size == (size.width, size.height)
        assert likeness(picture, directly(file, size)) > 33, size


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    focus=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1), st.floats(0.01, 1)),
    cuts=st.lists(
        st.sampled_from([*CUTS, "fill-40x30", "width-17", "max-165x165", "fill-9x90-c100"]), min_size=1
    ),
)
def test_any_picture_with_any_focal_point(
    width: int, height: int, focus: tuple[float, float, float, float] | None, cuts: list[str]
) -> None:
    rect = focus and Rect.from_point(focus[0] * width, focus[1] * height, focus[2] * width, focus[3] * height)
    framed = Framed(rect or None)
    sizes = {size_of(Filter(cut), framed, (width, height)) for cut in cuts}
    for file in (as_file(photo(width, height)), as_file(photo(width, height), "PNG")):
        made = dict(Source(file).scaled(sizes))
        assert set(made) == sizes
        for size, picture in made.items():
            left, top, right, bottom = size.box
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
            assert picture.size == (size.width, size.height)
            assert picture.mode == "RGB"


def test_a_large_jpeg_is_decoded_once_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    file = as_file(photo(4000, 3000))
    loaded: list[tuple[int, int]] = []
    source = Source(file)
    load = type(source._picture).load

    def watched(self: Any) -> Any:
        if self.tile:
            loaded.append(self.size)
        return load(self)

    monkeypatch.setattr(type(source._picture), "load", watched)
    assert len(dict(source.scaled(size_of(Filter(cut), Framed(), source.size) for cut in CUTS[:-1]))) == 5
    assert loaded == [(2000, 1500)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_s_rotation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = photo(400, 300)
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # transpositions that a camera held like this stores
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    source = Source(as_file(stored, exif=exif))
    assert source.size == (400, 300)
    (picture,) = dict(source.scaled([Size((0, 0, 400, 300), 200, 150)])).values()
    assert likeness(picture, upright.resize((200, 150))) > 30


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_other_colours_become_rgb(mode: str) -> None:
    (picture,) = dict(
        Source(as_file(photo(400, 300, mode))).scaled([Size((0, 0, 400, 300), 100, 75)])
    ).values()
    assert picture.mode == "RGB"
    assert likeness(picture, photo(400, 300, mode).convert("RGB").resize((100, 75))) > 30


def test_a_palette_with_transparency_and_sixteen_bits() -> None:
    see_through = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    see_through.paste((200, 10, 10, 255), (0, 0, 150, 200))
    (picture,) = dict(
        Source(as_file(see_through.quantize(8), "PNG")).scaled([Size((0, 0, 300, 200), 30, 20)])
    ).values()
    assert picture.mode == "RGBA"
    assert [picture.getchannel("A").getpixel(at) for at in ((2, 2), (28, 2))] == [255, 0]
    grey = as_file(Image.new("I;16", (300, 200), 0x8000), "PNG")
    (picture,) = dict(Source(grey).scaled([Size((0, 0, 300, 200), 30, 20)])).values()
    assert picture.getpixel((2, 2)) == (127, 127, 127)


@pytest.mark.parametrize("kind", sorted(SUFFIXES))
def test_files_hold_nothing_but_pixels(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010E] = "Ines Secretova"
    source = Source(as_file(photo(400, 300), exif=exif, icc_profile=profile, comment=b"Secretova"))
    (picture,) = dict(source.scaled([Size((0, 0, 400, 300), 400, 300)])).values()
    content = encoded(picture, kind, 80)
    opened = Image.open(io.BytesIO(content))
    assert b"Secretova" not in content
    assert dict(opened.getexif()) == {}
    assert "icc_profile" not in opened.info


def test_jpeg_of_a_see_through_picture_is_white() -> None:
    content = encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "jpeg", 90)
    assert Image.open(io.BytesIO(content)).getpixel((5, 5)) == (255, 255, 255)


def test_presets_share_their_cuts() -> None:
    """Sixteen files for four presets: each cut is made once in each format."""
    assert len(specs_of(AHEAD)) == 16
    assert set(PRESETS["card"].cuts) < set(PRESETS["cover"].cuts)
    assert [spec for spec in specs_of(["card"], transparent=True) if "jpeg" in spec] == []
