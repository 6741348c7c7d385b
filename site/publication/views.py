"""The page that visitors see at the address of a page that was unpublished."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def gone(request: HttpRequest) -> HttpResponse:
    """Return 410 with a friendly page that says nothing about the person or page that was here.

    Browsers ask again each time. A cache in front of the site keeps the answer for a minute; if it could not
    keep the answer at all, it would keep the earlier page instead.
    """
    response = render(request, "publication/gone.html", status=410)
    response.headers["Cache-Control"] = "max-age=0, must-revalidate, s-maxage=60"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
