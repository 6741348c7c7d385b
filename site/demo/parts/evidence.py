"""Treatment pages and case studies."""

from __future__ import annotations

from functools import partial
from typing import Any

from wagtail.fields import RichTextField
from wagtail.models import Orderable

from casestudies.models import (
    CaseAuthor,
    CaseStudyPage,
    Observation,
    Reference,
    TimelineEntry,
    TreatmentGiven,
)
from casestudies.models.sections import CareSections
from cohorts.models import Cohort, CohortFigure, CohortMeasure, CohortReportPage
from demo.parts import streams
from demo.parts.people import person_of
from demo.prose import Text, as_html
from demo.site_builder import SiteBuilder, review
from treatments.models import ProtocolDocument, TreatmentPage


def make_treatments(builder: SiteBuilder) -> None:
    for text in builder.content.treatments:
        builder.publish(text.head["key"], "treatments", partial(treatment, text, builder))


def treatment(text: Text, builder: SiteBuilder) -> TreatmentPage | None:
    head = text.head
    conditions, treatments = (
        builder.conditions([head["condition"]]),
        builder.treatments([head["treatment"]]),
    )
    if not conditions or not treatments:
        return None
    has_figures = "followed_up" in head
    page = TreatmentPage(
        title=head["title"],
        slug=head["slug"],
        search_description=head["description"],
        listing_text=head["description"],
        condition=conditions[0],
        treatment=treatments[0],
        lede=head["lede"],
        cells=head["cells"],
        picture=builder.find(f"picture-{head['picture']}"),
        tone=head["tone"],
        patients_treated=head.get("treated"),
        patients_treated_at_least=head.get("treated_at_least", False),
        patients_treated_source=head.get("treated_source", ""),
        patients_treated_on=head.get("treated_on"),
        followed_up=head.get("followed_up"),
        improved=head.get("improved"),
        unchanged=head.get("unchanged"),
        worse=head.get("worse"),
        follow_up_months=head.get("months", 12),
        follow_up_source=head.get("follow_up_source", ""),
        follow_up_is_sample=has_figures,
        expectations=streams.body(text.part("Expect").pieces, builder),
        protocol=streams.body(text.part("Protocol").pieces, builder),
        evidence_level=head["evidence_level"],
        evidence_summary=head["evidence_summary"],
        evidence_tells=head["evidence_tells"],
        evidence_does_not_tell=head["evidence_does_not_tell"],
        questions=streams.stored(streams.block("question", question) for question in head["questions"]),
        approval_status=head.get("approval_status", ""),
        trial_numbers=head.get("trial_numbers", ""),
        risks=head.get("risks", ""),
        cost_bearer=head.get("cost_bearer", ""),
        evidence_signed_off_by=head.get("signed_off_by", ""),
        evidence_signed_off_on=head.get("signed_off_on"),
        **review(),
    )
    page.documents = [
        ProtocolDocument(
            sort_order=number, title=entry["title"], text=entry["text"], document=document, is_sample=True
        )
        for number, entry in enumerate(head.get("documents", ()))
        if (document := builder.find(f"document-{entry['document']}"))
    ]
    return page


def make_cohorts(builder: SiteBuilder) -> None:
    """Make each treatment's cohort, which gives its page the figures, and the page of the cohort's report."""
    for text in builder.content.treatments:
        entry = text.head.get("cohort")
        if not entry:
            continue
        builder.once(f"cohort-{text.head['key']}", partial(cohort, text.head, entry, builder))
        builder.publish(
            f"report-{text.head['key']}", text.head["key"], partial(report, text.head, entry, builder)
        )


