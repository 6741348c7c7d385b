"""Choose the language of a response: public pages use their own, the admin that of the user."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from config.catalogues import join_catalogues


class PageLanguageMiddleware(LocaleMiddleware):
    """The admin follows the browser and the account. A public page states the language of its text.

    If it followed the browser, an English story would be on a page that is declared as Arabic and runs from
    right to left (WCAG 2.2, 3.1.1), and caches would keep a copy for each language. The pages for families
    choose their own language (`approval.rendering`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        join_catalogues(settings.LANGUAGE_CODE)

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith("/admin/"):
            super().process_request(request)
        else:
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/admin/"):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
