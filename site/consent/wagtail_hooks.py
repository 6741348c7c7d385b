"""Wagtail hooks for people and consents in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from consent.admin.consents import ConsentFormViewSet, ConsentViewSet
from consent.admin.dashboard import DuePanel
from consent.admin.people import PersonViewSet
from consent.admin.person_record import person_record
from consent.admin.signed_forms import signature


class PeopleGroup(SnippetViewSetGroup):
    """People, consents and consent forms under one menu item."""

    items = (PersonViewSet, ConsentViewSet, ConsentFormViewSet)
    menu_icon = "group"
    menu_label = _("People and consent")
    menu_name = "people"
    menu_order = 300
    add_to_admin_menu = True


register_snippet(PeopleGroup)


@hooks.register("register_admin_urls")
def consent_urls() -> list[URLPattern]:
    """Return the addresses of a person's record and of signed forms."""
    return [
        path("people/<int:pk>/everything/", person_record, name="consent_person_record"),
        path("consents/<int:pk>/form/", signature, name="consent_signed_form"),
    ]


@hooks.register("construct_homepage_panels")
def add_due_consents(request: HttpRequest, panels: list[Any]) -> None:
    """Show consent officers, on their home page, the consents that end soon."""
    if request.user.has_perm("consent.change_consent"):
        panel = DuePanel()
        if panel:
            panels.append(panel)