def cohort(head: dict[str, Any], entry: dict[str, Any], builder: SiteBuilder) -> Cohort | None:
    conditions, treatments = (
        builder.conditions([head["condition"]]),
        builder.treatments([head["treatment"]]),
    )
    if not conditions or not treatments:
        return None
    tables: dict[str, Any] = {
        "measures": [CohortMeasure(sort_order=1, name=entry["measure"], definition=entry["definition"])],
        "figures": [
            CohortFigure(
                sort_order=number,
                measure=entry["measure"],
                months=months,
                followed_up=followed_up,
                improved=improved,
                unchanged=unchanged,
                worse=worse,
            )
            for number, (months, followed_up, improved, unchanged, worse) in enumerate(entry["times"])
        ],
    }
    made = Cohort(
        **tables,
        live=False,
        title=entry["title"],
        condition=conditions[0],
        treatment=treatments[0],
        period_from=entry["period_from"],
        treated=head["treated"],
        treated_at_least=head["treated_at_least"],
        source_kind=entry["source_kind"],
        source=entry["source"],
        as_of=head["treated_on"],
        main_months=head["months"],
        is_sample=True,
        method=entry["method"],
        limits="\n".join(entry["limits"]),
        conflicts=entry["conflicts"],
    )
    made.save()
    made.save_revision().publish()
    return made


def report(head: dict[str, Any], entry: dict[str, Any], builder: SiteBuilder) -> CohortReportPage | None:
    made = builder.find(f"cohort-{head['key']}")
    if made is None:
        return None
    return CohortReportPage(
        title=entry["title"],
        slug="report",
        cohort=made,
        lede=entry["lede"],
        search_description=entry["lede"],
        listing_text=entry["lede"],
        tone=head["tone"],
        **review(),
    )


def make_cases(builder: SiteBuilder) -> None:
    for entry in builder.content.cases:
        builder.publish(entry["key"], "cases", partial(case, entry, builder), entry["published_on"])


def case(entry: dict[str, Any], builder: SiteBuilder) -> CaseStudyPage:
    rich = {field.name for field in CareSections._meta.fields if isinstance(field, RichTextField)}
    sections = {
        field.name: as_html((entry[field.name],), builder.address)
        if field.name in rich
        else entry[field.name]
        for field in CareSections._meta.fields
        if field.name in entry
    }
    plain = (
        "title", "slug", "case_number", "version", "published_on", "keywords", "plain_summary", "tone",
        "age_at_treatment", "age_at_report", "sex", "country", "diagnosis", "treatment_received", "outcome",
        "outcome_text", "followed_months",
    )  # fmt: skip
    page = CaseStudyPage(
        person=person_of(entry["key"], "Sample"),
        **{name: entry[name] for name in plain},
        **sections,
        search_description=entry["plain_summary"][:250],
        picture=builder.find(f"picture-{entry['picture']}"),
        **review(),
    )
    page.conditions = builder.conditions(entry["conditions"])
    page.treatments = builder.treatments(entry["treatments"])
    tables: dict[str, list[Orderable]] = {
        "authors": [CaseAuthor(sort_order=n, **row) for n, row in enumerate(entry["authors"])],
        "timeline": [TimelineEntry(sort_order=n, **row) for n, row in enumerate(entry["timeline"])],
        "treatments_given": [
            TreatmentGiven(sort_order=n, **row) for n, row in enumerate(entry["treatments_given"])
        ],
        "references": [Reference(sort_order=n, **row) for n, row in enumerate(entry["references"])],
        "observations": observations(entry["measures"]),
    }
    for name, rows in tables.items():
        setattr(page, name, rows)
    return page


def observations(measures: list[dict[str, Any]]) -> list[Orderable]:
    """Return a row for each value, by measure and time. Measures known to the site follow its rules."""
    rows = [
        Observation(
            sort_order=1000 * place + int(months),
            measure=measure["measure"],
            unit=measure.get("unit", ""),
            better=measure["better"],
            assessed_by=measure["assessed_by"],
            months=int(months),
            value=value,
        )
        for place, measure in enumerate(measures, start=1)
        for months, value in measure["values"].items()
    ]
    for row in rows:
        row.adopt()
    return list[Orderable](rows)
