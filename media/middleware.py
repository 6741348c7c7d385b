from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from media.file_urls import private_files_at


class PrivateFilesInAdmin:
    """Gives private files addresses for staff in the admin and in the previews that it renders."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A preview has a request with the page's address, but is rendered inside a request to the admin.
        if not request.path_info.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        with private_files_at():
            return self.get_response(request)
