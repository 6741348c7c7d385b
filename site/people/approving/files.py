"""The files of a draft, for the family that was sent its link: in ranges, kept by nobody on the way."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import Storage, default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from media.models import Document
from media.private_files import KINDS
from media.storage import private_storage
from media.views import SHOWN, file_response


def file_of_draft(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file of this name, wherever it lies now: a draft's are private, those of a published version public.

    `name` was signed for the link: nobody chooses it. Raises Http404.
    """
    if name.startswith("document:"):
        document = Document.objects.filter(pk=name.removeprefix("document:")).first()
        if document is None:
            raise Http404
        return _from(document.file.storage, str(document.file.name), request)
    kind, _colon, number = name.partition(":")
    if kind in KINDS and number:
        holder = KINDS[kind].model._base_manager.filter(pk=number).first()
        file = getattr(holder, KINDS[kind].field, None)
        if not file:
            raise Http404
        return _from(file.storage, str(file.name), request)
    for storage in (default_storage, private_storage()):
        if storage.exists(name):
            return _from(storage, name, request)
    raise Http404


def _from(storage: Storage, name: str, request: HttpRequest) -> HttpResponseBase:
    try:
        path = Path(storage.path(name))
    except SuspiciousOperation as error:
        raise Http404 from error
    except NotImplementedError:
        # Object storage: passed through, so that no address of its own is handed out.
        kind = SHOWN.get(Path(name).suffix.lower(), "application/octet-stream")
        return FileResponse(storage.open(name, "rb"), content_type=kind)
    return file_response(request, path)
