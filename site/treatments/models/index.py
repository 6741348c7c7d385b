"""The list of treatment pages."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from media import renditions
from pages.models import BasePage
from pages.tree import children_of
from publication.visibility import visible_pages
from treatments.models.page import TreatmentPage


class TreatmentIndexPage(BasePage):
    lede = models.TextField(_("opening words"), max_length=400, blank=True)

    content_panels = [*BasePage.content_panels, "lede"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["treatments.TreatmentPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("treatments index")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        pages = list(
            visible_pages(children_of(TreatmentPage.objects.all(), self))
            .select_related("condition", "treatment", "picture")
            .order_by("condition__path", "title")
        )
        renditions.prefetch([page.picture for page in pages])
        context["cards"] = [page.card() for page in pages]
        return context
