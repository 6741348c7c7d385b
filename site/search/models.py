"""When each part of the sitemap changed last."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SitemapPart(models.Model):
    """A part of the sitemap, by its number: the pages whose keys are in one range (`search.sitemap_parts`).

    Tells search engines whether to read the part again. Which pages are in it is never stored.
    """

    number = models.PositiveIntegerField(primary_key=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("part of the sitemap")
        verbose_name_plural = _("parts of the sitemap")

    def __str__(self) -> str:
        return f"Part {self.number} of the sitemap"
