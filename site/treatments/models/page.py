"""Treatment pages: one treatment for one condition, and what is known of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from media import preload
from pages.blocks import CalloutBlock, RichTextBlock, prose_blocks
from pages.cards import Card
from pages.fields import QuietStreamField
from pages.models import BasePage
from pages.outcome_counts import ImpossibleCounts, OutcomeCounts
from treatments.blocks import VariantBlock
from treatments.panels import CohortNotePanel, TypedFiguresPanel


class EvidenceLevel(models.TextChoices):
    """Kinds of study, from weakest to strongest. A page states one or says 'not assessed'."""

    NOT_ASSESSED = "", _("Not assessed")
    STORIES = "1", _("Stories from families")
    LOOKING_BACK = "2", _("Looking back at treated patients")
    COMPARED = "3", _("Comparing with similar, untreated people")
    TRIALS = "4", _("Trials where chance decides who is treated")


class TreatmentPage(BasePage):
    """One treatment for one condition.

    Its stories, case studies and featured video are found by the vocabulary (condition and everything below
    it, treatment and everything below it), never picked by hand.
    """

    condition = models.ForeignKey(
        "conditions.Condition",
        on_delete=models.PROTECT,
        related_name="treatment_pages",
        verbose_name=_("condition"),
    )
    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="pages", verbose_name=_("treatment")
    )
    lede = models.TextField(_("opening words"), max_length=400)
    cells = models.CharField(_("what is given"), max_length=200, blank=True)

    patients_treated = models.PositiveIntegerField(_("patients treated"), null=True, blank=True)
    patients_treated_at_least = models.BooleanField(
        _("‘over’"), default=False, help_text=_("The source says ‘over’: the number is a lower bound.")
    )
    patients_treated_source = models.CharField(_("source"), max_length=300, blank=True)
    patients_treated_on = models.DateField(_("as of"), null=True, blank=True)

    followed_up = models.PositiveIntegerField(_("followed up"), null=True, blank=True)
    improved = models.PositiveIntegerField(_("improved"), null=True, blank=True)
    unchanged = models.PositiveIntegerField(_("no change"), null=True, blank=True)
    worse = models.PositiveIntegerField(_("worse"), null=True, blank=True)
    follow_up_months = models.PositiveSmallIntegerField(_("after how many months"), default=12)
    follow_up_source = models.CharField(_("source"), max_length=300, blank=True)
    follow_up_is_sample = models.BooleanField(
        _("sample figures"), default=False, help_text=_("Marks the split as invented, wherever it is shown.")
    )

    # Written by the app above where a cohort gives the figures (`cohorts.treatment_figures`): which cohort,
    # where its report is, and the outcomes as they may be published, small numbers combined.
    figures_cohort = models.BigIntegerField(null=True, editable=False)
    figures_report = models.CharField(max_length=255, blank=True, default="", editable=False)
    shown_outcomes = models.JSONField(null=True, editable=False)

    approval_status = models.TextField(
        _("approved, or not"),
        blank=True,
        max_length=400,
        help_text=_(
            "By which authority, for what, where; or that it is not approved. ‘Not stated’ when empty."
        ),
    )
    trial_numbers = models.CharField(
        _("trial numbers"),
        max_length=300,
        blank=True,
        help_text=_("As registered, e.g. NCT01234567. Write ‘none’ where there is no trial."),
    )
    risks = models.TextField(
        _("side effects"), blank=True, max_length=1000, help_text=_("What may go wrong, and what did.")
    )
    cost_bearer = models.CharField(_("who bears the cost"), max_length=300, blank=True)

    expectations = QuietStreamField(prose_blocks(), blank=True, verbose_name=_("what to expect"))
    protocol = QuietStreamField(
        [
            ("text", RichTextBlock()),
            ("variant", VariantBlock()),
            ("callout", CalloutBlock()),
        ],
        blank=True,
        verbose_name=_("how it is given"),
        help_text=_("Steps, the variants patients may receive, and caveats."),
    )

    evidence_level = models.CharField(
        _("strongest kind of study"), max_length=1, choices=EvidenceLevel.choices, default="", blank=True
    )
    evidence_summary = models.TextField(_("how sure can we be?"), blank=True, max_length=600)
    evidence_tells = models.TextField(_("what it can tell you"), blank=True, max_length=600)
    evidence_does_not_tell = models.TextField(_("what it cannot tell you"), blank=True, max_length=600)
    questions = QuietStreamField(
        [("question", blocks.CharBlock(max_length=200, icon="help"))],
        blank=True,
        verbose_name=_("ask before you decide"),
    )
    evidence_signed_off_by = models.CharField(_("signed off by"), max_length=200, blank=True)
    evidence_signed_off_on = models.DateField(_("signed off on"), null=True, blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel(["condition", "treatment"]), "lede", "cells"], heading=_("What and for whom")
        ),
        CohortNotePanel(heading=_("Patients treated, and follow-up")),
        TypedFiguresPanel(
            [
                FieldRowPanel(["patients_treated", "patients_treated_at_least"]),
                FieldRowPanel(["patients_treated_source", "patients_treated_on"]),
            ],
            heading=_("Patients treated"),
        ),
        TypedFiguresPanel(
            [
                FieldRowPanel(["followed_up", "follow_up_months"]),
                FieldRowPanel(["improved", "unchanged", "worse"]),
                "follow_up_source",
                "follow_up_is_sample",
            ],
            heading=_("Follow-up"),
        ),
        "expectations",
        "protocol",
        MultiFieldPanel(
            [
                "evidence_level",
                "evidence_summary",
                FieldRowPanel(["evidence_tells", "evidence_does_not_tell"]),
                "questions",
                FieldRowPanel(["evidence_signed_off_by", "evidence_signed_off_on"]),
            ],
            heading=_("Evidence"),
        ),
        MultiFieldPanel(
            ["approval_status", "trial_numbers", "risks", "cost_bearer"],
            heading=_("Approval, side effects and cost"),
            help_text=_("Shown with every story of this treatment. Empty fields are shown as ‘not stated’."),
        ),
        InlinePanel("documents", heading=_("Documents"), label=_("document")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("lede"),
        index.SearchField("expectations"),
        index.SearchField("protocol"),
        index.SearchField("evidence_summary"),
        index.SearchField("term_words"),
    ]
    shown_with = ("condition", "treatment", "balance")
    parent_page_types = ["treatments.TreatmentIndexPage"]
    subpage_types = ["cohorts.CohortReportPage"]

    class Meta:
        verbose_name = _("treatment page")

    def clean(self) -> None:
        super().clean()
        self.clean_figures()

    def clean_figures(self) -> None:
        """Raise ValidationError where the figures break a rule, or lack a denominator or a source."""
        parts = (self.followed_up, self.improved, self.unchanged, self.worse)
        if any(part is not None for part in parts):
            if self.patients_treated is None or any(part is None for part in parts):
                raise ValidationError(
                    {
                        "followed_up": _(
                            "Enter all of treated, followed up, improved, no change and worse, or none of "
                            "them: a share "
                            "without its denominator misleads."
                        )
                    }
                )
            try:
                _counts = self.outcome_counts
            except ImpossibleCounts as error:
                raise ValidationError({"followed_up": str(error)}) from error
            if not self.follow_up_source:
                raise ValidationError({"follow_up_source": _("Say where the follow-up figures come from.")})
        if self.patients_treated is not None and not self.patients_treated_source:
            raise ValidationError(
                {"patients_treated_source": _("Say where the number of patients treated comes from.")}
            )

    @property
    def outcome_counts(self) -> OutcomeCounts | None:
        """The follow-up figures, None where they are not known. Raises ImpossibleCounts where they break a
        rule.
        """
        parts = (self.patients_treated, self.followed_up, self.improved, self.unchanged, self.worse)
        known = [part for part in parts if part is not None]
        return OutcomeCounts.of_figures(*known) if len(known) == len(parts) else None

    @property
    def shown_treated(self) -> int | None:
        """How many were treated, as it is published; None where it is not."""
        return (self.shown_outcomes or {}).get("treated")

    @property
    def has_few_treated(self) -> bool:
        """Whether so few people were treated that not even their number is published."""
        return bool((self.shown_outcomes or {}).get("few"))

    @property
    def shown_followed_up(self) -> int | None:
        """How many were followed up, as it is published; None where it is not."""
        return (self.shown_outcomes or {}).get("followed_up")

    @property
    def has_shown_groups(self) -> bool:
        """Whether outcomes are published."""
        return bool((self.shown_outcomes or {}).get("groups"))

    @property
    def story_counts(self) -> dict[str, int]:
        """How many published stories ended how, by `pages.choices.Outcome`; {} where they are not counted."""
        balance = getattr(self, "balance", None)
        return dict(balance.counts) if balance else {}

    @property
    def evidence_name(self) -> str:
        level = self.evidence_level  # get_evidence_level_display() puts all choices together again
        return str(EvidenceLevel(level).label) if level in EvidenceLevel else level

    @property
    def evidence_rung(self) -> int:
        """1 to 4, 0 where it has not been assessed."""
        return int(self.evidence_level or 0)

    @property
    def protocol_runs(self) -> list[tuple[str, list[Any]]]:
        """The protocol's blocks, neighbours of the same kind grouped: variants make one list."""
        return [(kind, list(run)) for kind, run in groupby(self.protocol, key=lambda block: block.block_type)]

    @property
    def term_words(self) -> str:
        """Every name of its condition and treatment, for the search index."""
        return " ".join([*self.condition.all_words(), *self.treatment.all_words()])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preload.resolve(self.expectations)
        context["documents"] = self.documents.select_related("document")
        return context

    def card(self, why: str = "") -> Card:
        return replace(super().card(why), who=self.condition.name, text=self.listing_text or self.lede)

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        data = super().json_ld(request)
        data["@type"] = "MedicalWebPage"
        data["about"] = [
            {"@type": "MedicalCondition", "name": self.condition.name},
            {"@type": "MedicalTherapy", "name": self.treatment.name},
        ]
        return data


class ProtocolDocument(Orderable):
    """A document of a treatment page, to view and to save."""

    page = ParentalKey(TreatmentPage, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it is"), blank=True, max_length=500)
    document = models.ForeignKey(
        "media.Document", on_delete=models.PROTECT, related_name="+", verbose_name=_("document")
    )
    is_sample = models.BooleanField(_("sample content"), default=False)

    panels = ["title", "text", "document", "is_sample"]

    class Meta(Orderable.Meta):
        verbose_name = _("document")
