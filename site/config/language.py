"""In which language a page speaks: the public ones in their own, whatever the reader's browser would like best."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class PageLanguageMiddleware(LocaleMiddleware):
    """The admin follows the reader's browser and account. A public page says truly which language its words are in.

    Were it to follow the browser, an English story would stand in a page that calls itself Arabic and runs from right to
    left (WCAG 2.2, 3.1.1), and every cache would keep it once for each language. Families' pages by link choose for
    themselves (`approval.rendering`).
    """

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
