"""A contributor's approval of one exact version: links that need no account, answers, notes, and
overrides."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.models.person import Person


class ApprovalLink(models.Model):
    """A link that shows one person one version of one page.

    The token itself is never stored, only its keyed hash.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="approval_links")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="approval_links")
    # The draft they are asked about; what they see is rendered from it.
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    content_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # When the first answer or note came. Opening the link writes nothing, because mail programs open links
    # too.
    first_opened_at = models.DateTimeField(null=True, blank=True)
    # Clips of a draft, cut so that the family can play them. Without a link they are unused and are removed.
    clips = models.ManyToManyField("media.Clip", related_name="approval_links", blank=True)

    class Meta:
        verbose_name = _("approval link")
        verbose_name_plural = _("approval links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Approval link #{self.pk}"

    def is_open(self, at: datetime | None = None) -> bool:
        """Return True if the link can be used at this time, now by default."""
        return self.revoked_at is None and (at or timezone.now()) < self.expires_at


class Approval(models.Model):
    """One answer to one exact version."""

    class Answer(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGE = "change", _("Asked to change something")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrew their consent")

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="approvals")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="approvals")
    link = models.ForeignKey(ApprovalLink, null=True, on_delete=models.SET_NULL, related_name="answers")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    content_hash = models.CharField(max_length=64)
    message = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    # The user who recorded an answer that came on paper or by telephone.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_answer_display()} #{self.pk}"


class ApprovalNote(models.Model):
    """A note by the family on a passage."""

    link = models.ForeignKey(ApprovalLink, on_delete=models.CASCADE, related_name="notes")
    part = models.CharField(max_length=80, help_text=_("Which passage: 'block:<id>' or the name of a field."))
    passage = models.TextField(blank=True)
    text = models.TextField(max_length=5000)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("note by the family")
        verbose_name_plural = _("notes by the family")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Note #{self.pk}"


class ApprovalOverride(models.Model):
    """Permission to publish one exact version without the approval it would need, with the reason."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="approval_overrides")
    content_hash = models.CharField(max_length=64)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("approval override")
        verbose_name_plural = _("approval overrides")
        ordering = ["-at", "-pk"]
        permissions = [("override_approval", "Can publish without the family’s approval, with a reason")]

    def __str__(self) -> str:
        return f"Override #{self.pk}"
