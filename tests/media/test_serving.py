from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from media import public_names
from media.models import Document
from media.range_response import ByteRange, RangeNotSatisfiable, requested_range

from .conftest import pdf_bytes, published, video_bytes

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def stored(files_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Puts a file into the public storage, in a folder all of which is public."""
    monkeypatch.setitem(public_names.PUBLISHED_NAMES, "kept/", set)

    def store(name: str, content: bytes = CONTENT) -> str:
        path = files_folder / "kept" / "abc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return f"/files/kept/abc/{name}"

    return store


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    ("header", "status", "start", "stop"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=0-", 206, 0, 1024),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=1000-99999", 206, 1000, 1024),
        ("bytes=-24", 206, 1000, 1024),
        ("bytes=-9999", 206, 0, 1024),
        ("bytes=1023-", 206, 1023, 1024),
        ("bytes=0-1,5-6", 200, 0, 1024),
        ("bytes=9-2", 200, 0, 1024),
        ("items=0-1", 200, 0, 1024),
        ("bytes=-", 200, 0, 1024),
    ],
)
def test_ranges(
    client: Client, stored: Callable[..., str], header: str, status: int, start: int, stop: int
) -> None:
    response = client.get(stored("a.webm"), headers={"Range": header})
    assert response.status_code == status
    assert body(response) == CONTENT[start:stop]
    assert response.headers["Content-Length"] == str(stop - start)
    assert response.headers.get("Content-Range") == (
        f"bytes {start}-{stop - 1}/1024" if status == 206 else None
    )
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("header", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_ranges_beyond_the_end(client: Client, stored: Callable[..., str], header: str) -> None:
    response = client.get(stored("a.webm"), headers={"Range": header})
    assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */1024")


@given(st.text(st.sampled_from("bytes=-, 0123456789\u0663"), max_size=30), st.integers(0, 5000))
def test_any_range_header_is_answered(header: str, size: int) -> None:
    try:
        span = requested_range(header, size)
    except RangeNotSatisfiable:
        return
    assert span is None or 0 <= span.start < span.stop <= size
    assert isinstance(span, ByteRange | None)


def test_conditions(client: Client, stored: Callable[..., str]) -> None:
    url = stored("a.webm")
    first = client.get(url)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    body(first)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(url, headers={"If-Modified-Since": modified}).status_code == 304
    for known, status in ((etag, 206), (modified, 206), ('"other"', 200)):
        response = client.get(url, headers={"Range": "bytes=0-9", "If-Range": known})
        assert response.status_code == status
        body(response)


def test_head(client: Client, stored: Callable[..., str]) -> None:
    url = stored("a.webm")
    whole = client.head(url)
    assert (whole.status_code, whole.headers["Content-Length"], whole.content) == (200, "1024", b"")
    part = client.head(url, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["Content-Range"]) == (206, "bytes 0-9/1024")
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    ("name", "type_", "saved"),
    [
        ("a.webm", "video/webm", False),
        ("a.vtt", "text/vtt; charset=utf-8", False),
        ("a.avif", "image/avif", False),
        ("a.pdf", "application/pdf", False),
        ("a.svg", "application/octet-stream", True),
        ("a.html", "application/octet-stream", True),
        ("a.docx", "application/octet-stream", True),
        ("none", "application/octet-stream", True),
    ],
)
def test_types(client: Client, stored: Callable[..., str], name: str, type_: str, saved: bool) -> None:
    response = client.get(stored(name))
    body(response)
    assert response.headers["Content-Type"] == type_
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers.get("Content-Disposition", "").startswith("attachment") is saved


@pytest.mark.parametrize(
    "path",
    ["../settings.py", "%2e%2e/secret", "kept", "kept/abc/", "kept/none.webm", "wagtail_uploads/raw.jpg",
     "kept/../wagtail_uploads/raw.jpg", "kept/../../secret", "kept/%2e%2e/%2e%2e/secret", "kept/a%00b", "/etc/passwd",
     "kept/" + "x" * 400, "recordings/abc/a.webm", "pictures/abc/a.jpg", "clips/abc/clip.m4a",
     "shown/pictures/abc/a.jpg", "shown/recordings/abc/a.webm", "shown/documents/abc/a.pdf", "shown/", ""],
)  # fmt: skip
def test_nothing_else_is_served(
    client: Client, db: None, files_folder: Path, stored: Callable[..., str], path: str
) -> None:
    (files_folder / "wagtail_uploads").mkdir(parents=True)
    (files_folder / "wagtail_uploads" / "raw.jpg").write_bytes(b"raw")
    for name in ("recordings/abc/a.webm", "pictures/abc/a.jpg", "clips/abc/clip.m4a",
                 "shown/pictures/abc/a.jpg", "shown/recordings/abc/a.webm", "shown/documents/abc/a.pdf"):  # fmt: skip
        (files_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (files_folder / name).write_bytes(b"left behind")
    stored("a.webm")
    (files_folder.parent / "secret").write_bytes(b"secret")
    assert client.get(f"/files/{path}").status_code == 404


@pytest.mark.django_db
def test_document_is_viewed_and_saved(client: Client) -> None:
    document = Document.objects.create(
        title="Statistical report", file=ContentFile(pdf_bytes(3), name="R p.pdf")
    )
    assert (document.page_count, document.type_label, document.can_be_viewed) == (3, "PDF", True)
    by_number = document.view_url
    published(document)
    viewed, saved = client.get(document.view_url), client.get(document.save_url)
    cleaned = body(saved)
    assert body(viewed) == cleaned
    assert len(pypdf.PdfReader(io.BytesIO(cleaned)).pages) == 3
    assert viewed.headers["Content-Type"] == "application/pdf"
    assert "attachment" not in viewed.headers.get("Content-Disposition", "")
    assert saved.headers["Content-Disposition"].startswith('attachment; filename="Statistical report.pdf"')
    assert client.get(by_number).headers["Location"] == document.view_url
    assert client.get(f"{by_number}x").status_code == 404


@pytest.mark.django_db
def test_only_what_is_never_named_again_may_be_kept_for_long(
    client: Client, stored: Callable[..., str]
) -> None:
    document = Document.objects.create(title="Report", file=ContentFile(pdf_bytes(), name="report.pdf"))
    published(document)
    assert "immutable" in client.get(document.url).headers["Cache-Control"]
    for url in (document.save_url, stored("a.webm")):
        assert "immutable" not in client.get(url).headers["Cache-Control"]


@pytest.fixture
def server(files_folder: Path) -> Iterator[str]:
    """The site's own application: Django's live server answers for uploads itself, without ranges."""
    running = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler, connections_override={})
    running.daemon_threads = True
    running.set_app(WSGIHandler())
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.mark.journey
def test_seeking_holds_in_a_browser(browser: Any, server: str, stored: Callable[..., str]) -> None:
    content = video_bytes(seconds=30, noise=True)
    assert len(content) > 2_000_000
    page = browser.new_context().new_page()
    parts: list[str] = []
    page.on(
        "response",
        lambda response: parts.append(f"{response.status} {response.headers.get('content-range')}"),
    )
    page.goto(f"{server}/files/kept/none.vtt")
    page.set_content(f'<video preload="none" muted src="{server}{stored("visit.webm", content)}"></video>')
    held, length, error = page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            const met = name => new Promise(done => video.addEventListener(name, done, {once: true}));
            const loaded = met("loadedmetadata");
            video.load();
            video.play();
            await loaded;
            const seeked = met("seeked");
            video.pause();
            video.currentTime = 21.5;
            await seeked;
            return [video.currentTime, video.seekable.end(0), video.error && video.error.code];
        }"""
    )
    page.context.close()
    assert held == pytest.approx(21.5, abs=0.1)
    assert length == pytest.approx(30, abs=0.2)
    assert error is None
    assert any(part.startswith("206 bytes") and not part.startswith("206 bytes 0-") for part in parts)
