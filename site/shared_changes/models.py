"""Changes to what public pages show that are not public yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_changes.operations import Operation


class HeldChange(models.Model):
    """A change that an editor made to something that public pages show, and that waits.

    `operations`: the rows to write (`Operation`); new files lie in the private storage under the names given
    there. `reasons`: why it waits, as the rules said last (`judging.Against`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RELEASED = "released", _("Released")
        DROPPED = "dropped", _("Dropped")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)
    thing = GenericForeignKey("content_type", "object_id")
    name = models.CharField(_("what is changed"), max_length=255)
    operations = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(_("proposed by"), max_length=150)
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_by_name = models.CharField(_("reviewed by"), max_length=150, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("waiting change")
        verbose_name_plural = _("waiting changes")
        ordering = ("-proposed_at", "-pk")
        indexes = [
            models.Index(fields=["content_type", "object_id", "state"]),
            models.Index(fields=["state", "proposed_at"]),
        ]

    def __str__(self) -> str:
        # Without its words: this string reaches logs.
        return f"Change {self.pk} of {self.content_type.model} {self.object_id}"

    @property
    def steps(self) -> list[Operation]:
        """The writes, in their order."""
        return [Operation(**step) for step in self.operations]

    def files(self) -> Iterator[tuple[Any, str]]:
        """Yield (storage, name) of the new files."""
        for step in self.steps:
            yield from step.files()
