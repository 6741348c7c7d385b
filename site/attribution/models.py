"""What an editor states about a picture or recording in which no one can be recognised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ShowsNoOne(models.Model):
    """An editor states that no one can be recognised in a picture, or seen or heard in a recording.

    `consent.models.Depiction` names the people where there are any; then this row does not count.
    """

    picture = models.OneToOneField(
        "media.Picture", null=True, blank=True, on_delete=models.CASCADE, related_name="shows_no_one"
    )
    recording = models.OneToOneField(
        "media.Recording", null=True, blank=True, on_delete=models.CASCADE, related_name="shows_no_one"
    )
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("statement that no one is shown")
        verbose_name_plural = _("statements that no one is shown")
        constraints = [
            models.CheckConstraint(
                condition=Q(picture__isnull=False, recording__isnull=True)
                | Q(picture__isnull=True, recording__isnull=False),
                name="shows_no_one_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"No one in {self.picture or self.recording}"
