"""Patient videos: a recording with captions and transcript, and facts about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from approval.admin.family_panel import FamilyPanel
from experiences.models.experience import ExperiencePage
from experiences.wording import iso_duration
from imaging.presets import AHEAD
from pages.cards import Card
from publication.reasons import ConsentRequirement


class VideoTag(TaggedItemBase):
    content_object = ParentalKey(
        "experiences.VideoPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class VideoPage(ExperiencePage):
    """A patient's video with captions, transcript and the facts 'about this video'."""

    # Treatment pages show the picture as the poster of the video.
    picture_presets = (*AHEAD, "poster")

    recording = models.ForeignKey(
        "media.Recording",
        null=True,
        on_delete=models.PROTECT,
        related_name="video_pages",
        verbose_name=_("recording"),
        limit_choices_to={"type": "video"},
        help_text=_("Its captions and transcript come with it."),
    )
    summary = models.TextField(
        _("about this video"),
        max_length=1000,
        help_text=_("What the video shows, in a few plain sentences. Also say what did not change."),
    )
    told_by = models.CharField(
        _("told by"), max_length=120, blank=True, help_text=_("E.g. ‘His parents, through a narrator’.")
    )
    measured_by_clinician = models.CharField(
        _("measured by a clinician?"),
        max_length=120,
        blank=True,
        help_text=_("If empty, ‘not stated’ is shown."),
    )
    followed_months = models.PositiveSmallIntegerField(
        _("followed for how many months"), null=True, blank=True
    )
    cuts = models.CharField(
        _("what was left out of the recording"),
        max_length=300,
        blank=True,
        help_text=_("And who edited it. Write ‘Nothing’ if the whole recording is shown."),
    )
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown first on the page about treating this condition.")
    )
    tags = ClusterTaggableManager(through=VideoTag, blank=True, verbose_name=_("free tags"))

    content_panels = [
        FamilyPanel(),
        *ExperiencePage.content_panels,
        MultiFieldPanel(["recording", "is_featured"], heading=_("Recording")),
        MultiFieldPanel(
            ["summary", FieldRowPanel(["told_by", "measured_by_clinician"]), "followed_months"],
            heading=_("About this video"),
        ),
        *ExperiencePage.who_panels,
        MultiFieldPanel(
            [*ExperiencePage.made_panels, "cuts"],
            heading=_("How this video was made"),
            help_text=_("Shown below the video. Empty fields are shown as ‘not stated’."),
        ),
    ]
    search_fields = [
        *ExperiencePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("told_by"),
        index.SearchField("tag_words"),
        index.SearchField("spoken_words"),
        index.FilterField("is_featured"),
    ]
    parent_page_types = ["experiences.VideoIndexPage"]
    subpage_types: list[str] = []

    disclosures = {
        **ExperiencePage.disclosures,
        "D4": "cuts recording",
        "D10": "told_by interviewed_by edited_by checked_by",
    }

    class Meta:
        verbose_name = _("video page")

    # Without its recording the page would be empty.
    required_parts = frozenset({"field:recording"})

    def consent_requirements(self) -> Iterable[ConsentRequirement]:
        """Return what all pages about a person need; the people seen or heard in the recording are part of
        that.
        """
        return super().consent_requirements()

    @property
    def description(self) -> str:
        return self.search_description or self.listing_text or self.summary

    @property
    def tag_words(self) -> str:
        return " ".join(tag.name for tag in self.tags.all())

    @property
    def spoken_words(self) -> str:
        """Return the words spoken in the recording, for the search index."""
        if self.recording is None:
            return ""
        cues = [cue for track in self.recording.fitting_tracks for cue in track.stored_cues]
        return " ".join([str(cue.get("text", "")) for cue in cues] or [self.recording.fitting_transcript])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if self.recording:
            prefetch_related_objects([self.recording], "tracks")
        return context

    def card(self, why: str = "") -> Card:
        return replace(
            super().card(why),
            kind=gettext("Video"),
            text=self.listing_text or self.search_description or self.summary,
            followed_months=self.followed_months,
            visits=[self.followed_months] if self.followed_months else [],
        )

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "VideoObject"
        if self.first_published_at:
            data["uploadDate"] = self.first_published_at.isoformat()
        recording = self.recording
        if recording is None or not recording.can_be_played:
            return data
        data["contentUrl"] = request.build_absolute_uri(recording.url)
        if recording.duration:
            data["duration"] = iso_duration(recording.duration)
        if recording.poster_url:
            data["thumbnailUrl"] = request.build_absolute_uri(recording.poster_url)
        return data
