"""Serves uploads from the local disk, in ranges, so that a reader can jump about in a recording.

Behind a web server or with object storage these addresses are answered there; see docs/media.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.documents.models import document_served

from media.models import Document

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
# Where Wagtail keeps uploads whose form is not filled in yet: as they came, with whatever is hidden in them.
NOT_SERVED = ("wagtail_uploads/",)
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


@require_safe
def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file of the uploads folder. 404 for what is not there or not to be had."""
    if path.startswith(NOT_SERVED) or "\0" in path or ".." in path.split("/"):
        raise Http404
    try:
        file = Path(default_storage.path(path))
    except (SuspiciousOperation, NotImplementedError, ValueError) as error:
        raise Http404 from error
    return file_response(request, file)


@require_safe
def save_document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A document to be saved, also of a type that browsers would show. Guarded as Wagtail guards viewing it."""
    document = get_object_or_404(Document, pk=document_id)
    for hook in hooks.get_hooks("before_serve_document"):
        answer = hook(document, request)
        if isinstance(answer, HttpResponseBase):
            return answer
    document_served.send(sender=Document, instance=document, request=request)
    name = f"{document.title[:80]}.{document.file_extension}"
    try:
        return file_response(request, Path(document.file.path), save_as=name)
    except NotImplementedError:
        # Object storage: passed through, since the file's own address there would open it.
        return FileResponse(document.file.open("rb"), as_attachment=True, filename=name)


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
