"""People, consents and the audit trail in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from people import road_hooks  # noqa: F401  # Wagtail looks for hooks here
from people.admin import checklist_hooks
from people.admin.consents import ConsentFormViewSet, ConsentViewSet
from people.admin.dashboard import DuePanel
from people.admin.persons import PersonViewSet, everything
from people.admin.signatures import signature
from people.admin.trail import TrailView
from people.admin.withdrawals import WithdrawalsMenuItem, tell_of_unfinished
from people.admin.withdrawals import urls as withdrawal_urls


class PeopleGroup(SnippetViewSetGroup):
    items = (PersonViewSet, ConsentViewSet, ConsentFormViewSet)
    menu_icon = "group"
    menu_label = _("People and consent")
    menu_name = "people"
    menu_order = 300
    add_to_admin_menu = True


register_snippet(PeopleGroup)
__all__ = ["checklist_hooks"]  # imported for its hooks


@hooks.register("register_admin_urls")
def people_urls() -> list[URLPattern]:
    return [
        path("people/<int:pk>/everything/", everything, name="people_everything"),
        path("consents/<int:pk>/form/", signature, name="people_signature"),
        path("reports/audit-trail/", TrailView.as_view(), name="people_trail"),
        path(
            "reports/audit-trail/results/", TrailView.as_view(results_only=True), name="people_trail_results"
        ),
    ]


class TrailMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("people.view_auditentry"))


@hooks.register("register_reports_menu_item")
def trail_menu_item() -> MenuItem:
    return TrailMenuItem(
        _("Audit trail"), reverse("people_trail"), name="audit-trail", icon_name="history", order=900
    )


@hooks.register("construct_homepage_panels")
def tell_of_due_consents(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("people.change_consent"):
        panel = DuePanel()
        if panel:
            panels.append(panel)


hooks.register("register_admin_urls", withdrawal_urls)
hooks.register("construct_homepage_panels", tell_of_unfinished)


@hooks.register("register_reports_menu_item")
def withdrawals_menu_item() -> MenuItem:
    return WithdrawalsMenuItem(
        _("Withdrawals"), reverse("people_withdrawals"), name="withdrawals", icon_name="cross", order=890
    )
