"""Flat lists of stories and videos in the admin, and the admin views of compiling."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page

from experiences.compiling.chooser import excerpt_chooser, excerpt_of_cue
from experiences.compiling.views import compile_view
from experiences.models import StoryPage, VideoPage


def _conditions(page: Page) -> str:
    return ", ".join(condition.name for condition in page.conditions.all())


COLUMNS = [
    *[column for column in IndexView.base_columns if column.name in {"bulk_actions", "title"}],
    Column("conditions", label=_("Conditions"), accessor=_conditions),
    Column("country", label=_("Country"), accessor="country_name", sort_key="country"),
    Column(
        "outcome",
        label=_("What happened"),
        accessor=lambda page: page.get_outcome_display(),
        sort_key="outcome",
    ),
    *[column for column in IndexView.base_columns if column.name in {"latest_revision_created_at", "status"}],
]


class ExperienceIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("conditions")


class StoryListing(PageListingViewSet):
    model = StoryPage
    index_view_class = ExperienceIndexView
    icon = "openquote"
    menu_label = _("Stories")
    menu_order = 110
    add_to_admin_menu = True
    columns = COLUMNS
    list_filter = ["outcome", "country", "origin", "is_sample"]


class VideoListing(PageListingViewSet):
    model = VideoPage
    index_view_class = ExperienceIndexView
    icon = "media"
    menu_label = _("Videos")
    menu_order = 111
    add_to_admin_menu = True
    columns = COLUMNS
    list_filter = ["outcome", "country", "is_sample"]


@hooks.register("register_admin_viewset")
def register_listings() -> list[Any]:
    return [StoryListing("stories"), VideoListing("videos"), excerpt_chooser]


@hooks.register("register_admin_urls")
def compile_urls() -> list[URLPattern]:
    return [
        path("interviews/<int:pk>/compile/", compile_view, name="interviews_compile"),
        path("excerpts/of-cue/<int:pk>/", excerpt_of_cue, name="excerpt_of_cue"),
    ]
