"""Interviews: recorded conversations, their contributors and their progress. Nothing here is public."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from deidentification.identifiers import KnownName
from media.storage import private_storage
from uploads.file_names import unguessable_path


def source_path(_instance: Any, filename: str) -> str:
    """Return a path that cannot be guessed, for a recording or transcript."""
    return unguessable_path("interviews", filename)


class InterviewState(models.TextChoices):
    """How far an interview has come; each step includes the earlier ones."""

    RECEIVED = "received", _("Received")
    TRANSCRIBED = "transcribed", _("Transcribed")
    CODED = "coded", _("Coded")
    COMPILED = "compiled", _("Compiled")
    PUBLISHED = "published", _("Published")


NEXT_ACTIONS = {
    InterviewState.RECEIVED: _("Import the transcript"),
    InterviewState.TRANSCRIBED: _("Mark excerpts"),
    InterviewState.CODED: _("Make a draft story"),
    InterviewState.COMPILED: _("Finish and publish the story"),
    InterviewState.PUBLISHED: _("Nothing to do"),
}


class InterviewQuerySet(models.QuerySet["Interview"]):
    def open(self) -> Self:
        """Return interviews whose story is not published yet."""
        return self.exclude(state=InterviewState.PUBLISHED)


class Interview(index.Indexed, ClusterableModel):
    """A recorded conversation with one or more contributors."""

    title = models.CharField(_("title"), max_length=200, help_text=_("For editors only."))
    language = models.CharField(
        _("language"),
        max_length=20,
        default="en",
        validators=[
            RegexValidator(
                r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a language code such as “en” or “pt-br”.")
            )
        ],
        help_text=_("The language spoken, as a code: en, ar, pt-br."),
    )
    held_on = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Private. Stories show the year at most.")
    )
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Private."))
    interviewer = models.CharField(_("interviewer"), max_length=120, blank=True)
    interviewer_employer = models.CharField(
        _("interviewer's employer"),
        max_length=200,
        blank=True,
        help_text=_("Shown with the story."),
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("editor"),
    )
    recording = models.FileField(
        _("recording"),
        storage=private_storage,
        upload_to=source_path,
        blank=True,
        help_text=_("Always private."),
    )
    recording_kind = models.CharField(max_length=5, blank=True, editable=False)
    duration = models.FloatField(null=True, editable=False)
    peaks = models.JSONField(default=list, editable=False)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=InterviewState.choices,
        default=InterviewState.RECEIVED,
        editable=False,
    )
    full_transcript_allowed = models.BooleanField(
        _("the whole transcript may be public"),
        default=False,
        help_text=_(
            "Tick only if the contributors' consent allows it. "
            "Otherwise only the published quotes are public."
        ),
    )
    notes = models.TextField(_("notes"), blank=True)
    # A story page; the app of stories is above this one.
    story = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="interviews",
        verbose_name=_("story"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = InterviewQuerySet.as_manager()

    search_fields = [index.SearchField("title"), index.AutocompleteField("title"), index.FilterField("state")]

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def next_action(self) -> str:
        """Return the next step in words."""
        return str(NEXT_ACTIONS[InterviewState(self.state)])

    @property
    def age_in_days(self) -> int:
        """Return the whole days since the interview was received."""
        return (timezone.now() - self.created_at).days

    def known_names(self) -> list[KnownName]:
        """Return the private names of its contributors, with the neutral form of each."""
        return [
            KnownName(name, contributor.get_role_display().lower(), contributor.neutral_form or "[name]")
            for contributor in self.contributors.all()
            for name in contributor.names
        ]


class Role(models.TextChoices):
    """What a contributor is in the interview."""

    PATIENT = "patient", _("Patient")
    PARENT = "parent", _("Parent")
    PARTNER = "partner", _("Partner")
    RELATIVE = "relative", _("Relative")
    CARER = "carer", _("Carer")
    CLINICIAN = "clinician", _("Clinician")
    INTERVIEWER = "interviewer", _("Interviewer")
    MENTIONED = "mentioned", _("Mentioned, not present")


class InterviewContributor(Orderable):
    """A person who speaks or is mentioned in an interview, with the names that must not appear."""

    interview = ParentalKey(Interview, on_delete=models.CASCADE, related_name="contributors")
    person = models.ForeignKey(
        "consent.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interview_roles",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PATIENT)
    speaker = models.CharField(
        _("speaker in the transcript"),
        max_length=120,
        blank=True,
        help_text=_("The label in the transcript, such as ‘Mother’."),
    )
    public_label = models.CharField(
        _("name in the story"), max_length=120, blank=True, help_text=_("Such as ‘Marta, Ines’s mother’.")
    )
    private_names = models.TextField(
        _("names that must not appear"),
        blank=True,
        help_text=_("One name per line. Private: used only to find these names in texts."),
    )
    neutral_form = models.CharField(
        _("neutral form"),
        max_length=60,
        blank=True,
        help_text=_("Shown instead of a name, such as ‘[my sister]’."),
    )

    panels = ["role", "speaker", "public_label", "person", "private_names", "neutral_form"]

    class Meta(Orderable.Meta):
        verbose_name = _("contributor")

    @property
    def names(self) -> list[str]:
        """Return the private names to look for, including the person's real name."""
        lines = [line.strip() for line in self.private_names.splitlines() if line.strip()]
        return [*lines, self.person.private_name] if self.person else lines
