from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from casestudies.listing import case_listing
from casestudies.querysets import for_lists
from media import renditions
from pages.models import BasePage


class CaseStudyIndexPage(BasePage):
    lede = models.TextField(_("opening words"), max_length=400, blank=True)

    content_panels = [*BasePage.content_panels, "lede"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["casestudies.CaseStudyPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("case studies index")

    @property
    def description(self) -> str:
        return self.search_description or self.listing_text or self.lede

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        every: Any = for_lists()
        cases = every.child_of(self).prefetch_related("conditions", "treatments")
        listing = case_listing(list(cases), dict(request.GET.lists()))
        shown = list(listing.page.object_list)
        renditions.prefetch((case.shown_picture for case in shown), presets=("card",))
        context["listing"] = listing
        context["cards"] = [case.card() for case in shown]
        return context
