"""The audit trail in the admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from audit.admin.trail import TrailView


@hooks.register("register_admin_urls")
def audit_urls() -> list[URLPattern]:
    """Return the addresses of the report."""
    return [
        path("reports/audit-trail/", TrailView.as_view(), name="audit_trail"),
        path(
            "reports/audit-trail/results/", TrailView.as_view(results_only=True), name="audit_trail_results"
        ),
    ]


class TrailMenuItem(MenuItem):
    """Shown to users who may see the audit trail."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("audit.view_auditentry"))


@hooks.register("register_reports_menu_item")
def trail_menu_item() -> MenuItem:
    """Return the menu item of the report."""
    return TrailMenuItem(
        _("Audit trail"), reverse("audit_trail"), name="audit-trail", icon_name="history", order=900
    )
