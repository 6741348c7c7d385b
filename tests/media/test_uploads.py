"""Uploads in the admin's forms: bad files are refused with a clear message, and the input is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import UploadedFile

from media.models import CaptionTrack, Document, Picture, Recording

from .conftest import ALT, VTT, pdf_bytes, picture_bytes, png_header, sound_bytes, upload, video_bytes

EXECUTABLE = b"\x7fELF\x02\x01\x01" + bytes(300)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD_PICTURES = {
    "an executable renamed .jpg": (EXECUTABLE, "child.jpg", "is not a picture"),
    "20,000 x 20,000 pixels": (png_header(20_000, 20_000), "huge.png", "too many pixels"),
    "many pixels below Pillow's own limit": (
        png_header(9_000, 9_000),
        "big.png",
        "too many pixels: 9000 × 9000",
    ),
    "an SVG with script": (SVG, "drawing.svg", "SVG is not accepted"),
    "an SVG renamed .png": (SVG, "drawing.png", "SVG is not accepted"),
    "a truncated JPEG": (picture_bytes(quality=95)[:2500], "half.jpg", "incomplete"),
    "a PNG cut off": (picture_bytes("PNG")[:200], "half.png", "incomplete"),
    "an animation": (
        picture_bytes("GIF", save_all=True, append_images=[Image.new("RGB", (400, 300))]),
        "moves.gif",
        "moves",
    ),
    "an empty file": (b"", "empty.jpg", "empty"),
    "a PDF renamed .jpg": (pdf_bytes(), "report.jpg", "is not a picture"),
}
bad_pictures = pytest.mark.parametrize(
    ("content", "name", "message"),
    BAD_PICTURES.values(),
    ids=[name.replace(" ", "-") for name in BAD_PICTURES],
)


def stored_files(folder: Path) -> list[Path]:
    """Return the uploads in both storages, without the renditions that the admin makes for its pages."""
    found = [path for path in folder.parent.rglob("*") if path.is_file()]
    return [path for path in found if "renditions" not in path.parts]


@bad_pictures
@pytest.mark.parametrize("way", ["form", "chooser", "several", "replaced"])
def test_bad_picture_is_refused(
    admin: Client,
    files_folder: Path,
    make_picture: Callable[..., Picture],
    way: str,
    content: bytes,
    name: str,
    message: str,
) -> None:
    values = {"title": "Her first steps", "alt_text": ALT, "credit": "Her aunt"}
    before = 0
    if way == "form":
        response = admin.post(reverse("wagtailimages:add"), {**values, "file": upload(content, name)})
        shown = response.content.decode()
    elif way == "replaced":
        picture = make_picture()
        before = len(stored_files(files_folder))
        response = admin.post(
            reverse("wagtailimages:edit", args=[picture.pk]), {**values, "file": upload(content, name)}
        )
        shown = response.content.decode()
    elif way == "chooser":
        prefixed = {f"image-chooser-upload-{key}": value for key, value in values.items()}
        response = admin.post(
            reverse("wagtailimages_chooser:create"),
            {**prefixed, "image-chooser-upload-file": upload(content, name)},
        )
        shown = json.loads(response.content)["htmlFragment"]
    else:
        response = admin.post(
            reverse("wagtailimages:add_multiple"),
            {"title": values["title"], "files[]": upload(content, name)},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        answer = json.loads(response.content)
        assert answer["success"] is False
        shown = answer["error_message"]
    assert response.status_code == 200
    assert message in shown.replace("&#x27;", "'")
    if way != "several":
        assert all(f'value="{value}"' in shown for value in values.values())
    assert Picture.objects.count() == (1 if way == "replaced" else 0)
    assert not UploadedFile.objects.exists()
    assert len(stored_files(files_folder)) == before


@pytest.mark.parametrize(
    "alt", ["", "   ", "IMG_1234.jpg", "IMG_1234", "photo", "Picture", "her steps", "her-steps.jpg"]
)
def test_alt_text_is_required(admin: Client, alt: str) -> None:
    values = {
        "title": "Her first steps",
        "alt_text": alt,
        "credit": "Her aunt",
        "file": upload(picture_bytes(), "Her_Steps.jpg"),
    }
    response = admin.post(reverse("wagtailimages:add"), values)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["alt_text"]
    assert 'value="Her aunt"' in response.content.decode()
    assert not Picture.objects.exists()


def test_several_pictures_at_once_need_alt_text_and_are_stored_clean(
    admin: Client, files_folder: Path
) -> None:
    content = picture_bytes(exif=_exif())
    answer = json.loads(
        admin.post(
            reverse("wagtailimages:add_multiple"),
            {"title": "IMG_1.jpg", "files[]": upload(content, "IMG_1.jpg")},
        ).content
    )
    url = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[answer["uploaded_file_id"]])
    prefix = f"uploaded-image-{answer['uploaded_file_id']}"
    refused = json.loads(admin.post(url, {f"{prefix}-title": "IMG_1", f"{prefix}-alt_text": "IMG_1"}).content)
    assert refused["success"] is False
    assert "name of a file" in refused["form"]
    assert json.loads(admin.post(url, {f"{prefix}-title": "Stairs", f"{prefix}-alt_text": ALT}).content)[
        "success"
    ]
    picture = Picture.objects.get()
    assert b"Secret" not in Path(picture.file.path).read_bytes()
    assert (picture.width, picture.height) == (300, 400)


def test_picture_is_added_by_the_form(admin: Client) -> None:
    values = {
        "title": "Stairs",
        "alt_text": ALT,
        "file": upload(picture_bytes(exif=_exif()), "x" * 180 + ".JPG"),
    }
    assert admin.post(reverse("wagtailimages:add"), values).status_code == 302
    picture = Picture.objects.get()
    assert picture.default_alt_text == ALT
    assert picture.file_size == Path(picture.file.path).stat().st_size
    assert (picture.width, picture.height) == (300, 400)
    assert b"Secret" not in Path(picture.file.path).read_bytes()


def _exif() -> Any:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Secret Name"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)
    return exif


def test_mp4_renamed_vtt_is_refused_and_the_form_kept(admin: Client, webm: bytes, files_folder: Path) -> None:
    values = {
        "title": "A visit",
        "file": upload(webm, "visit.webm"),
        "captions": upload(video_bytes("mp4", "libx264"), "a.vtt"),
    }
    response = admin.post(reverse("wagtailmedia:add", args=["video"]), {**values, "captions_language": "es"})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "is not a caption file" in shown
    assert 'value="A visit"' in shown
    assert '<option value="es" selected>' in shown
    assert not Recording.objects.exists()
    assert stored_files(files_folder) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1\n00:00:01,000 --> 00:00:02,000\nHola\n", "perhaps SRT"),
        (b"WEBVTT\n\n", "no captions that can be read"),
        (b"WEBVTT\n\n1:2 --> 3\nx\n", "Line 3"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\ncorazón".encode("latin-1"), "line 4"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\na".encode("utf-16"), "UTF-8"),
        (b"hello", "first line is not WEBVTT"),
    ],
)
def test_bad_captions_are_refused(admin: Client, webm: bytes, content: bytes, message: str) -> None:
    values = {"title": "A visit", "file": upload(webm, "visit.webm"), "captions": upload(content, "a.vtt")}
    response = admin.post(reverse("wagtailmedia:add", args=["video"]), values)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Recording.objects.exists()


def test_recording_and_captions_are_added_together(admin: Client, webm: bytes) -> None:
    values = {"title": "A visit", "file": upload(webm, "visit.mp4"), "captions": upload(VTT, "visit.txt")}
    assert admin.post(reverse("wagtailmedia:add", args=["video"]), values).status_code == 302
    recording = Recording.objects.get()
    assert (recording.duration, recording.width, recording.height) == (2.0, 160, 90)
    assert (recording.content_type, str(recording.file.name)[-5:]) == ("video/webm", ".webm")
    track = recording.tracks.get()
    assert (track.language, track.label, track.default, str(track.file.name)[-4:]) == (
        "en",
        "English",
        True,
        ".vtt",
    )
    assert [(cue.speaker, cue.text) for cue in track.cues] == [
        ("", "[Music]"),
        ("Ines", "He sat up & laughed."),
    ]


def test_recording_with_captions_from_the_chooser(admin: Client, webm: bytes) -> None:
    values = {"title": "A visit", "file": upload(webm, "visit.webm"), "captions": upload(VTT, "visit.vtt")}
    prefixed = {f"media-chooser-upload-{key}": value for key, value in values.items()}
    answer = json.loads(admin.post(reverse("wagtailmedia:chooser_upload", args=["video"]), prefixed).content)
    assert answer["step"] == "media_chosen"
    assert CaptionTrack.objects.get().recording_id == answer["result"]["id"]
    bad = {**prefixed, "media-chooser-upload-file": upload(EXECUTABLE, "visit.webm")}
    shown = json.loads(admin.post(reverse("wagtailmedia:chooser_upload", args=["video"]), bad).content)[
        "html"
    ]
    assert "cannot be used" in shown
    assert 'value="A visit"' in shown
    assert Recording.objects.count() == 1


def test_captions_are_replaced_and_removed_on_the_recording_s_page(
    admin: Client, make_recording: Callable[..., Recording]
) -> None:
    recording = make_recording()
    url = reverse("wagtailmedia:edit", args=[recording.pk])
    for language in ("en", "es", "en"):
        values = {"title": "A visit", "captions": upload(VTT, "a.vtt"), "captions_language": language}
        assert admin.post(url, values).status_code == 302
    assert sorted(recording.tracks.values_list("language", "default")) == [("en", True), ("es", False)]
    english = recording.tracks.get(language="en")
    assert f'name="remove_track_{english.pk}"' in admin.get(url).content.decode()
    assert admin.post(url, {"title": "A visit", f"remove_track_{english.pk}": "on"}).status_code == 302
    assert [(track.language, track.default) for track in recording.tracks.all()] == [("es", True)]


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("video", EXECUTABLE, "Convert video to MP4"),
        ("video", b"", "empty"),
        ("video", video_bytes("mp4", "mpeg4"), "mpeg4"),
        ("video", video_bytes("avi", "mpeg4"), "Convert video to MP4"),
        ("video", video_bytes("mp4", "libx264")[:900], "damaged"),
        ("video", sound_bytes(), "sound but no pictures"),
        ("audio", video_bytes(), "is a video"),
        ("audio", sound_bytes("flac", "flac"), "MP3"),
        ("video", b"#EXTM3U\nfile:///etc/passwd\n", "Convert video to MP4"),
    ],
)
def test_bad_recording_is_refused(
    admin: Client, files_folder: Path, kind: str, content: bytes, message: str
) -> None:
    values = {"title": "A visit", "file": upload(content, "visit.mp4" if kind == "video" else "visit.mp3")}
    response = admin.post(reverse("wagtailmedia:add", args=[kind]), values)
    shown = response.content.decode()
    assert response.status_code == 200
    assert message in shown
    assert 'value="A visit"' in shown
    assert not Recording.objects.exists()
    assert stored_files(files_folder) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("report.pdf", EXECUTABLE, "is not a PDF file"),
        ("report.pdf", pdf_bytes()[:150], "cut off"),
        ("notes.docx", b"PK\x03\x04" + bytes(40), "is not a DOCX file"),
        ("notes.docx", pdf_bytes(), "is not a DOCX file"),
        ("table.csv", "é".encode("latin-1"), "not in UTF-8"),
        ("table.csv", b"a\0b", "is not a text file"),
        ("run.exe", EXECUTABLE, "not allowed"),
    ],
)
@pytest.mark.parametrize("way", ["form", "several"])
def test_bad_document_is_refused(
    admin: Client, files_folder: Path, way: str, name: str, content: bytes, message: str
) -> None:
    if way == "form":
        response = admin.post(reverse("wagtaildocs:add"), {"title": "Report", "file": upload(content, name)})
        shown = response.content.decode()
        assert 'value="Report"' in shown
    else:
        response = admin.post(
            reverse("wagtaildocs:add_multiple"), {"title": "Report", "files[]": upload(content, name)}
        )
        shown = json.loads(response.content)["error_message"]
    assert response.status_code == 200
    assert message in shown
    assert not Document.objects.exists()
    assert stored_files(files_folder) == []
