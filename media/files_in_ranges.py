"""Answers with a file of this machine's disk, or the part of it that is asked for: a reader can jump about in a recording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

CHUNK = 256 * 1024
# What browsers may show in place; everything else is saved. By suffix: the names are ours, given by content.
SHOWN = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".pdf": "application/pdf",
    ".vtt": "text/vtt; charset=utf-8",
}
RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` up to but not including `stop`."""

    start: int
    stop: int


class NotSatisfiable(ValueError):
    """The range lies beyond the end of the file."""


def asked_span(header: str, size: int) -> Span | None:
    """The bytes that a Range header asks for of a file of `size` bytes; None for the whole file.

    Several ranges at once and what does not parse are answered with the whole file, as RFC 9110 section 14.2
    allows. Raises NotSatisfiable.
    """
    found = RANGE.fullmatch(header)
    if not found or len(header) > 100:
        return None
    first, last = found.groups()
    if first:
        if last and int(last) < int(first):
            return None
        span = Span(int(first), min(int(last) + 1, size) if last else size)
    elif last:
        span = Span(max(size - int(last), 0), size)
    else:
        return None
    if span.start >= span.stop:
        raise NotSatisfiable(header)
    return span


def file_response(request: HttpRequest, file: Path, *, save_as: str = "") -> HttpResponseBase:
    """`file`, or the part of it that `request` asks for; with `save_as` under that name, to be saved."""
    try:
        stat = file.stat()
    except OSError as error:
        raise Http404 from error
    if not file.is_file():
        raise Http404
    size, etag = stat.st_size, f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    modified = int(stat.st_mtime)
    response: HttpResponseBase
    if unchanged := get_conditional_response(request, etag=etag, last_modified=modified):
        response = unchanged
    else:
        response = _content(request, file, size, etag, modified)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    _say_what_it_is(response, file, save_as)
    return response


def _content(request: HttpRequest, file: Path, size: int, etag: str, modified: int) -> HttpResponseBase:
    span, status = None, 200
    if_range = request.headers.get("If-Range")
    if "Range" in request.headers and if_range in {None, etag, http_date(modified)}:
        try:
            span = asked_span(request.headers["Range"], size)
        except NotSatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {}
    if span:
        status = 206
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    span = span or Span(0, size)
    headers["Content-Length"] = str(span.stop - span.start)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_read(file, span), status=status, headers=headers)


def _read(file: Path, span: Span) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(span.start)
        left = span.stop - span.start
        while left > 0 and (data := opened.read(min(CHUNK, left))):
            left -= len(data)
            yield data


def _say_what_it_is(response: HttpResponseBase, file: Path, save_as: str) -> None:
    type_ = SHOWN.get(file.suffix.lower())
    if response.status_code not in {304, 412}:
        response.headers["Content-Type"] = type_ or "application/octet-stream"
    if save_as or type_ is None:
        name = save_as or file.name
        plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
        response.headers["Content-Disposition"] = (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
