from __future__ import annotations

import contextlib
import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from imaging.alt_text import why_not_alt_text
from imaging.cleaning import clean_picture
from media.models import Picture

from .conftest import ALT, picture_bytes, png_header

SECRET = "Ines Secretova"


def taken(content: bytes, name: str = "x.jpg") -> Any:
    return clean_picture(ContentFile(content, name=name))


def opened(content: bytes, name: str = "x.jpg") -> Image.Image:
    return Image.open(io.BytesIO(taken(content, name).read()))


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x0112], made[0x013B], made[0x010E] = orientation, SECRET, SECRET
    made.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0)})
    return made


def test_jpeg_loses_position_author_comment_and_appended_data() -> None:
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    content = picture_bytes(exif=exif(), xmp=xmp, comment=SECRET.encode()) + SECRET.encode()
    assert content.count(SECRET.encode()) >= 4
    clean = taken(content).read()
    assert SECRET.encode() not in clean
    assert dict(Image.open(io.BytesIO(clean)).getexif()) == {}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_other_formats_lose_their_metadata(kind: str) -> None:
    options: dict[str, Any] = {"exif": exif()}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", SECRET)
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", SECRET)
    content = picture_bytes(kind, **options)
    assert SECRET.encode() in content
    clean = taken(content).read()
    assert SECRET.encode() not in clean
    assert Image.open(io.BytesIO(clean)).size == (400, 300)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_rotation_recorded_by_the_camera_is_applied(orientation: int) -> None:
    clean = opened(picture_bytes(exif=exif(orientation)))
    assert clean.size == ((400, 300) if orientation < 5 else (300, 400))
    assert 0x0112 not in clean.getexif()
    # The dot is in the upper left quarter of the sensor's picture.
    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[
        orientation
    ]
    at = tuple(int(clean.size[i] * (0.28 if corner[i] == 0 else 0.72)) for i in (0, 1))
    assert clean.getpixel(at)[2] > 60  # type: ignore[index,arg-type] # bluish, as the dot


def test_colours_are_converted_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(picture_bytes(icc_profile=srgb)).info.get("icc_profile") is None
    assert opened(picture_bytes("PNG", icc_profile=profile)).mode == "RGB"
    assert opened(picture_bytes(icc_profile=b"broken" * 30)).mode == "RGB"
    assert opened(picture_bytes(mode="CMYK", colour=(0, 0, 0, 0), dot=(9, 9, 9, 9))).mode == "RGB"


def test_heic_becomes_jpeg() -> None:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture_bytes())).save(out, "HEIF", exif=exif().tobytes())
    clean = taken(out.getvalue(), "IMG_0001.HEIC")
    assert clean.name == "IMG_0001.jpg"
    assert SECRET.encode() not in clean.read()


# Red, green, blue and white quarters, from the upper left; shared/data/SOURCES.md.
UPRIGHT = [
    "orient1.jpg",
    "orient6.jpg",
    "orient6.png",
    "orient8.webp",
    "orient6.heic",
    "phone_irot6.heic",
    "still.avif",
]


