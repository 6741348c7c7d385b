"""The audit trail as a report, with any breaks of its chain at the top."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from audit import trail
from audit.models import AuditEntry


class TrailFilters(WagtailFilterSet):
    """Filters of the audit trail."""

    action = django_filters.CharFilter(label=_("What was done"), lookup_expr="startswith")
    person_number = django_filters.NumberFilter(label=_("Person id"))

    class Meta:
        model = AuditEntry
        fields: list[str] = []


class TrailView(ReportView):
    """The entries, newest first. Read only."""

    model = AuditEntry
    index_url_name = "audit_trail"
    index_results_url_name = "audit_trail_results"
    page_title = _("Audit trail")
    header_icon = "history"
    filterset_class = TrailFilters
    default_ordering = "-pk"
    template_name = "audit/admin/trail.html"
    list_export = ["at", "actor_kind", "actor", "action", "thing", "person_number", "reason"]
    columns = [
        DateColumn("at", label=_("When")),
        Column("actor", label=_("Who")),
        Column("action", label=_("What")),
        Column("thing", label=_("Object")),
        Column("person_number", label=_("Person")),
        Column("reason", label=_("Why")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("audit.view_auditentry"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return AuditEntry.objects.order_by("-pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["broken"] = list(trail.broken())[:20]
        return context
