"""Editors' decisions on findings, and which editors have the workbench open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interviews.models.excerpt import Excerpt
from interviews.models.interview import Interview
from interviews.models.transcript import Cue


class IdentifierDecision(models.Model):
    """Words that may identify a person: replaced by a neutral form in public, or kept for a reason."""

    class State(models.TextChoices):
        REPLACED = "replaced", _("Replaced in what is published")
        DISMISSED = "dismissed", _("Kept, with a reason")

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="identifier_decisions")
    cue = models.ForeignKey(Cue, on_delete=models.CASCADE, related_name="identifier_decisions")
    at = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices)
    neutral = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cue", "at", "end"], name="one_decision_a_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} in cue {self.cue_id}"


class ConditionDecision(models.Model):
    """A condition that is mentioned: accepted for the story, or refused."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="condition_decisions")
    condition = models.ForeignKey("conditions.Condition", on_delete=models.CASCADE, related_name="+")
    accepted = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "condition"], name="one_decision_a_condition")
        ]

    def __str__(self) -> str:
        return f"{self.condition} {'accepted' if self.accepted else 'refused'}"


class Presence(models.Model):
    """An editor who has the workbench open, and the excerpt being edited. Old rows are ignored."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    excerpt = models.ForeignKey(Excerpt, null=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interview", "user"], name="one_presence_an_editor")]

    def __str__(self) -> str:
        return f"{self.user} in interview {self.interview_id}"
