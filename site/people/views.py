"""What the public reads where somebody's page was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
def gone(request: HttpRequest) -> HttpResponse:
    """410: a kind page that says nothing about who or what was here."""
    return render(request, "people/gone.html", status=410)
