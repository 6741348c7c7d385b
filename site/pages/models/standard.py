from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from media import preload
from media.blocks import DocumentBlock, FigureBlock, VideoBlock
from pages.blocks import prose_blocks
from pages.fields import QuietStreamField
from pages.models.base import BasePage


class StandardPage(BasePage):
    """A page of prose: about us, privacy, how we make stories."""

    lede = models.TextField(_("opening words"), max_length=500, blank=True)
    body = QuietStreamField(
        [
            *prose_blocks(),
            ("figure", FigureBlock()),
            ("video", VideoBlock()),
            ("document", DocumentBlock()),
        ],
        blank=True,
        verbose_name=_("text"),
    )

    content_panels = [*BasePage.content_panels, "lede", "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("lede"), index.SearchField("body")]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]

    class Meta:
        verbose_name = _("standard page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preload.resolve(self.body)
        return context
