"""Withdrawals, the steps that take content down, and what must not come back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.consent import Consent
from consent.models.person import Person


class Withdrawal(models.Model):
    """The withdrawal of a consent, altogether or for some uses. Its receipt is made of its steps."""

    class Channel(models.TextChoices):
        EDITOR = "editor", _("Told to an editor")
        LINK = "link", _("By the person, through their link")
        COMMAND = "command", _("By an operator")
        EXPIRY = "expiry", _("The consent expired")
        ERASURE = "erasure", _("With an erasure")

    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consent = models.ForeignKey(
        Consent, null=True, on_delete=models.SET_NULL, related_name="withdrawals", verbose_name=_("consent")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="withdrawals", verbose_name=_("person")
    )
    # The withdrawn values of `consent.uses.Use`; empty means all of them.
    uses = models.JSONField(default=list)
    channel = models.CharField(_("how it was received"), max_length=10, choices=Channel.choices)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    finished_at = models.DateTimeField(null=True, blank=True)
    # When it was carried out again, because an older database had been restored.
    again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Withdrawal {str(self.number)[:8]}"


class TakedownStep(models.Model):
    """One surface with content to take down: what it is, whether it is gone, how often it was tried."""

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
    """A keyed hash of erased content: it identifies no one, but shows when the content comes back.

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
    """An address that showed a person and must answer 410, as a keyed hash, since a slug may contain a
    name."""

    address_hash = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(auto_now_add=True)
    # True while the page at this address is public again.
    is_back = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("address that is gone")
        verbose_name_plural = _("addresses that are gone")

    def __str__(self) -> str:
        return self.address_hash[:12]


class WithdrawnWords(models.Model):
    """A keyed hash of some words in a row that a person withdrew (`withdrawal.words`).

    `person_number`: who gave them; not a foreign key, since the hashes outlast the person's row.
    """

    person_number = models.BigIntegerField()
    words = models.BigIntegerField()

    class Meta:
        verbose_name = _("withdrawn words")
        verbose_name_plural = _("withdrawn words")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["words", "person_number"], name="one_row_of_withdrawn_words")
        ]

    def __str__(self) -> str:
        return f"{self.words:x}"
