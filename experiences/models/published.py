"""What a published story shows of its interviews. Written when it is published; requests only read it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoryClip(models.Model):
    """The clip of a quote in a published story. The quote is identified by the id of its block."""

    page = models.ForeignKey("experiences.StoryPage", on_delete=models.CASCADE, related_name="clips")
    block_id = models.CharField(max_length=36)
    clip = models.ForeignKey("media.Clip", on_delete=models.PROTECT, related_name="story_clips")

    class Meta:
        verbose_name = _("clip of a story")
        verbose_name_plural = _("clips of stories")
        constraints = [models.UniqueConstraint(fields=["page", "block_id"], name="one_clip_a_quote")]

    def __str__(self) -> str:
        return f"Clip {self.clip_id} of story {self.page_id}"


class StoryInterview(models.Model):
    """An interview used in a published story, with its whole transcript if consent allows that.

    `lines`: dicts with start and end (seconds, null without times), speaker (as the public knows them), text,
    anchor.
    """

    page = models.ForeignKey(
        "experiences.StoryPage", on_delete=models.CASCADE, related_name="published_interviews"
    )
    interview = models.ForeignKey(
        "interviews.Interview", on_delete=models.CASCADE, related_name="published_in"
    )
    position = models.PositiveSmallIntegerField(default=0)
    interviewer = models.CharField(max_length=120, blank=True)
    employer = models.CharField(max_length=200, blank=True)
    # Of the private date, the year alone.
    held_in = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=20, blank=True)
    # The recording's name in the private storage: tells which clips are of this interview.
    source = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)

    class Meta:
        verbose_name = _("interview of a story")
        verbose_name_plural = _("interviews of stories")
        ordering = ["page", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "interview"], name="one_record_a_published_interview")
        ]

    def __str__(self) -> str:
        return f"Interview {self.interview_id} in story {self.page_id}"

    @property
    def asked_by(self) -> str:
        """'Anna Berg, Example Press': who asked the questions, and for whom."""
        return ", ".join(part for part in (self.interviewer, self.employer) if part)
