"""Excerpts: the words that an editor selected, their section and topics, and how they will read."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from interviews.models.interview import Interview
from interviews.models.transcript import Cue
from transcripts.rating import Rated, rate


class Section(models.TextChoices):
    """The three parts of a story."""

    BEFORE = "before", _("Before")
    TREATMENT = "treatment", _("Treatment")
    AFTER = "after", _("After")


class Topic(models.Model):
    """A theme that runs through interviews: 'Side effects', 'Cost'."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("topic")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def free_slug(name: str) -> str:
    """Return a slug for a topic of this name that no topic has yet."""
    stem = slugify(name)[:70] or "topic"
    taken = set(Topic.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


class InterviewTopic(models.Model):
    """A topic on one of the keys 4 to 9 of an interview's workbench."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="pinned_topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    key = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "key"], name="one_topic_a_key"),
            models.CheckConstraint(condition=models.Q(key__gte=4, key__lte=9), name="topic_keys_4_to_9"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.topic}"


class ExcerptQuerySet(models.QuerySet["Excerpt"]):
    def kept(self) -> Self:
        """Return the excerpts that are not removed."""
        return self.filter(removed_at=None)

    def in_story_order(self) -> Self:
        """Return the excerpts by section, and in the editor's order within a section."""
        part = models.Case(
            *(models.When(section=section, then=index) for index, section in enumerate(Section.values)),
            output_field=models.SmallIntegerField(),
        )
        return self.order_by(part, "order", "pk")


class Excerpt(models.Model):
    """A run of cues, or part of a cue, and the quote it becomes.

    Offsets are code points in the text of the first and last cue. Rating and share are computed from
    `verbatim` and `text`, never stored. `rev` counts saved changes; a save names the revision it was made
    from.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="excerpts")
    start_cue = models.ForeignKey(Cue, null=True, on_delete=models.SET_NULL, related_name="+")
    start_offset = models.PositiveIntegerField(default=0)
    end_cue = models.ForeignKey(Cue, null=True, on_delete=models.SET_NULL, related_name="+")
    end_offset = models.PositiveIntegerField(default=0)
    speaker = models.CharField(max_length=120, blank=True)
    asked = models.TextField(blank=True)
    verbatim = models.TextField()
    text = models.TextField()
    section = models.CharField(max_length=9, choices=Section.choices, default=Section.BEFORE)
    order = models.PositiveIntegerField(default=0)
    topics = models.ManyToManyField(Topic, blank=True, related_name="excerpts")
    clip_in = models.FloatField(null=True)
    clip_out = models.FloatField(null=True)
    rev = models.PositiveIntegerField(default=1)
    placed = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True)

    objects = ExcerptQuerySet.as_manager()

    class Meta:
        verbose_name = _("excerpt")
        ordering = ["interview", "section", "order", "pk"]
        indexes = [models.Index(fields=["interview", "section", "order"])]

    def __str__(self) -> str:
        return f"Excerpt {self.pk} of interview {self.interview_id}"

    @cached_property
    def rated(self) -> Rated:
        return rate(self.verbatim, self.text, self.interview.language)
