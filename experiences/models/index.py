"""The lists of stories and of videos."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from pages.models import BasePage


class IndexPage(BasePage):
    """A list with opening words. The template's tags read the pages that are listed."""

    lede = models.TextField(_("opening words"), max_length=400, blank=True)

    content_panels = [*BasePage.content_panels, "lede"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede")]
    parent_page_types = ["pages.HomePage"]
    max_count_per_parent = 1

    class Meta:
        abstract = True

    @property
    def description(self) -> str:
        return self.search_description or self.listing_text or self.lede


class StoryIndexPage(IndexPage):
    """All patients' stories and videos, filtered by the query string."""

    subpage_types = ["experiences.StoryPage"]

    class Meta:
        verbose_name = _("stories index")


class VideoIndexPage(IndexPage):
    subpage_types = ["experiences.VideoPage"]

    class Meta:
        verbose_name = _("videos index")
