"""Who read or changed what people gave us: a chain of entries in which a removed or altered one shows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One entry. Written by `audit.trail.record` alone; never changed, never deleted, not even by an erasure.

    It therefore holds no personal data: things are named by kind and number, people by number.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    action = models.CharField(_("what was done"), max_length=60, db_index=True)
    thing = models.CharField(_("to what"), max_length=100, help_text="'consent.consent:12'")
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
