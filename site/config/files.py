"""Public files for visitors: from the disk, from a bucket, or by nginx that is told which file to send.

The database is asked first, so that a file that was withdrawn a moment ago is not sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from media import public_names
from media.range_response import CHUNK, INLINE_TYPES
from media.views import FOREVER
from media.views import uploaded_file as file_on_disk

# What the bucket says about an object and visitors are told too.
PASSED_ON = {"ContentLength": "Content-Length", "ContentRange": "Content-Range", "ETag": "ETag"}


@require_safe
def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return one file of the public storage; 404 for a file that is missing or not published.

    With FILES_ACCEL, nginx sends it; without, this process does.
    """
    storage: Any = storages["default"]
    is_bucket = hasattr(storage, "signed_address")  # config.buckets, which is not imported without a bucket
    if not is_bucket and not settings.FILES_ACCEL:
        return file_on_disk(request, path)
    if "\0" in path or ".." in path.split("/") or not public_names.is_served(path):
        raise Http404
    headers = headers_of(path)
    if not settings.FILES_ACCEL:
        return from_bucket(request, storage, path, headers)
    where = storage.signed_address(path, headers) if is_bucket else quote(path)
    return HttpResponse(headers={**headers, "X-Accel-Redirect": f"{settings.FILES_ACCEL}{where}"})


def headers_of(name: str) -> dict[str, str]:
    """Return what is told about a public file: a lasting address, shown in place only if browsers may."""
    kind = INLINE_TYPES.get(PurePosixPath(name).suffix.lower())
    headers = {
        "Cache-Control": FOREVER,
        "Content-Type": kind or "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
    }
    if kind is None:
        headers["Content-Disposition"] = "attachment"
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return headers


def from_bucket(request: HttpRequest, storage: Any, name: str, headers: dict[str, str]) -> HttpResponseBase:
    """Return a file of a bucket, or the range that `request` asks for, as the bucket sends it.

    Raises Http404 for a missing one.
    """
    wanted = {
        parameter: value
        for parameter, header in (("Range", "Range"), ("IfNoneMatch", "If-None-Match"))
        if (value := request.headers.get(header))
    }
    if "If-Range" in request.headers:
        wanted.pop("Range", None)  # the whole file is always a right answer
    try:
        status, found = storage.fetch(name, **wanted)
    except SuspiciousOperation as error:
        raise Http404 from error
    if status == 404:
        raise Http404
    if status in {304, 416}:
        return HttpResponse(status=status, headers=headers if status == 304 else {})
    headers = {**headers, "Accept-Ranges": "bytes"}
    headers |= {header: str(found[key]) for key, header in PASSED_ON.items() if key in found}
    if request.method == "HEAD":
        found["Body"].close()
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_chunks(found["Body"]), status=status, headers=headers)


def _chunks(body: Any) -> Iterator[bytes]:
    try:
        yield from body.iter_chunks(CHUNK)
    finally:
        body.close()
