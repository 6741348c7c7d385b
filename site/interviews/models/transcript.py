"""Transcripts and their cues."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interviews.models.interview import Interview, source_path
from media.storage import private_storage


class Transcript(models.Model):
    """The imported file of an interview's transcript, and the lines of it that could not be used."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="transcript")
    format = models.CharField(_("format"), max_length=12)
    source = models.FileField(_("file"), storage=private_storage, upload_to=source_path, blank=True)
    unused = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    imported_at = models.DateTimeField(auto_now=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("transcript")

    def __str__(self) -> str:
        return f"{self.format} #{self.pk}"


class Cue(models.Model):
    """Words spoken without a break. The key stays the same in a corrected transcript, so that excerpts stay
    attached.

    Times are in seconds from the start of the recording; None if the transcript has none.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="cues")
    position = models.PositiveIntegerField()
    start = models.FloatField(null=True)
    end = models.FloatField(null=True)
    speaker = models.CharField(max_length=120, blank=True)
    text = models.TextField()

    class Meta:
        verbose_name = _("cue")
        ordering = ["interview", "position"]
        indexes = [models.Index(fields=["interview", "position"])]

    def __str__(self) -> str:
        # Without its words, because this string can appear in logs and error pages.
        return f"Cue {self.position} of interview {self.interview_id}"
