"""What a visitor sees when a form comes without the proof that it was sent from our own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure
from wagtail.models import Page

from information.models import FormPage


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For a form of ours: the form again, with everything that was typed and what to do. Else Django's own answer,
    which renders 403_csrf.html. The status is 403 and nothing is stored in either case."""
    route = Page.route_for_request(request, request.path)
    page = route.page.specific if route else None
    if isinstance(page, FormPage):
        response = page.receive(request, refused=True)
        if hasattr(response, "render"):
            response.render()  # a failure view's answer does not pass where templates are rendered
        return response
    return csrf_failure(request, reason=reason)
