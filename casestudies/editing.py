"""The form of a case study: its fields in the order of CARE, each with what the guideline asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel

from approval.admin.family_panel import FamilyPanel
from casestudies.observation_forms import MeasurementsPanel
from casestudies.panels import CarePanel, asked


def case_panels() -> list[Any]:
    """Return the panels of CaseStudyPage. A name is a field's; `asked` adds the guideline's words to it."""
    return [*_opening_panels(), *_patient_panels(), *_course_panels(), *_closing_panels()]


def _opening_panels() -> list[Any]:
    """Return the panels about the page itself: its title, authors and tags."""
    return [
        FamilyPanel(),
        CarePanel(),
        asked("title", TitleFieldPanel),
        MultiFieldPanel(
            [FieldRowPanel(["picture", "tone"]), "plain_summary", asked("keywords"), "is_sample"],
            heading=_("Opening"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(["case_number", "version", "published_on"]),
                "change_note",
                InlinePanel("authors", label=_("author")),
            ],
            heading=_("Authors and publication"),
        ),
        MultiFieldPanel(["conditions", "treatments"], heading=_("Tagged by")),
    ]


def _patient_panels() -> list[Any]:
    """Return the panels from the key facts to the timeline."""
    return [
        MultiFieldPanel(
            [
                FieldRowPanel(["age_at_treatment", "age_at_report"]),
                FieldRowPanel(["sex", "country"]),
                FieldPanel("diagnosis", help_text=_("As a clinician writes it, in one line.")),
                "treatment_received",
                FieldRowPanel(["outcome", "outcome_text", "followed_months"]),
                FieldPanel("person", permission="consent.view_person"),
            ],
            heading=_("Key facts"),
        ),
        MultiFieldPanel(
            [
                asked("abstract_adds"),
                asked("abstract_findings"),
                asked("abstract_interventions"),
                asked("abstract_conclusion"),
            ],
            heading=_("Abstract"),
        ),
        asked("introduction"),
        MultiFieldPanel(
            [
                FieldPanel("demographics"),
                asked("main_symptoms"),
                asked("history"),
                asked("past_interventions"),
            ],
            heading=_("Patient information"),
        ),
        asked("clinical_findings"),
        MultiFieldPanel(["timeline_from", InlinePanel("timeline", label=_("entry"))], heading=_("Timeline")),
    ]


def _course_panels() -> list[Any]:
    """Return the panels about the diagnosis, the treatment and the outcomes."""
    return [
        MultiFieldPanel(
            [
                asked("diagnostic_methods"),
                asked("diagnostic_challenges"),
                asked("diagnostic_reasoning"),
                asked("prognosis"),
            ],
            heading=_("Tests and diagnosis"),
        ),
        MultiFieldPanel(
            [
                asked("intervention"),
                InlinePanel("treatments_given", heading=_("Treatment table"), label=_("treatment")),
                asked("intervention_changes"),
            ],
            heading=_("Treatment given"),
        ),
        MultiFieldPanel(
            [
                asked("outcomes"),
                MeasurementsPanel(),
                InlinePanel("observations", heading=_("Measurements"), label=_("measurement")),
                asked("follow_up_tests"),
                asked("adherence"),
                asked("adverse_events"),
            ],
            heading=_("Follow-up and outcomes"),
        ),
    ]


def _closing_panels() -> list[Any]:
    """Return the panels from the figures to the documents."""
    return [
        "figures",
        MultiFieldPanel(
            [asked("strengths_limits"), asked("literature"), asked("rationale"), asked("take_away")],
            heading=_("Discussion"),
        ),
        MultiFieldPanel(
            [asked("perspective"), "perspective_by", "perspective_excerpt"],
            heading=_("Patient perspective"),
        ),
        MultiFieldPanel(
            [asked("consent_statement"), "competing_interests", "funding"], heading=_("Consent and interests")
        ),
        InlinePanel("references", heading=_("References"), label=_("reference")),
        InlinePanel("documents", heading=_("Documents"), label=_("document")),
    ]
