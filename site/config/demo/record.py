"""What the demo has already made. Each thing is made once: what an editor then changes, moves or deletes stays so."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoEntry(models.Model):
    """One thing of the demo, by its key in `demo/content`. The row outlives the thing, so that it is not made again."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    kind = models.CharField(
        _("kind"), max_length=80, blank=True, help_text=_("E.g. ‘experiences.storypage’.")
    )
    object_id = models.PositiveBigIntegerField(_("number"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        app_label = "config"
        verbose_name = _("demo entry")
        verbose_name_plural = _("demo entries")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def of(cls, key: str, thing: models.Model | None) -> Self:
        if thing is None:
            return cls(key=key)
        return cls(key=key, kind=thing._meta.label_lower, object_id=thing.pk)
