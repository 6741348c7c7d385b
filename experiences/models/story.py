"""Patient stories: before, treatment, after, and the follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index

from approval.admin.family_panel import FamilyPanel
from experiences import reading_time
from experiences.blocks import story_blocks
from experiences.compiling.panel import InterviewsPanel
from experiences.consent_requirements import story_requirements
from experiences.interview_identifiers import InterviewIdentifiers
from experiences.models.experience import ExperiencePage
from experiences.models.follow_up import FollowUp, months_of
from experiences.own_words import rate_quotes
from pages.cards import Card
from pages.fields import QuietStreamField
from publication.reasons import ConsentRequirement
from queries.prepared import Prepared

_follow_ups = Prepared(lambda page: FollowUp.objects.filter(page=page))


class StoryTag(TaggedItemBase):
    content_object = ParentalKey(
        "experiences.StoryPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class Relation(models.TextChoices):
    PATIENT = "patient", _("The patient")
    PARENT = "parent", _("A parent")
    PARTNER = "partner", _("A partner")
    RELATIVE = "relative", _("Another relative")
    CARER = "carer", _("A carer")


class Origin(models.TextChoices):
    """How the story came to be written."""

    WRITTEN = "written", _("Written by the patient or family")
    COMPILED = "compiled", _("Compiled from an interview")


@dataclass(frozen=True)
class StoryPart:
    """One of the three parts of a story, for its template."""

    id: str
    name: str
    heading: str
    stream: Any

    @property
    def title(self) -> str:
        """Return 'Before: fourteen stairs', for the list of contents."""
        return f"{self.name}: {self.heading}" if self.heading else self.name


class StoryPage(InterviewIdentifiers, ExperiencePage):
    """One person's experience, in three parts, with follow-ups at times relative to treatment."""

    credit_fields = frozenset({"interviewed_by", "edited_by", "checked_by"})

    @property
    def must_state(self) -> tuple[str, ...]:
        """The fields that a story made of an interview may not leave empty unless an editor confirms it."""
        return ("interviewed_by", "edited_by") if self.origin == Origin.COMPILED else ()

    lede = models.TextField(
        _("opening words"),
        max_length=500,
        blank=True,
        help_text=_("Two or three sentences: who, what treatment, what changed and what did not."),
    )
    teller_name = models.CharField(
        _("told by"), max_length=120, blank=True, help_text=_("First names, e.g. ‘Marta and Ines’.")
    )
    relation = models.CharField(
        _("who tells it"), max_length=10, choices=Relation.choices, default=Relation.PATIENT
    )

    before = QuietStreamField(story_blocks(), blank=True, verbose_name=_("before"))
    during = QuietStreamField(story_blocks(), blank=True, verbose_name=_("treatment"))
    after = QuietStreamField(story_blocks(), blank=True, verbose_name=_("after"))
    before_heading = models.CharField(
        _("heading of ‘before’"), max_length=120, blank=True, help_text=_("E.g. ‘Fourteen stairs’.")
    )
    during_heading = models.CharField(_("heading of ‘treatment’"), max_length=120, blank=True)
    after_heading = models.CharField(_("heading of ‘after’"), max_length=120, blank=True)

    origin = models.CharField(
        _("how it was made"), max_length=10, choices=Origin.choices, default=Origin.WRITTEN
    )
    dot_agreed = models.BooleanField(
        _("marked in the picture of all patients treated"),
        default=False,
        help_text=_("The family agreed that their dot is marked in the picture of all patients treated."),
    )

    tags = ClusterTaggableManager(through=StoryTag, blank=True, verbose_name=_("free tags"))

    # Computed from the parts and the follow-ups at each save, so that lists can filter without reading the
    # parts.
    followed_months = models.PositiveSmallIntegerField(null=True, editable=False)
    visits = models.JSONField(default=list, editable=False)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    has_audio = models.BooleanField(default=False, editable=False)
    has_video = models.BooleanField(default=False, editable=False)
    # About the quotes tied to an excerpt (`experiences.own_words`). The share is in whole percent, None
    # without quotes.
    own_share = models.PositiveSmallIntegerField(null=True, editable=False)
    own_omissions = models.PositiveSmallIntegerField(default=0, editable=False)
    own_quotes = models.PositiveSmallIntegerField(default=0, editable=False)
    # What was compiled from which interview: shows what an editor changed since (`compiling.story_state`).
    compiled_from = models.JSONField(default=dict, editable=False)

    # Treatment pages that counted this story when it was last saved (`experiences.balance`).
    counted_in: frozenset[int] | set[int] = frozenset()

    content_panels = [
        FamilyPanel(),
        *ExperiencePage.content_panels,
        InterviewsPanel(),
        *ExperiencePage.who_panels,
        MultiFieldPanel(["lede", FieldRowPanel(["teller_name", "relation"])], heading=_("Told by")),
        MultiFieldPanel(["before_heading", "before"], heading=_("Before")),
        MultiFieldPanel(["during_heading", "during"], heading=_("Treatment")),
        MultiFieldPanel(["after_heading", "after"], heading=_("After")),
        InlinePanel(
            "follow_ups",
            heading=_("Follow-ups"),
            label=_("follow-up"),
            help_text=_(
                "What was observed and when, in months from treatment. The site puts them in order. A time "
                "at which nothing had changed deserves an entry too."
            ),
        ),
        MultiFieldPanel(
            [
                "origin",
                *ExperiencePage.made_panels,
                "dot_agreed",
            ],
            heading=_("How this story was made"),
            help_text=_("Shown below the story. Empty fields are shown as ‘not stated’."),
        ),
    ]
    search_fields = [
        *ExperiencePage.search_fields,
        index.SearchField("lede"),
        index.SearchField("before_heading"),
        index.SearchField("during_heading"),
        index.SearchField("after_heading"),
        index.SearchField("before"),
        index.SearchField("during"),
        index.SearchField("after"),
        index.SearchField("follow_up_words"),
        index.SearchField("tag_words"),
    ]
    parent_page_types = ["experiences.StoryIndexPage"]
    subpage_types: list[str] = []

    disclosures = {
        **ExperiencePage.disclosures,
        "D4": "own_quotes own_share own_omissions",
        "D10": "teller_name relation origin interviewed_by edited_by checked_by",
    }

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def consent_requirements(self) -> Iterable[ConsentRequirement]:
        """Add the requirements of each quote, each clip and each whole conversation."""
        yield from super().consent_requirements()
        yield from story_requirements(self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.update_computed_fields()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.update_computed_fields()
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        # A draft is saved without validation, and the rating that its form posted must not be trusted either.
        self.update_computed_fields()
        return super().save_revision(*args, **kwargs)

    def stores_more(self) -> bool:
        return bool(self.quoted_interviews())

    def update_computed_fields(self) -> None:
        """Set the fields that lists and cards need from the parts and the follow-ups, and rate the quotes."""
        own = rate_quotes(self.streams)
        self.own_share, self.own_omissions, self.own_quotes = own.share, own.omissions, own.quotes
        months = {number for entry in self.follow_ups.all() if (number := months_of(entry)) is not None}
        self.visits = sorted(month for month in months if month > 0)
        self.followed_months = self.visits[-1] if self.visits else None
        stored = [list(stream.raw_data) for stream in self.streams]
        kinds = {kind for part in stored for kind in reading_time.kinds_in(part)}
        self.has_audio = "audio" in kinds
        self.has_video = "video" in kinds
        self.reading_minutes = reading_time.minutes_to_read(*stored)

    @property
    def streams(self) -> tuple[Any, ...]:
        return self.before, self.during, self.after

    @property
    def has_clip(self) -> bool:
        return self.has_audio or self.has_video

    @property
    def parts(self) -> list[StoryPart]:
        """Return the parts that have any content. The follow-ups are the end of 'after'."""
        parts = [
            StoryPart("before", gettext("Before"), self.before_heading, self.before),
            StoryPart("treatment", gettext("Treatment"), self.during_heading, self.during),
            StoryPart("after", gettext("After"), self.after_heading, self.after),
        ]
        return [part for part in parts if part.stream or (part.id == "after" and self.timeline)]

    @cached_property
    def timeline(self) -> list[dict[str, str]]:
        """Return the follow-ups as timeline entries in order of time; the editor's order decides between
        equal times.
        """
        known = [follow_up for follow_up in self._shown_follow_ups() if months_of(follow_up) is not None]
        return [follow_up.entry for follow_up in sorted(known, key=lambda follow_up: follow_up.months)]

    def _shown_follow_ups(self) -> Iterable[FollowUp]:
        drafted = "follow_ups" in (getattr(self, "_cluster_related_objects", None) or {})
        if self.pk is None or drafted:
            return self.follow_ups.all()
        return _follow_ups(page=self.pk)

    @property
    def relation_name(self) -> str:
        """Return who tells it, in words."""
        # `get_relation_display` puts all choices together again for each value.
        known = self.relation in Relation
        return str(Relation(self.relation).label) if known else self.relation

    @property
    def follow_up_words(self) -> str:
        return " ".join(follow_up.observation for follow_up in self.follow_ups.all())

    @property
    def tag_words(self) -> str:
        return " ".join(tag.name for tag in self.tags.all())

    def card(self, why: str = "") -> Card:
        return replace(
            super().card(why),
            text=self.listing_text or self.lede or self.search_description,
            followed_months=self.followed_months,
            visits=self.visits,
        )

    @property
    def description(self) -> str:
        return self.search_description or self.listing_text or self.lede

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "Article"
        data["headline"] = self.title
        return data
