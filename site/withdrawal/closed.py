"""What visitors get while the database may lack a withdrawal: nothing about people, everything else.

The guard of the ledger is closed when the ledger is missing or was altered, or a decision in it could not be
carried out again (`ledger.guard`). Then a page that shows a person, a list of such pages, and every file
answers 503. Which pages these are is seen from what each of them read while it was rendered, so that a new
page type needs no code here. Addresses outside the tree of pages are closed unless their app has said that
they never show a person (`withdrawal.surfaces.exempt`). A family's link stays open for what the family sends,
a withdrawal above all: its view (`approval.views`) shows nothing of the draft meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve
from wagtail.models import Page, Site

from changes import tables
from changes.recorder import recording
from consent.models import Depiction, Person
from ledger import guard
from publication.mixins import about_person_models
from publication.models import PageDependency
from withdrawal import surfaces

RETRY_AFTER = 60  # seconds
# The admin is for staff, who put it right there; static files come with the software.
OPEN = ("/admin/", "/static/")
PAGES = "wagtail_serve"
# The views with these names ask the guard themselves.
ASK_THEMSELVES = frozenset({"approval_link"})


class ClosedMiddleware:
    """Costs nothing while the guard is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if guard.is_open():
            return self.get_response(request)
        guard.look_again()
        if request.path_info.startswith(OPEN) or not may_show_people(request.path_info):
            return self.get_response(request)
        if not is_page(request.path_info):
            return unavailable(request)
        with recording() as record:
            response = self.get_response(request)
        if response.status_code < 300 and (shows_people(record.keys) or names_people(request, record.keys)):
            return unavailable(request)
        return response


def _route(path: str) -> tuple[str, str]:
    """Return route and name of the view at a path, as `withdrawal.surfaces` names routes."""
    try:
        found = resolve(path)
    except Http404:
        return "", ""
    return found.route, found.url_name or ""


def may_show_people(path: str) -> bool:
    """Return False for an address that never shows a person while the guard is closed, and for one where
    nothing is.
    """
    route, name = _route(path)
    return bool(route) and route not in surfaces.exempted() and name not in ASK_THEMSELVES


def is_page(path: str) -> bool:
    """Return whether a page of the tree answers at a path."""
    return _route(path)[1] == PAGES


def shows_people(keys: Iterable[str]) -> bool:
    """Return whether what was read for a response (`changes.recorder`) includes anything about a person."""
    keys = frozenset(keys)
    kinds = about_person_models()
    if keys & {tables.table_key(model) for model in (*kinds, Person)}:
        return True
    if any(key.startswith("consent.person:") for key in keys):
        return True
    types = [kind.pk for kind in ContentType.objects.get_for_models(*kinds).values()]
    pages = _numbers(keys, "page")
    if Page.objects.filter(pk__in=pages, content_type__in=types).exists():
        return True
    shown = Depiction.objects.all()
    pictures = shown.filter(picture__in=_numbers(keys, "media.picture"))
    return pictures.exists() or shown.filter(recording__in=_numbers(keys, "media.recording")).exists()


def names_people(request: HttpRequest, keys: Iterable[str]) -> bool:
    """Return whether the page that answers quotes or shows people by an editor's choice (`attribution`).

    Other pages that were read for it, for instance the first page for the menu, show only their titles here.
    """
    site = Site.find_for_request(request)
    if site is None:
        return True
    path = site.root_page.url_path.rstrip("/") + request.path_info
    found = PageDependency.objects.filter(page__in=_numbers(keys, "page"), page__url_path=path)
    return bool(found.filter(person__isnull=False).exists())


def _numbers(keys: Iterable[str], kind: str) -> list[int]:
    found = (key.partition(":")[2] for key in keys if key.startswith(f"{kind}:"))
    return [int(number) for number in found if number.isdigit()]


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return 503: ask again in a minute. No cache may keep it."""
    response = render(request, "500.html", status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response
