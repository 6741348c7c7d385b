"""What a visitor sees when a form comes without the proof that it was sent from our own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure
from wagtail.models import Page

from information.models import FormPage


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403, and store nothing.

    One of our forms is shown again, with everything that was typed and what to do; otherwise Django's own
    answer renders 403_csrf.html.
    """
    route = Page.route_for_request(request, request.path)
    page = route.page.specific if route else None
    if isinstance(page, FormPage):
        response = page.receive(request, refused=True)
        if hasattr(response, "render"):
            response.render()  # a failure view's answer does not pass where templates are rendered
        return response
    return csrf_failure(request, reason=reason)
