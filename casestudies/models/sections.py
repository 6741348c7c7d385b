"""The prose sections of a case report: a field for each sub-item of CARE, so that a gap can be seen."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from pages.disclosures import FROM_SITE, FROM_TREATMENT

FEATURES = ["bold", "italic", "superscript", "subscript", "ol", "ul", "link"]


def prose(name: Any) -> RichTextField:
    """One sub-item's text. Headings come from the page; [3] becomes a link to the third reference."""
    return RichTextField(name, blank=True, features=FEATURES)


class CareSections(models.Model):
    """Items 3 to 6 and 8 to 13 of CARE 2013. Tables (timeline, treatments, measurements) are in `entries`."""

    # Where each disclosure of a case study comes from (pages.disclosures).
    disclosures = {
        "D1": FROM_TREATMENT,
        "D2": FROM_TREATMENT,
        "D3": "funding competing_interests",
        "D4": "perspective",
        "D5": "is_sample",
        "D6": "person clearance_now",
        "D7": FROM_TREATMENT,
        "D8": FROM_TREATMENT,
        "D9": "consent_statement",
        "D10": "authors",
        "D11": "last_reviewed next_review_due",
        "D12": FROM_SITE,
    }

    abstract_adds = models.TextField(_("what this case adds"), blank=True, max_length=800)
    abstract_findings = models.TextField(_("symptoms and findings"), blank=True, max_length=800)
    abstract_interventions = models.TextField(
        _("diagnoses, treatment and outcomes"), blank=True, max_length=800
    )
    abstract_conclusion = models.TextField(_("conclusion"), blank=True, max_length=800)

    introduction = prose(_("introduction"))

    demographics = prose(_("who the patient is"))
    main_symptoms = prose(_("main symptoms"))
    history = prose(_("medical, family and psychosocial history"))
    past_interventions = prose(_("earlier treatment and what came of it"))
    clinical_findings = prose(_("clinical findings"))

    diagnostic_methods = prose(_("tests"))
    diagnostic_challenges = prose(_("difficulties of diagnosis"))
    diagnostic_reasoning = prose(_("diagnosis, reasoning and what else was considered"))
    prognosis = prose(_("prognosis"))

    intervention = prose(_("treatment given"))
    intervention_changes = prose(_("changes of treatment, and why"))

    outcomes = prose(_("outcomes, as clinician and patient judged them"))
    follow_up_tests = prose(_("tests at follow-up"))
    adherence = prose(_("adherence, and how the treatment was borne"))
    adverse_events = prose(_("side effects"))

    strengths_limits = prose(_("strengths and limits"))
    literature = prose(_("what others have found"))
    rationale = prose(_("reasons for the conclusions"))
    take_away = prose(_("take-away"))

    perspective = models.TextField(
        _("patient perspective"),
        blank=True,
        max_length=1500,
        help_text=_("The exact words, without quotation marks. Show an omission as […]."),
    )
    perspective_by = models.CharField(
        _("who says it"), blank=True, max_length=120, help_text=_("E.g. ‘Mother, at 12 months’.")
    )
    consent_statement = models.TextField(
        _("informed consent"),
        blank=True,
        max_length=800,
        help_text=_("E.g. ‘The parents gave written consent to publish. The child agreed in her own words.’"),
    )
    competing_interests = models.TextField(
        _("competing interests"),
        blank=True,
        max_length=800,
        help_text=_(
            "Who employs the authors, who pays them, what they own. ‘None declared’ if there are none."
        ),
    )
    funding = models.TextField(
        _("funding"),
        blank=True,
        max_length=500,
        help_text=_("Who paid for the treatment and for the report."),
    )

    class Meta:
        abstract = True
