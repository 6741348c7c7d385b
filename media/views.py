"""Serves public files from the local disk, and documents by their number.

A web server in front, or object storage, serves files itself; see docs/media.md.
"""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents.models import document_served

from media import private_files, public_names, publishing
from media.models import Document
from media.publishable import PUBLIC_FOLDER
from media.range_response import file_response
from media.storage import public_storage

# Names in that folder are never reused. Shared caches ask again after ten minutes, in case a purge missed
# them.
FOREVER = "public, max-age=31536000, s-maxage=600, immutable"


@require_safe
def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return one file of the public storage; 404 for a file that is missing or not published."""
    if "\0" in path or ".." in path.split("/") or not public_names.is_served(path):
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
    """Return a document as a download, whatever its type; 404 for visitors unless it is published."""
    document = get_object_or_404(Document, pk=document_id)
    return document_response(request, document, save_as=f"{document.title[:80]}.{document.file_extension}")


def document_response(request: HttpRequest, document: Document, *, save_as: str = "") -> HttpResponseBase:
    """Return a document by its number: its public copy if it is published, else the original for staff, else
    404.
    """
    part = document.parts()[0]
    if document.is_published and not part.public_name:
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
            # Object storage: passed through, because the file's address there would open it instead of saving
            # it.
            opened = public_storage().open(part.public_name)
            response = FileResponse(opened, as_attachment=True, filename=save_as)
    # The document keeps this address after it is unpublished.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
