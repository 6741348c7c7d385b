"""The entries of the audit trail: who read or changed sensitive data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One entry. Written by `audit.trail` alone; never changed or deleted, not even by an erasure.

    It therefore contains no personal data: objects are named by model and id, people by id.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    action = models.CharField(_("what was done"), max_length=60, db_index=True)
    thing = models.CharField(_("object"), max_length=100, help_text="'consent.consent:12'")
    person_number = models.BigIntegerField(null=True, db_index=True)
    details = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    reason_hash = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.thing}"
