"""The files of a draft, for the family that was sent its link: in ranges, and never cached.

A file is named as `rendering` signed it: '<kind>:<number>' for a private file of a picture, document or
recording (kinds of `media.private_files`), 'clip:<number>:<file>' for one of a clip, else its name in the
public storage.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from media import public_copies
from media.models import Clip
from media.private_files import KINDS
from media.range_response import INLINE_TYPES, file_response
from media.storage import public_storage
from uploads.file_names import safe_name


def file_of_draft(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return the file with this name, which was signed for the link and so cannot be chosen freely.

    Raises Http404.
    """
    kind, mark, number = name.partition(":")
    if mark and kind in KINDS and number.isdigit():
        holder: Any = KINDS[kind].model._base_manager.filter(pk=number).first()
        file = getattr(holder, KINDS[kind].field, None)
        if not file:
            raise Http404
        if kind == "document":
            return _cleaned(str(file.name), holder.title)
        return _from(file.storage, str(file.name), request)
    if kind == "clip":
        number, _mark, file_name = number.partition(":")
        clip = Clip.objects.filter(pk=number).first() if number.isdigit() else None
        if clip is None:
            raise Http404
        return _from(clip.file.storage, clip.path(file_name), request)
    return _from(public_storage(), name, request)


def _cleaned(name: str, title: str) -> HttpResponseBase:
    """Return a document as it would be public, without its comments, authors and hidden parts."""
    try:
        content = public_copies.cleaned(name, title)
    except (public_copies.CannotCopy, OSError) as error:
        raise Http404 from error
    suffix = PurePosixPath(name).suffix.lower()
    kind = INLINE_TYPES.get(suffix)
    return FileResponse(
        BytesIO(content),
        as_attachment=kind is None,
        filename=safe_name(f"{title}{suffix}", "document"),
        content_type=kind or "application/octet-stream",
    )


def _from(storage: Storage, name: str, request: HttpRequest) -> HttpResponseBase:
    try:
        path = Path(storage.path(name))
    except SuspiciousOperation as error:
        raise Http404 from error
    except NotImplementedError:
        if not storage.exists(name):
            raise Http404 from None
        # Object storage: sent through the site, so that the storage's own address is never shown.
        kind = INLINE_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
        return FileResponse(storage.open(name, "rb"), content_type=kind)
    return file_response(request, path)
