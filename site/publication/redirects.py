"""Redirects lead only to pages that visitors may see: the address of a page may hold a name."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from publication.views import gone
from publication.visibility import is_cleared


class PublicRedirects(RedirectMiddleware):
    """Asks about the page only where Wagtail would redirect to one.

    A withdrawal deletes the redirects to a page. A consent that expires ends at its second, before the task
    worker has deleted anything.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer: HttpResponse = super().process_response(request, response)
        if answer is response:
            return response
        page = _page_behind(request)
        if page is None or is_cleared(page):
            return answer
        return gone(request) if page.live else response


def _page_behind(request: HttpRequest) -> Page | None:
    """Return the page to which Wagtail redirects a request, None for another address."""
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    redirect = get_redirect(request, path) or get_redirect(request, urlsplit(path).path)
    return redirect.redirect_page if redirect else None
