"""Serves what is public from the local disk, and documents by their number.

Behind a web server or with object storage the addresses of files are answered there; see docs/media.md.
"""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents.models import document_served

from media import private_files, publishing
from media.files_in_ranges import SHOWN, NotSatisfiable, Span, asked_span, file_response
from media.models import Document
from media.models.publishable import SHOWN as PUBLIC_FOLDER
from media.storage import public_storage

# A name of this kind is never used twice. Caches that many share ask again soon: they may be missed by a purge.
FOREVER = "public, max-age=31536000, s-maxage=600, immutable"


@require_safe
def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file of the public storage. 404 for what is not there and for what nothing that is shown claims."""
    if "\0" in path or ".." in path.split("/") or not publishing.is_for_everybody(path):
        raise Http404
    try:
        file = Path(public_storage().path(path))
    except (SuspiciousOperation, NotImplementedError, ValueError) as error:
        raise Http404 from error
    response = file_response(request, file)
    if path.startswith(PUBLIC_FOLDER):
        response.headers["Cache-Control"] = FOREVER
    return response


@require_safe
def save_document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A document to be saved, also of a type that browsers would show. 404 unless it is shown, or for staff."""
    document = get_object_or_404(Document, pk=document_id)
    return document_response(request, document, save_as=f"{document.title[:80]}.{document.file_extension}")


def document_response(request: HttpRequest, document: Document, *, save_as: str = "") -> HttpResponseBase:
    """A document by its number: its public copy when it is shown, the original for staff who may see it, else 404."""
    part = document.parts()[0]
    if document.is_shown and not part.public_name:
        publishing.write_files(document)
        document.refresh_from_db(fields=["public_since", "public_folder", "public_name"])
    if not part.public_name:
        if not private_files.may_read(request.user, document):
            raise Http404
        return private_files.response(request, document, "document", save_as=save_as)
    document_served.send(sender=Document, instance=document, request=request)
    response: HttpResponseBase
    if not save_as:
        response = HttpResponseRedirect(part.public_url)
    else:
        try:
            response = file_response(request, Path(public_storage().path(part.public_name)), save_as=save_as)
        except NotImplementedError:
            # Object storage: passed through, since the file's own address there would open it.
            opened = public_storage().open(part.public_name)
            response = FileResponse(opened, as_attachment=True, filename=save_as)
    # The number stays the document's when it is no longer shown.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


__all__ = [
    "SHOWN",
    "NotSatisfiable",
    "Span",
    "asked_span",
    "document_response",
    "file_response",
    "save_document",
    "uploaded_file",
]
