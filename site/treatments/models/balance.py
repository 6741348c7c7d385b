"""How the stories of a treatment ended, counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from treatments.models.page import TreatmentPage


class StoryBalance(models.Model):
    """How the published stories of a treatment page ended, counted by `experiences` whenever one changes.

    In a table of its own: a page's revisions must not bring back old counts, and it is read in the page's
    query.
    """

    page = models.OneToOneField(TreatmentPage, on_delete=models.CASCADE, related_name="balance")
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("balance of stories")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.counts}"