@pytest.mark.parametrize("name", [*UPRIGHT, "burst_two_images.heic", "heic_called.jpg"])
def test_what_phones_bring_is_upright(shared_data: Path, name: str) -> None:
    clean = opened((shared_data / "files/img" / name).read_bytes(), name)
    assert clean.size == (640, 480)
    corners = [clean.convert("RGB").getpixel(at) for at in ((160, 120), (480, 120), (160, 360), (480, 360))]
    strongest = ["".join("rgb"[i] for i in range(3) if corner[i] > 120) for corner in corners]  # type: ignore[index]
    assert strongest == ["r", "g", "b", "rgb"] or name == "burst_two_images.heic"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("still.tiff", "is a TIFF picture"),
        ("empty.jpg", "is empty"),
        ("cut_off.jpg", "is damaged or incomplete"),
        ("moving.gif", "is animated"),
        ("moving.webp", "is animated"),
        ("svg_called.png", "is an SVG drawing"),
    ],
)
def test_what_cannot_be_taken_says_what_it_is(shared_data: Path, name: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        taken((shared_data / "files/img" / name).read_bytes(), name)


def test_transparency_is_kept_and_recorded() -> None:
    clean = taken(picture_bytes("PNG", mode="RGBA", colour=(0, 0, 0, 0), dot=(9, 9, 9, 255)), "x.png")
    assert clean.transparent
    assert Image.open(clean).getpixel((399, 299)) == (0, 0, 0, 0)
    assert not taken(picture_bytes("PNG")).transparent


def test_sixteen_bits_keep_their_brightness() -> None:
    out = io.BytesIO()
    Image.new("I;16", (40, 40), 0x8000).save(out, "PNG")
    assert opened(out.getvalue(), "x.png").getpixel((5, 5)) == (127, 127, 127)


def test_a_jpeg_that_is_encoded_again_looks_the_same_and_is_not_larger() -> None:
    noise = Image.effect_noise((300, 300), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=80)
    clean = taken(out.getvalue())
    assert clean.size <= len(out.getvalue()) * 1.05


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    began = time.process_time()
    for side in (9_000, 20_000, 60_000):
        with pytest.raises(ValidationError, match="too many pixels"):
            taken(png_header(side, side), "x.png")
    assert time.process_time() - began < 1


originals = st.sampled_from(
    [picture_bytes(kind, size=(40, 30)) for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")]
)


@settings(max_examples=150, deadline=5_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    originals,
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8),
    st.integers(1, 4000),
)
def test_damaged_pictures_are_accepted_or_refused_without_a_crash(
    original: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(original)
    for place, value in changes:
        content[place % len(content)] = value
    with contextlib.suppress(ValidationError):
        assert taken(bytes(content[:length])).width


# The model, without a form ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_full_clean_names_the_field() -> None:
    picture = Picture(
        title="Stairs", alt_text="IMG_1.jpg", file=ContentFile(b"MZ nothing", name="stairs.jpg")
    )
    with pytest.raises(ValidationError) as refused:
        picture.full_clean()
    assert set(refused.value.message_dict) == {"file", "alt_text"}


@pytest.mark.django_db
def test_saving_without_validation_cleans_the_file_too() -> None:
    picture = Picture.objects.create(
        title="x", alt_text=ALT, file=ContentFile(picture_bytes(exif=exif(6)), name="Ines at home.JPEG")
    )
    assert SECRET.encode() not in Path(picture.file.path).read_bytes()
    assert (picture.width, picture.height) == (300, 400)
    kind, random, name = picture.file.name.split("/")
    assert (kind, len(random), name) == ("pictures", 22, "ines-at-home.jpg")


@pytest.mark.django_db
def test_saving_a_bad_file_without_validation_stores_nothing(files_folder: Path) -> None:
    with pytest.raises(ValidationError):
        Picture.objects.create(title="x", alt_text=ALT, file=ContentFile(b"MZ", name="x.jpg"))
    assert not list(files_folder.parent.rglob("*.*"))


@pytest.mark.parametrize(
    "text",
    ["", "IMG_1234.jpg", "IMG 1234", "DSC00012", "20260102_101010", "WhatsApp Image 2026-01-02 at 10.11.12",
     "Screenshot 2026-01-02", "photo", "Photo 1", "a picture", "alt text", "stairs", "Stairs.png"],
)  # fmt: skip
def test_file_names_and_empty_words_are_not_alt_text(text: str) -> None:
    assert why_not_alt_text(text, "pictures/abc/stairs.jpg")


@pytest.mark.parametrize(
    "text", ["Ines", "2 shoes", "A photo of two shoes on a step", "Школа", "صورة طفل", "100 m race"]
)
def test_a_description_in_any_language_is_alt_text(text: str) -> None:
    assert why_not_alt_text(text, "pictures/abc/stairs.jpg") == ""
