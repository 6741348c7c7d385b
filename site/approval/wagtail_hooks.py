"""The checklist in the admin: its addresses, and a button in the header of pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from approval.admin import checklist
from attribution.pages import NamesPeople


@hooks.register("register_admin_urls")
def checklist_urls() -> list[URLPattern]:
    """Return the addresses of the checklist."""
    return [
        path("people/checklist/<int:page_id>/", checklist.show, name="publication_checklist"),
        path("people/checklist/<int:page_id>/act/", checklist.act, name="publication_checklist_act"),
        path("people/checklist/<int:page_id>/json/", checklist.as_json, name="publication_checklist_json"),
    ]


@hooks.register("register_page_header_buttons")
def checklist_button(page: Page, user: Any, **_context: object) -> Iterator[Button]:
    """Yield the button for an editor who may change the page."""
    model = page.specific_class
    if (
        page.pk
        and model is not None
        and issubclass(model, NamesPeople)
        and page.permissions_for_user(user).can_edit()
    ):
        yield Button(
            _("Publication checklist"),
            reverse("publication_checklist", args=[page.pk]),
            icon_name="clipboard-list",
            priority=5,
        )
