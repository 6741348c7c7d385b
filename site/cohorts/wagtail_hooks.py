"""Puts cohorts, their case rows and the balance of stories into the admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from cohorts.admin.balance_view import BalanceView, may_see
from cohorts.admin.import_view import RowsView, template_view
from cohorts.admin.version_view import VersionView
from cohorts.admin.viewset import CohortViewSet

register_snippet(CohortViewSet)


class BalanceItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_admin_menu_item")
def balance_menu_item() -> MenuItem:
    return BalanceItem(
        _("Balance of stories"), reverse("cohorts_balance"), name="balance", icon_name="order", order=116
    )


@hooks.register("register_admin_urls")
def cohort_urls() -> list[URLPattern]:
    return [
        path("cohorts/template/", template_view, name="cohorts_template"),
        path("cohorts/<int:pk>/rows/", RowsView.as_view(), name="cohorts_rows"),
        path("cohorts/<int:pk>/version/", VersionView.as_view(), name="cohorts_version"),
        path("balance/", BalanceView.as_view(), name="cohorts_balance"),
    ]


@hooks.register("register_log_actions")
def cohort_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("cohorts.import_cohort", _("Import case rows"), _("Case rows imported"))
    actions.register_action("cohorts.keep_report", _("Keep a report"), _("New version of the report kept"))
    actions.register_action("cohorts.forget_rows", _("Delete case rows"), _("Case rows deleted"))
    actions.register_action("cohorts.withdraw_case", _("Withdraw a person"), _("Person withdrawn"))
    actions.register_action("cohorts.withhold_report", _("Withhold a report"), _("Report no longer shown"))
