"""What the admin's term chooser asks while an editor types."""

from __future__ import annotations

from dataclasses import asdict

from django.apps import apps
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from conditions.models import Term
from conditions.term_search import search

# Longer than any name.
LONGEST = 300


@require_GET
def terms(request: HttpRequest, app: str, model: str) -> JsonResponse:
    """Return the terms of a vocabulary for what was typed (`q`).

    For everyone who may use the admin: editors choose terms, and visitors can read all of them.
    """
    try:
        vocabulary = apps.get_model(app, model)
    except LookupError as unknown:
        raise Http404 from unknown
    if not issubclass(vocabulary, Term):
        raise Http404
    typed = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
    found = search(vocabulary, typed)
    response = JsonResponse(asdict(found))
    response["Cache-Control"] = "private, max-age=60"
    return response
