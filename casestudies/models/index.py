from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

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
