from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from media.audience import private_files_at


class PrivateFilesInAdmin:
    """In the admin, and in the previews that it renders, what is not public is shown by addresses for staff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Previews are rendered inside of the admin's request: their own request has the page's address.
        if not request.path_info.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        with private_files_at():
            return self.get_response(request)
