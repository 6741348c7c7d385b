"""Responds with a file of this machine's disk, or the range of it that a player asks for."""

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
# Suffix -> type of files that browsers may show in place; all others are saved. The site chose the suffixes
# by content.
INLINE_TYPES = {
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
class ByteRange:
    """Bytes `start` up to but not including `stop`."""

    start: int
    stop: int


class RangeNotSatisfiable(ValueError):
    """The requested range lies beyond the end of the file."""


def requested_range(header: str, size: int) -> ByteRange | None:
    """Return the bytes that a Range header asks for in a file of `size` bytes; None for the whole file.

    A header with several ranges, or one that cannot be parsed, gets the whole file, as RFC 9110 section 14.2
    allows. Raises RangeNotSatisfiable.
    """
    match = RANGE.fullmatch(header)
    if not match or len(header) > 100:
        return None
    first, last = match.groups()
    if first:
        if last and int(last) < int(first):
            return None
        span = ByteRange(int(first), min(int(last) + 1, size) if last else size)
    elif last:
        span = ByteRange(max(size - int(last), 0), size)
    else:
        return None
    if span.start >= span.stop:
        raise RangeNotSatisfiable(header)
    return span


def file_response(request: HttpRequest, file: Path, *, save_as: str = "") -> HttpResponseBase:
    """Return `file`, or the range that `request` asks for; with `save_as`, as a download of that name."""
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
    _set_content_headers(response, file, save_as)
    return response


def _content(request: HttpRequest, file: Path, size: int, etag: str, modified: int) -> HttpResponseBase:
    span, status = None, 200
    if_range = request.headers.get("If-Range")
    if "Range" in request.headers and if_range in {None, etag, http_date(modified)}:
        try:
            span = requested_range(request.headers["Range"], size)
        except RangeNotSatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {}
    if span:
        status = 206
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    span = span or ByteRange(0, size)
    headers["Content-Length"] = str(span.stop - span.start)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_read(file, span), status=status, headers=headers)


def _read(file: Path, span: ByteRange) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(span.start)
        left = span.stop - span.start
        while left > 0 and (data := opened.read(min(CHUNK, left))):
            left -= len(data)
            yield data


def _set_content_headers(response: HttpResponseBase, file: Path, save_as: str) -> None:
    type_ = INLINE_TYPES.get(file.suffix.lower())
    if response.status_code not in {304, 412}:
        response.headers["Content-Type"] = type_ or "application/octet-stream"
    if save_as or type_ is None:
        name = save_as or file.name
        plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
        response.headers["Content-Disposition"] = (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
        )
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
