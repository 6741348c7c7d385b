"""One piece of news."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.models import Site
from wagtail.search import index

from media import preload
from news.blocks import news_blocks
from pages.cards import Card
from pages.fields import QuietStreamField
from pages.models import BasePage

# The news index answers /news/2026/ and /news/feed/ itself.
TAKEN_SLUG = re.compile(r"[0-9]{1,4}|feed")


class NewsPage(BasePage):
    """What is new, dated, with its author where there is one."""

    og_type = "article"

    date = models.DateField(_("date"), default=timezone.localdate)
    author = models.CharField(
        _("author"), max_length=120, blank=True, help_text=_("The publisher is shown when this is empty.")
    )
    lede = models.TextField(
        _("opening words"), max_length=400, help_text=_("One or two sentences: what is new, and for whom.")
    )
    body = QuietStreamField(news_blocks(), blank=True, verbose_name=_("text"))

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldRowPanel(["date", "author"]), "lede"], heading=_("News")),
        "body",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("lede"),
        index.SearchField("author"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")

    def clean(self) -> None:
        super().clean()
        if TAKEN_SLUG.fullmatch(self.slug or ""):
            raise ValidationError(
                {
                    "slug": _(
                        "This address belongs to the list of a year or to the news feed. Add a word to it."
                    )
                }
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preload.resolve(self.body)
        return context

    def card(self, why: str = "") -> Card:
        return replace(
            super().card(why), who=date_format(self.date, "DATE_FORMAT"), text=self.listing_text or self.lede
        )

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        site = Site.find_for_request(request)
        publisher = {"@type": "Organization", "name": (site.site_name if site else "") or self.title}
        data["@type"] = "NewsArticle"
        data["headline"] = self.title[:110]
        data["datePublished"] = self.date.isoformat()
        data["author"] = {"@type": "Person", "name": self.author} if self.author else publisher
        data["publisher"] = publisher
        return data
