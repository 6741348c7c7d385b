"""Outcome measures in the admin: a list of their own, each with its rules and sources."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet

from measures.models import Measure


def _range(measure: Measure) -> str:
    return measure.scale.unit_in_words or str(measure.get_kind_display())


class MeasureViewSet(SnippetViewSet):
    model = Measure
    icon = "order"
    menu_label = _("Outcome measures")
    menu_order = 114
    add_to_admin_menu = True
    list_display = [
        "name",
        "full_name",
        Column("range", label=_("Range"), accessor=_range),
        Column("better", label=_("Better is"), accessor="get_better_display"),
        BooleanColumn("is_classification", label=_("Classification")),
        BooleanColumn("offered", label=_("Offered")),
    ]
    list_filter = ["kind", "is_classification", "offered"]
    search_fields = ["name", "full_name", "other_names"]
    list_per_page = 50
    panels = [
        MultiFieldPanel(
            [FieldRowPanel(["name", "key"]), "full_name", "other_names", "offered"], heading=_("Name")
        ),
        MultiFieldPanel(
            [
                "kind",
                FieldRowPanel(["better", "unit"]),
                FieldRowPanel(["low", "high", "step"]),
                "levels",
                "is_classification",
            ],
            heading=_("Values"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(["by_clinician", "by_patient", "by_parent", "by_independent"]),
                FieldRowPanel(["needs_side", "needs_part"]),
                FieldRowPanel(["least_age", "greatest_age"]),
            ],
            heading=_("Who assesses, at what age, and where"),
        ),
        MultiFieldPanel(["difference", "difference_source"], heading=_("A change that matters")),
        MultiFieldPanel(
            [FieldPanel("ceilings_of"), "ceilings", "ceilings_source"], heading=_("Natural course")
        ),
        "never_with",
        "note",
        "source",
    ]

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Measure]:
        return Measure.objects.select_related("ceilings_of").prefetch_related("never_with")
