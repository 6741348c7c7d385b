"""Made-up case studies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from wagtail.models import Page

from casestudies.models import (
    CaseAuthor,
    CaseDocument,
    CaseStudyIndexPage,
    CaseStudyPage,
    Observation,
    Reference,
    TimelineEntry,
    TreatmentGiven,
)
from tests import factories

TABLES: dict[str, Any] = {
    "authors": CaseAuthor,
    "timeline": TimelineEntry,
    "treatments_given": TreatmentGiven,
    "observations": Observation,
    "references": Reference,
    "documents": CaseDocument,
}


def case_study_index() -> CaseStudyIndexPage:
    found = CaseStudyIndexPage.objects.first()
    if found:
        return found
    parent = Page.objects.get(pk=factories.home().pk)
    parent.add_child(instance=CaseStudyIndexPage(title="Case studies", slug="case-studies"))
    return CaseStudyIndexPage.objects.get()


class _CaseStudies(factories.PageFactory):
    """`conditions`, `treatments`: terms; a table (`authors`, `timeline`, ...): dicts of its fields."""

    class Meta:
        model = CaseStudyPage

    title = factory.Sequence(lambda n: f"Case study {n}: stiff legs in a 7 year old")

    @classmethod
    def default_parent(cls) -> Page:
        return case_study_index()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        tables = {name: kwargs.pop(name) for name in TABLES if name in kwargs}
        page = super()._create(model_class, *args, **kwargs)
        for name, rows in tables.items():
            for number, fields in enumerate(rows):
                TABLES[name].objects.create(page=page, sort_order=number, **fields)
        return model_class.objects.get(pk=page.pk)

    class Params:
        whole = factory.Trait(
            title=factory.Sequence(
                lambda n: (
                    f"Case study {n}: spastic diplegia in a 7 year old, 12 months after cord blood cells"
                )
            ),
            case_number="RH-CS-014",
            version=2,
            published_on=dt.date(2026, 4, 8),
            keywords="cerebral palsy, spastic diplegia, umbilical cord blood, case report",
            plain_summary=(
                "A girl could stand and climb better after one year. Her muscles were a little less stiff. Her speech "
                "did not change. We cannot say that the treatment was the reason."
            ),
            age_at_treatment=7,
            age_at_report=8,
            sex="female",
            country="PT",
            diagnosis="Spastic diplegia, GMFCS level III",
            treatment_received="6 packets of cord blood stem cells: 4 by IV, 2 by LP",
            outcome="mixed",
            outcome_text="Movement a little better, speech unchanged",
            followed_months=12,
            is_sample=True,
            abstract_adds="Cord blood cells are given to some children with cerebral palsy. The benefit is not proven.",
            abstract_findings="A 7 year old girl with spastic diplegia, born at 31 weeks.",
            abstract_interventions="Six packets in 26 days. GMFM-66 rose from 51.2 to 55.6 at 12 months.",
            abstract_conclusion="Small gains in movement. One case cannot show the cause.",
            introduction="<p>Many families ask whether cord blood cells can help. Reports are few [1].</p>",
            demographics="<p>Girl, 7 years at treatment. Lives at home, goes to a mainstream school.</p>",
            main_symptoms="<p>Stiff legs; she walks indoors with a frame.</p>",
            history="<p>Born at 31 weeks, 1,540 g. No seizures.</p>",
            past_interventions="<p>Physiotherapy twice a week since 18 months.</p>",
            clinical_findings="<p>GMFCS level III [2]. Both calf muscles were stiff, grade 3.</p>",
            diagnostic_methods="<p>MRI at 18 months showed periventricular leukomalacia.</p>",
            diagnostic_challenges="<p>None.</p>",
            diagnostic_reasoning="<p>Spastic diplegia. A hereditary paraplegia was considered.</p>",
            prognosis="<p>Children at level III gain little after seven years of age.</p>",
            intervention="<p>Donated, screened cord blood cells. Physiotherapy went on.</p>",
            intervention_changes="<p>Physiotherapy rose from two to three times a week.</p>",
            outcomes="<p>The same physiotherapist measured each time. She was not blinded.</p>",
            follow_up_tests="<p>A hip X-ray at 12 months was unchanged.</p>",
            adherence="<p>All six packets were given.</p>",
            adverse_events="<p>Headache and vomiting after each LP, gone within 36 hours.</p>",
            strengths_limits="<p>Every measurement was planned. The assessor was not blinded.</p>",
            literature="<p>A gain of 4.4 points is above a published threshold [1, 2].</p>",
            rationale="<p>Children of this age also gain points as they grow.</p>",
            take_away="<p>One case without a comparison cannot show the cause.</p>",
            perspective="She wants to do her exercises now. I do not know which came first.",
            perspective_by="Mother, at 12 months",
            consent_statement="The parents gave written consent to publish. The child agreed in her own words.",
            competing_interests="Both authors work for a hospital that offers this treatment.",
            funding="The family paid for the treatment.",
            authors=[
                {"name": "Example A", "role": "child neurologist", "institution": "Example East Hospital"},
                {"name": "Example B", "role": "physiotherapist"},
            ],
            timeline=[
                {"months": 12, "kind": "outcome", "text": "Climbs 5 stairs with both hands on the rail."},
                {"months": -66, "kind": "test", "text": "MRI.", "source": "Hospital record"},
                {"months": 0, "kind": "treatment", "text": "Six packets in 26 days."},
                {"months": 1, "kind": "adverse", "text": "Headache after the second LP."},
            ],
            treatments_given=[
                {
                    "day": 1,
                    "kind": "Cord blood cells",
                    "dose": "1 packet",
                    "route": "IV",
                    "side_effects": "none",
                },
                {"day": 8, "kind": "Cord blood cells", "dose": "1 packet", "route": "LP"},
            ],
            observations=[
                {
                    "measure": "GMFM-66",
                    "months": months,
                    "value": value,
                    "better": "higher",
                    "assessed_by": "clinician",
                }
                for months, value in ((-3, "50.8"), (0, "51.2"), (3, "53.4"), (12, "55.6"))
            ]
            + [
                {"measure": "Ashworth, right calf", "months": months, "value": value, "better": "lower"}
                for months, value in ((0, "3"), (12, "2"))
            ],
            references=[
                {
                    "text": "Riley DS and others. CARE guidelines for case reports. J Clin Epidemiol. 2017;89:218–235.",
                    "doi": "10.1016/j.jclinepi.2017.04.026",
                },
                {
                    "text": "Palisano R and others. Dev Med Child Neurol. 1997;39(4):214–223.",
                    "pmid": "9183258",
                },
            ],
        )


# What a factory makes is a page, not the factory: the type checker cannot know.
CaseStudyPageFactory: Any = _CaseStudies
