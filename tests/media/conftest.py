"""Small files for the tests, of every kind that is accepted or refused."""

from __future__ import annotations

import array
import io
import math
import struct
import zipfile
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from media import publishing
from media.models import Picture, Recording
from media.publishable import Publishable

ALT = "A girl in a yellow coat climbs the stairs."
VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\n[Music]\n\n00:01.000 --> 00:02.000\n<v Ines>He sat up &amp; laughed.\n"


@pytest.fixture(autouse=True)
def files_folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of public files, next to that of private files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR = tmp_path
    private = {"BACKEND": "media.storage.PrivateFiles", "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path / "files"


@pytest.fixture
def private_folder(files_folder: Path) -> Path:
    return files_folder.parent / "private"


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    picture = Image.new(options.pop("mode", "RGB"), size, options.pop("colour", (200, 120, 40)))
    ImageDraw.Draw(picture).ellipse(
        (size[0] // 20, size[1] // 15, size[0] // 2, size[1] // 2), fill=options.pop("dot", (10, 60, 90))
    )
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and has almost no data, as a decompression bomb does."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


def upload(content: bytes, name: str, type_: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, type_)


def video_bytes(
    container: str = "webm",
    codec: str = "libvpx",
    *,
    seconds: float = 2,
    sound: str = "",
    noise: bool = False,
) -> bytes:
    """Return a video that goes from dark to bright; with `noise`, one of several megabytes."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream: Any = made.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.gop_size = 5
        if noise:
            stream.bit_rate = 4_000_000
        if codec.startswith("libvpx"):
            stream.options = {"deadline": "realtime", "cpu-used": "8"}
        heard: Any = _sound_stream(made, sound) if sound else None
        for n in range(int(seconds * 10)):
            shade = (n * 12) % 256
            plain = Image.new("RGB", (160, 90), (shade, 255 - shade, 90))
            frame = av.VideoFrame.from_image(
                Image.effect_noise((160, 90), 90).convert("RGB") if noise else plain
            )
            frame.pts, frame.time_base = n, Fraction(1, 10)
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
        if heard:
            _sound_into(made, heard, seconds)
    return out.getvalue()


def sound_bytes(container: str = "mp3", codec: str = "libmp3lame", *, seconds: float = 1) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = _sound_stream(made, codec)
        _sound_into(made, stream, seconds)
    return out.getvalue()


def _sound_stream(made: Any, codec: str) -> Any:
    stream = made.add_stream(codec, rate=48_000)
    stream.layout = "mono"
    return stream


def _sound_into(made: Any, stream: Any, seconds: float) -> None:
    format_ = stream.codec_context.codec.audio_formats[0].name
    resampler = av.AudioResampler(format=format_, layout="mono", rate=48_000)
    samples = array.array("h", (int(math.sin(n / 20) * 8000) for n in range(int(48_000 * seconds))))
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples), align=1)
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate, frame.pts = 48_000, 0
    fifo = av.AudioFifo()
    for piece in resampler.resample(frame):
        fifo.write(piece)
    size = stream.codec_context.frame_size or 1024
    while rest := fifo.read(size, partial=True):
        made.mux(stream.encode(rest))
    made.mux(stream.encode())


def published(item: Publishable) -> None:
    """Publish `item` and write its files at once, because a test never commits."""
    publishing.publish(item)
    publishing.write_files(item)
    item.refresh_from_db()


def pdf_bytes(pages: int = 2) -> bytes:
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    body = f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[{kids}]/Count {pages}>>endobj\n"
    for n in range(pages):
        body += f"{n + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
    return (body + "xref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n").encode()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def make_picture(db: None) -> Callable[..., Picture]:
    def make(
        title: str = "Stairs", content: bytes | None = None, *, shown: bool = True, **fields: Any
    ) -> Picture:
        fields.setdefault("alt_text", ALT)
        file = ContentFile(content or picture_bytes(), name="upload.jpg")
        picture = Picture.objects.create(title=title, file=file, **fields)
        if shown:
            publishing.publish(picture)
        return picture

    return make


@pytest.fixture(scope="session")
def webm() -> bytes:
    return video_bytes()


@pytest.fixture
def make_recording(db: None, webm: bytes) -> Callable[..., Recording]:
    def make(
        title: str = "A visit",
        content: bytes | None = None,
        name: str = "visit.webm",
        *,
        shown: bool = True,
        **fields: Any,
    ) -> Recording:
        recording = Recording(title=title, file=ContentFile(content or webm, name=name), **fields)
        recording.save()
        if shown:
            published(recording)
        return recording

    return make


@pytest.fixture
def admin(editor_client: Client) -> Client:
    return editor_client
