"""The record of what the demo has loaded, so that an editor's changes, moves and deletions stay."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemoEntry(models.Model):
    """One loaded part of the demo, by its key in `demo/content`.

    The entry stays when an editor deletes the object, so that the object is not loaded again.
    """

    key = models.CharField(_("key"), max_length=80, unique=True)
    kind = models.CharField(
        _("kind"), max_length=80, blank=True, help_text=_("E.g. ‘experiences.storypage’.")
    )
    object_id = models.PositiveBigIntegerField(_("number"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("demo entry")
        verbose_name_plural = _("demo entries")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def of(cls, key: str, loaded: models.Model | None) -> Self:
        """Return an unsaved entry for an object, or for a step that leaves no object behind."""
        if loaded is None:
            return cls(key=key)
        return cls(key=key, kind=loaded._meta.label_lower, object_id=loaded.pk)
