"""Where an imported case came from, and what it was when it came."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def key_of(source: str, external_id: str) -> str:
    """A keyed hash of an external id: found again by who has the id, and telling nothing to who has not."""
    return salted_hmac("casestudies.imported", f"{source}\0{external_id}", algorithm="sha256").hexdigest()


class ImportedCase(models.Model):
    """One record of one source. Private: it may hold exact dates and identifiers that the page leaves out.

    `source_record` is the record as it came, word for word. `imported` is what was written to the page, by
    field and table, so that a later run can tell what an editor has changed since. When the page is deleted,
    `forget` empties the row: only the hash stays, so that the next run does not bring the case back.
    """

    source = models.CharField(_("source"), max_length=80)
    external_id = models.CharField(_("id in the source"), max_length=200, blank=True)
    key = models.CharField(max_length=64, editable=False)
    page = models.OneToOneField(
        "casestudies.CaseStudyPage", null=True, on_delete=models.SET_NULL, related_name="imported_case"
    )
    format = models.CharField(_("format"), max_length=20)
    source_record = models.JSONField(_("as it came"), default=dict)
    imported = models.JSONField(_("as it was written"), default=dict)
    digest = models.CharField(max_length=64, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("imported case")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="imported_case_once_a_source")]

    def __str__(self) -> str:
        return f"{self.source}: {self.key[:12]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.external_id:
            self.key = key_of(self.source, self.external_id)
        super().save(*args, **kwargs)

    def forget(self) -> None:
        """Keep nothing but the hash: the case was deleted here."""
        self.external_id, self.source_record, self.imported, self.digest = "", {}, {}, ""
        self.page = None
        self.save()
