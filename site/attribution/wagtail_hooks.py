"""Wagtail hooks: who is in a file, and publishing several pages that are not about a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks

from attribution import rules
from attribution.admin.views import who_is_shown
from attribution.pages import NamesPeople
from publication.drafts import draft_of
from publication.gate import NotPublic
from publication.refusals import show_refusal


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Return the address of the form about one picture or recording."""
    return [path("people/shown/<slug:kind>/<int:number>/", who_is_shown, name="attribution_shown")]


@hooks.register("before_bulk_action")
def skip_refused(request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> None:
    """Publish the pages that may be public, and show the reasons for each of the others."""
    if action_type != "publish" or request.method != "POST":
        return
    for page in list(objects):
        draft: Any = draft_of(page) if hasattr(page, "specific") else page
        if not isinstance(draft, NamesPeople) or not draft.is_about_no_one:
            continue
        try:
            rules.require(draft)
        except NotPublic as refusal:
            objects.remove(page)
            show_refusal(request, refusal)
