"""Case studies in the admin: a flat list with what editors look for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page

from casestudies.care_state import care_state
from casestudies.models import CaseStudyPage
from casestudies.observation_forms import warn_on_publication


def _conditions(page: Page) -> str:
    return ", ".join(condition.name for condition in page.conditions.all())


class CaseStudyIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("conditions")


class CaseStudyListing(PageListingViewSet):
    model = CaseStudyPage
    index_view_class = CaseStudyIndexView
    icon = "clipboard-list"
    menu_label = _("Case studies")
    menu_order = 112
    add_to_admin_menu = True
    columns = [
        *[column for column in IndexView.base_columns if column.name in {"bulk_actions", "title"}],
        Column("case_number", label=_("Number"), sort_key="case_number"),
        Column("conditions", label=_("Conditions"), accessor=_conditions),
        Column(
            "outcome",
            label=_("What happened"),
            accessor=lambda page: page.get_outcome_display(),
            sort_key="outcome",
        ),
        *[c for c in IndexView.base_columns if c.name in {"latest_revision_created_at", "status"}],
    ]
    list_filter = ["outcome", "sex", "country", "is_sample"]


@hooks.register("register_admin_viewset")
def register_case_studies() -> list[PageListingViewSet]:
    return [CaseStudyListing("case_studies")]


@hooks.register("register_admin_urls")
def register_care_state() -> list[URLPattern]:
    return [path("case_studies/care/<int:page_id>/", care_state, name="casestudies_care_state")]


@hooks.register("after_publish_page")
def look_again_at_measurements(request: HttpRequest, page: Page) -> None:
    if isinstance(page, CaseStudyPage):
        warn_on_publication(request, page)
