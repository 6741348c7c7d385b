"""The figures next to stories: a published cohort fills in those of its treatment pages.

`TreatmentPage` is below this app and is read with every story, so it keeps a copy of the few figures shown
there; they cost no query. Only this module writes the copy: when a cohort is published, counted again or
unpublished, and whenever such a page is saved, whatever its editor or an old revision says. Without a cohort
the figures that editors typed stay. Either way the outcomes as they may be published, small numbers combined,
are kept with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohorts.models.cohort import Cohort
from cohorts.published import main_line, treated_of
from cohorts.suppression import is_small, shown_of_cohort
from pages.outcome_counts import FOLLOWED_UP, ImpossibleCounts
from publication.visibility import visible_pages
from treatments.models import TreatmentPage

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS = (
    "patients_treated",
    "patients_treated_at_least",
    "patients_treated_source",
    "patients_treated_on",
    "followed_up",
    "improved",
    "unchanged",
    "worse",
    "follow_up_months",
    "follow_up_source",
    "follow_up_is_sample",
)
KEPT = (*FIELDS, "shown_outcomes", "figures_cohort", "figures_report")


def fill(page: TreatmentPage) -> None:
    """Set the figures of `page` from its cohort; clear those of a cohort that is gone. Nothing is saved."""
    cohort = (
        Cohort.objects.shown_with_stories(page.condition_id, page.treatment_id)
        if page.condition_id and page.treatment_id
        else None
    )
    if cohort is not None:
        _set(page, figures_of(cohort))
        page.figures_cohort = cohort.pk
        page.figures_report = _report_address(cohort)
        return
    if page.figures_cohort:
        _set(page, dict.fromkeys(FIELDS))
        page.figures_cohort, page.figures_report = None, ""
    page.shown_outcomes = _typed(page)


def _set(page: TreatmentPage, figures: dict[str, Any]) -> None:
    for name in FIELDS:
        field = TreatmentPage._meta.get_field(name)
        value = figures.get(name)
        setattr(page, name, field.get_default() if value is None else value)
    page.shown_outcomes = figures.get("shown_outcomes")


def figures_of(cohort: Cohort) -> dict[str, Any]:
    """Return a treatment page's fields as a cohort gives them; what is withheld is None."""
    treated = treated_of(cohort)
    if treated is None or is_small(treated):
        return {"patients_treated_source": "" if treated is None else cohort.source}
    figures: dict[str, Any] = {
        "patients_treated": treated,
        "patients_treated_at_least": cohort.treated_at_least,
        "patients_treated_source": cohort.source,
        "patients_treated_on": cohort.as_of,
        "follow_up_months": cohort.main_months,
        "follow_up_is_sample": cohort.is_sample,
    }
    line = main_line(cohort)
    if line is None:
        return figures
    shown = line.shown(treated)
    figures["followed_up"] = shown.followed_up
    figures |= {name: shown.count(name) for name in FOLLOWED_UP}
    return figures | {"follow_up_source": cohort.source, "shown_outcomes": shown.as_json()}


def _typed(page: TreatmentPage) -> dict[str, Any] | None:
    """Return what an editor typed, as it may be published. None where it is incomplete or breaks a rule."""
    try:
        counts = page.outcome_counts
    except ImpossibleCounts:
        return None
    return shown_of_cohort(counts).as_json() if counts else None


def _report_address(cohort: Cohort) -> str:
    page = visible_pages(cohort.report_pages.all()).first() if cohort.pk else None
    return (page.url or "") if page else ""


def update_treatment_pages(cohort: Cohort) -> None:
    """Write a cohort's figures into the treatment pages that show them, and take them out of those that no
    longer do.
    """
    pages = TreatmentPage.objects.filter(condition_id=cohort.condition_id, treatment_id=cohort.treatment_id)
    refresh(pages | TreatmentPage.objects.filter(figures_cohort=cohort.pk))


def refresh(pages: Iterable[TreatmentPage]) -> None:
    """Fill in and save the figures of `pages`, and nothing else of them."""
    for page in pages:
        fill(page)
        TreatmentPage.objects.filter(pk=page.pk).update(**{name: getattr(page, name) for name in KEPT})
