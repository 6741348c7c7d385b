"""What changed and when. Every process reads it, so that what a process keeps in memory stays exact."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """The last change of one thing.

    `key`: 'page:7' for a page and all that belongs to it, 'media.picture:3' for a row, 'news.newspage' for a
    whole table. `version`: when the change was about to be committed, in microseconds since 1970.
    """

    key = models.CharField(max_length=120, primary_key=True)
    version = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.key} at {self.version}"
