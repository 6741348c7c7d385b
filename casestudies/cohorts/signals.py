"""What follows when a cohort, or a treatment page that shows one, is published, changed or taken back."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, pre_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, published, unpublished

from casestudies.cohorts.beside import fill, spread
from casestudies.cohorts.services import count_rows, republish
from casestudies.models import Basis, Cohort, CohortReportPage
from treatments.models import TreatmentPage


@receiver(published, sender=Cohort)
def cohort_published(instance: Cohort, **_rest: Any) -> None:
    if instance.basis == Basis.ROWS:
        # What counts as improved may have been changed.
        count_rows(instance)
    revision = instance.live_revision or instance.latest_revision
    republish(cohort=instance, by=revision.user if revision else None)


@receiver(unpublished, sender=Cohort)
@receiver(post_delete, sender=Cohort)
def cohort_taken_back(instance: Cohort, **_rest: Any) -> None:
    spread(instance)


@receiver(page_published, sender=CohortReportPage)
@receiver(page_unpublished, sender=CohortReportPage)
def report_page_changed(instance: CohortReportPage, **_rest: Any) -> None:
    """Its address stands beside stories."""
    spread(instance.cohort)


@receiver(pre_save, sender=TreatmentPage)
def treatment_page_saved(instance: TreatmentPage, raw: bool, **_rest: Any) -> None:
    """Whatever its form or an old revision says, the figures of a page with a cohort are the cohort's."""
    if not raw:
        fill(instance)
