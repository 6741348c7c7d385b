"""The stories shown with a story or video. Written when something changes; requests only read it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RelatedStory(models.Model):
    """One of the stories nearest to a page, a few more than are shown, the nearest first.

    Written by `experiences.related_stories` alone. `nearness`: a level of `experiences.related`. Whether
    `other` is public is asked when the page is shown.
    """

    tells_changes = True  # changes.tables: only the page that shows them changes, not the cards of that page

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="related_stories")
    position = models.PositiveSmallIntegerField()
    other = models.ForeignKey("experiences.StoryPage", on_delete=models.CASCADE, related_name="related_to")
    nearness = models.PositiveSmallIntegerField()
    same_treatment = models.BooleanField()
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("related story")
        verbose_name_plural = _("related stories")
        constraints = [models.UniqueConstraint(fields=["page", "position"], name="one_related_story_a_place")]
        indexes = [
            # For the pages whose related stories were chosen longest ago.
            models.Index(fields=["position", "chosen_at"], name="related_story_chosen_at")
        ]

    def __str__(self) -> str:
        return f"Story {self.other_id} with page {self.page_id}"
