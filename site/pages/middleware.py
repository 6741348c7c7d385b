"""Tells Wagtail the site of a request for a page, for which it would ask the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.views import serve

from pages.site_root import tell_wagtail


class KnownSite:
    """Looks only at requests that Wagtail answers with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: Any, _kwargs: Any) -> None:
        if view is serve:
            tell_wagtail(request)
