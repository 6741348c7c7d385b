from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail import hooks

from media.models import Document
from media.views import document_response


@hooks.register("before_serve_document", order=-100)
def serve_document(document: Document, request: HttpRequest) -> HttpResponseBase:
    """Replace Wagtail's own response, which knows neither drafts nor private storages."""
    return document_response(request, document)
