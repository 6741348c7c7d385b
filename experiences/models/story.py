"""Patient stories: before, treatment, after, and the follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from approval.admin.family_panel import FamilyPanel
from experiences import reading
from experiences.blocks import story_blocks
from experiences.compiling.panel import InterviewsPanel
from experiences.models.experience import ExperiencePage
from experiences.own_words import rate_quotes
from experiences.wording import when
from pages.cards import Card
from pages.choices import Outcome
from pages.fields import QuietStreamField
from publication.reasons import Need


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
    """How the story came to be written (D10)."""

    WRITTEN = "written", _("Written by the patient or family")
    COMPILED = "compiled", _("Compiled from an interview")


@dataclass(frozen=True)
class Part:
    """One of a story's three parts, as its template shows it."""

    id: str
    name: str
    heading: str
    stream: Any

    @property
    def title(self) -> str:
        """'Before: fourteen stairs', for the list of contents."""
        return f"{self.name}: {self.heading}" if self.heading else self.name


def _months(entry: FollowUp) -> int | None:
    """When it was; None in a draft that does not say it yet."""
    months: int | None = entry.months
    return months


class StoryPage(ExperiencePage):
    """One person's experience, in three parts, with follow-ups at times relative to treatment."""

    credits = frozenset({"interviewed_by", "edited_by", "checked_by"})

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
        _("marked among everybody treated"),
        default=False,
        help_text=_("The family agreed that their dot is marked in the picture of everybody treated."),
    )

    tags = ClusterTaggableManager(through=StoryTag, blank=True, verbose_name=_("free tags"))

    # Read off the parts and the follow-ups at each save, so that lists filter without opening a body.
    followed_months = models.PositiveSmallIntegerField(null=True, editable=False)
    visits = models.JSONField(default=list, editable=False)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    has_audio = models.BooleanField(default=False, editable=False)
    has_video = models.BooleanField(default=False, editable=False)
    # Of the quotes that lead to an excerpt (`experiences.own_words`); the share is in whole percent, None without any.
    own_share = models.PositiveSmallIntegerField(null=True, editable=False)
    own_omissions = models.PositiveSmallIntegerField(default=0, editable=False)
    own_quotes = models.PositiveSmallIntegerField(default=0, editable=False)
    # What was compiled from which interview, so that compiling again sees what an editor changed (`compiling.memory`).
    compiled_from = models.JSONField(default=dict, editable=False)

    # The treatment pages among whose stories it was counted when it was last saved (`experiences.balance`).
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
                "What was seen when, counted in months from treatment; the site puts them in order. A time at which "
                "nothing had changed is as much worth a line as any other."
            ),
        ),
        MultiFieldPanel(
            [
                "origin",
                *ExperiencePage.made_panels,
                "dot_agreed",
            ],
            heading=_("How this story was made"),
            help_text=_("Stands under the story. What is left empty is shown as ‘not stated’."),
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

    def consent_needs(self) -> Iterable[Need]:
        """Beside what every page about a person needs: for each quote, each clip and each whole conversation."""
        from experiences.needs import story_needs  # reads the models of interviews, which name this one

        yield from super().consent_needs()
        yield from story_needs(self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.read_off()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.read_off()
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        # A draft is saved without validation; what its form posted for a rating is not to be believed either.
        self.read_off()
        return super().save_revision(*args, **kwargs)

    def read_off(self) -> None:
        """Set what lists and cards need from the parts and the follow-ups, and rate the quotes."""
        own = rate_quotes(self.streams)
        self.own_share, self.own_omissions, self.own_quotes = own.share, own.omissions, own.quotes
        months = {number for entry in self.follow_ups.all() if (number := _months(entry)) is not None}
        self.visits = sorted(month for month in months if month > 0)
        self.followed_months = self.visits[-1] if self.visits else None
        stored = [list(stream.raw_data) for stream in self.streams]
        kinds = {kind for part in stored for kind in reading.kinds_in(part)}
        self.has_audio = "audio" in kinds
        self.has_video = "video" in kinds
        self.reading_minutes = reading.minutes_to_read(*stored)

    @property
    def streams(self) -> tuple[Any, ...]:
        return self.before, self.during, self.after

    @property
    def has_clip(self) -> bool:
        return self.has_audio or self.has_video

    @property
    def parts(self) -> list[Part]:
        """Before, treatment and after, those with something in them. The follow-ups close 'after'."""
        parts = [
            Part("before", gettext("Before"), self.before_heading, self.before),
            Part("treatment", gettext("Treatment"), self.during_heading, self.during),
            Part("after", gettext("After"), self.after_heading, self.after),
        ]
        return [part for part in parts if part.stream or (part.id == "after" and self.timeline)]

    @cached_property
    def timeline(self) -> list[dict[str, str]]:
        """Its follow-ups as entries in order of time; where two are at one time, in the editor's order."""
        known = [follow_up for follow_up in self.follow_ups.all() if _months(follow_up) is not None]
        return [follow_up.entry for follow_up in sorted(known, key=lambda follow_up: follow_up.months)]

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


class FollowUp(Orderable):
    """What was seen at one time. Public time is relative to treatment: 0 is the treatment, -3 is three months before."""

    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="follow_ups")
    months = models.SmallIntegerField(
        _("months after treatment"),
        validators=[MinValueValidator(-240), MaxValueValidator(600)],
        help_text=_("0 is the treatment itself; a negative number is before it."),
    )
    reported_by = models.CharField(
        _("reported by"), max_length=120, blank=True, help_text=_("E.g. ‘her mother’, ‘her physiotherapist’.")
    )
    observation = models.TextField(_("observation"), max_length=600)
    outcome = models.CharField(_("what changed"), max_length=5, choices=Outcome.choices, blank=True)
    outcome_text = models.CharField(
        _("in a few words"), max_length=80, blank=True, help_text=_("E.g. ‘Speech: no change’.")
    )

    panels = [
        FieldRowPanel(["months", "reported_by"]),
        "observation",
        FieldRowPanel(["outcome", "outcome_text"]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("follow-up")

    def __str__(self) -> str:
        return self.when

    @property
    def when(self) -> str:
        """'3 months before', 'Treatment', '1 month', '12 months'."""
        return when(self.months)

    @property
    def entry(self) -> dict[str, str]:
        """What `components/timeline.html` shows of it. Nothing is said of a change where nobody said anything."""
        said = gettext("Reported by: %(who)s") % {"who": self.reported_by} if self.reported_by else ""
        return {
            "when": self.when,
            "text": self.observation,
            "part": "treatment" if self.months == 0 else "before" if self.months < 0 else "after",
            "source": said,
            "outcome": self.outcome,
            "outcome_text": self.outcome_text or str(Outcome(self.outcome).label) if self.outcome else "",
        }
