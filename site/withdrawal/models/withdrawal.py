"""Taking back: what was withdrawn, what was taken down for it, and what may never come back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.consent import Consent
from consent.models.person import Person


class Withdrawal(models.Model):
    """That a consent was taken back, altogether or for some uses. Its receipt is made of its steps."""

    class Channel(models.TextChoices):
        EDITOR = "editor", _("Told to an editor")
        LINK = "link", _("By the person, through their link")
        COMMAND = "command", _("By an operator")
        EXPIRY = "expiry", _("The consent ended by itself")
        ERASURE = "erasure", _("With an erasure")

    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consent = models.ForeignKey(
        Consent, null=True, on_delete=models.SET_NULL, related_name="withdrawals", verbose_name=_("consent")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="withdrawals", verbose_name=_("person")
    )
    # Empty: everything. Else the values of `consent.uses.Use` that were taken back.
    uses = models.JSONField(default=list)
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel.choices)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Withdrawal {str(self.number)[:8]}"


class TakedownStep(models.Model):
    """One surface on which something was to be taken down: what it was, whether it is gone, how often it was tried."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Gone and checked")
        FAILED = "failed", _("Not confirmed, tried again")

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.CASCADE, related_name="steps")
    surface = models.CharField(max_length=60)
    # What the step needs to be tried again: ids, storage names, addresses. Emptied when it is done.
    what = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("step of a takedown")
        verbose_name_plural = _("steps of takedowns")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["withdrawal", "surface"], name="one_step_a_surface")]

    def __str__(self) -> str:
        return f"{self.surface}: {self.get_state_display()}"


class Tombstone(models.Model):
    """What was erased and must not come back, as a keyed hash: nobody can be read from it, but a return is seen.

    `kind`: 'person', 'file', 'page', 'import', ...
    """

    kind = models.CharField(max_length=20)
    key_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        constraints = [models.UniqueConstraint(fields=["kind", "key_hash"], name="one_tombstone_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key_hash[:12]}"


class GoneAddress(models.Model):
    """An address that showed somebody and must answer 410. Only a keyed hash of it: a slug may hold a name."""

    address_hash = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(auto_now_add=True)
    # Set while the page behind it is public again.
    is_back = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("address that is gone")
        verbose_name_plural = _("addresses that are gone")

    def __str__(self) -> str:
        return self.address_hash[:12]
