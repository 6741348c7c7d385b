"""What the public reads where somebody's page was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def gone(request: HttpRequest) -> HttpResponse:
    """410: a kind page that says nothing about who or what was here.

    Browsers ask anew each time. A cache before the site keeps it for a minute: one that could not keep it at all would
    keep what was there before instead.
    """
    response = render(request, "publication/gone.html", status=410)
    response.headers["Cache-Control"] = "max-age=0, must-revalidate, s-maxage=60"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
