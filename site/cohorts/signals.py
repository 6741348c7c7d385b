"""Brings figures and reports up to date when a cohort or its treatment page is published, changed or
unpublished.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models.signals import post_delete, pre_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, published, unpublished

from cohorts.models import Basis, Cohort, CohortFigure, CohortMeasure, CohortReportPage
from cohorts.report_versions import print_again, republish
from cohorts.services import count_rows
from cohorts.treatment_figures import fill, update_treatment_pages
from publication.mixins import about_person_models
from shared_changes.registry import share
from treatments.models import TreatmentPage


def cohort_published(instance: Cohort, **_rest: object) -> None:
    if instance.basis == Basis.ROWS:
        # What counts as improved may have been changed.
        count_rows(instance)
    revision = instance.live_revision or instance.latest_revision
    republish(cohort=instance, by=revision.user if revision else None)


def cohort_unpublished(instance: Cohort, **_rest: object) -> None:
    update_treatment_pages(instance)


def report_page_changed(instance: CohortReportPage, **_rest: object) -> None:
    """Stories link to the address of the report page, and its PDF names it."""
    update_treatment_pages(instance.cohort)
    if instance.live:
        print_again(page=instance)


def treatment_page_saved(instance: TreatmentPage, raw: bool, **_rest: object) -> None:
    """Set the figures of a page with a cohort to the cohort's, whatever its form or an old revision says."""
    if not raw:
        fill(instance)


def pages_beside(cohort: Cohort) -> Iterator[Page]:
    """Yield the pages on which a cohort is shown: those of its condition and treatment."""
    pair: dict[str, Any] = {"condition": cohort.condition_id, "treatment": cohort.treatment_id}
    yield from TreatmentPage.objects.filter(**pair)
    for model in about_person_models() if cohort.beside_stories else ():
        names = {field.name for field in model._meta.get_fields()}
        if {"conditions", "treatments"} <= names:
            yield from model._default_manager.filter(
                conditions=pair["condition"], treatments=pair["treatment"]
            )


def connect_signals() -> None:
    """Connect the receivers of this app."""
    published.connect(cohort_published, sender=Cohort, dispatch_uid="cohorts.published")
    for signal in (unpublished, post_delete):
        signal.connect(cohort_unpublished, sender=Cohort, dispatch_uid=f"cohorts.gone.{id(signal)}")
    for signal in (page_published, page_unpublished):
        signal.connect(
            report_page_changed, sender=CohortReportPage, dispatch_uid=f"cohorts.report_page.{id(signal)}"
        )
    pre_save.connect(treatment_page_saved, sender=TreatmentPage, dispatch_uid="cohorts.treatment_page")
    share(
        Cohort,
        *(
            "title",
            "period_from",
            "period_to",
            "treated",
            "source_kind",
            "source",
            "reference",
            "doi",
            "as_of",
        ),
        *("main_measure", "main_months", "is_sample", "method", "limits", "conflicts"),
        parts={
            CohortMeasure: ("cohort", ("name", "definition", "better", "least_change")),
            CohortFigure: (
                "cohort",
                ("measure", "months", "followed_up", "improved", "unchanged", "worse", "lost"),
            ),
        },
        pages=pages_beside,
    )
