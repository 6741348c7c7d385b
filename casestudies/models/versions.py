"""What readers may know of a case study's past: when it was published, and what was changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseVersion(models.Model):
    """One publication. Kept beside Wagtail's revisions, which editors may purge."""

    page = models.ForeignKey("casestudies.CaseStudyPage", on_delete=models.CASCADE, related_name="versions")
    revision_id = models.PositiveBigIntegerField(editable=False)
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"))
    note = models.TextField(_("what changed"), blank=True)

    class Meta:
        verbose_name = _("published version")
        ordering = ["published_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "revision_id"], name="case_version_once_a_revision")
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.published_at:%Y-%m-%d}"
