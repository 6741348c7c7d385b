"""Answers 410 at the address of a page or file that was removed after a withdrawal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from publication.views import gone
from withdrawal.surfaces import addresses


class GoneMiddleware:
    """Checks only responses that are 404 anyway: one query for those, none for the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and addresses.is_gone(request.path):
            return gone(request)
        return response
