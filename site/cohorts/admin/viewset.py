"""Cohorts in the admin: what is known, who counted it, and what counts as improved."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from cohorts.admin.forms import CohortForm
from cohorts.models.case_rows import CohortCount
from cohorts.models.cohort import Basis, Cohort


class RowsPanel(HelpPanel):
    """Shows how many case rows there are, where to import more, and the versions of the report."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = _state(self.instance)


def _state(cohort: Cohort) -> SafeString:
    if not cohort.pk:
        return format_html("<p>{}</p>", _("Save the cohort, then case rows can be imported."))
    rows = cohort.cases.count()
    counted = CohortCount.objects.filter(cohort=cohort).first()
    lines = [(_("Case rows: %(n)s.") % {"n": rows},)]
    if counted:
        lines.append((_("Counted on %(when)s.") % {"when": f"{counted.counted_at:%Y-%m-%d %H:%M}"},))
    reports = cohort.reports.only("number").first()
    if reports:
        lines.append((_("Versions of the report: %(n)s.") % {"n": reports.number},))
    actions = [(reverse("cohorts_rows", args=[cohort.pk]), _("Import case rows"))]
    if counted and cohort.basis == Basis.ROWS:
        actions.append((reverse("cohorts_version", args=[cohort.pk]), _("Draft of the report")))
    return format_html(
        "{}<p>{}</p>",
        format_html_join("", "<p>{}</p>", lines),
        format_html_join(" ", '<a class="button button-secondary" href="{}">{}</a>', actions),
    )


class CohortViewSet(SnippetViewSet):
    model = Cohort
    icon = "group"
    menu_label = gettext_lazy("Cohorts")
    menu_name = "cohorts"
    menu_order = 114
    add_to_admin_menu = True
    base_url_path = "cohorts"
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["title", "source"]
    list_filter = ["basis", "source_kind", "beside_stories", "is_sample"]
    list_display = [
        "title",
        Column("condition", label=gettext_lazy("Condition"), accessor="condition"),
        Column("treatment", label=gettext_lazy("Treatment"), accessor="treatment"),
        Column("basis", label=gettext_lazy("Figures"), accessor="get_basis_display"),
        LiveStatusTagColumn(),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    "title",
                    FieldRowPanel(["condition", "treatment"]),
                    FieldRowPanel(["period_from", "period_to"]),
                    FieldRowPanel(["beside_stories", "is_sample"]),
                ],
                heading=gettext_lazy("Who"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(["source_kind", "as_of"]),
                    "source",
                    FieldRowPanel(["reference", "doi"]),
                ],
                heading=gettext_lazy("Where it comes from"),
            ),
            InlinePanel(
                "measures",
                heading=gettext_lazy("Measures"),
                label=gettext_lazy("measure"),
                help_text=gettext_lazy(
                    "What was looked at, and what counts as improved, no change and worse."
                ),
            ),
            MultiFieldPanel(
                [
                    "basis",
                    FieldRowPanel(["treated", "treated_at_least"]),
                    FieldRowPanel([FieldPanel("main_measure"), "main_months"]),
                ],
                heading=gettext_lazy("Figures"),
            ),
            InlinePanel(
                "figures",
                heading=gettext_lazy("Typed figures"),
                label=gettext_lazy("time"),
                help_text=gettext_lazy(
                    "A line for each measure and time. Numbers under five are combined or not shown in "
                    "public."
                ),
            ),
            RowsPanel(heading=gettext_lazy("Case rows and report")),
            MultiFieldPanel(["method", "limits", "conflicts"], heading=gettext_lazy("The report")),
        ],
        base_form_class=CohortForm,
    )

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Cohort]:
        return Cohort.objects.select_related("condition", "treatment")
