"""What the database knows of the ledger: its identity, and which of its decisions the database has."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerState(models.Model):
    """The ledger that belongs to this database. One row, with the key 1."""

    identity = models.UUIDField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.identity)


class LedgerEntry(models.Model):
    """A decision that this database has. It is stored in the transaction that carries the decision out.

    So a decision that is in the ledger and not here has not been carried out in this database. `payload`: ids
    and keyed hashes, no personal text. `is_written`: whether the ledger outside the database has it; False
    while the ledger cannot be written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    is_written = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("decision in the ledger")
        verbose_name_plural = _("decisions in the ledger")
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
