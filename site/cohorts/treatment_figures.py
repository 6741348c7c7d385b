"""One truth for what stands beside stories: a published cohort fills in the figures of its treatment pages.

`TreatmentPage` is below this room and is read with every story, so it keeps a copy of the few figures that stand
there; they cost no query. The copy is written here alone: when a cohort is published, counted anew or taken back, and
whenever such a page is saved, whatever its editor or an old revision says. Without a cohort what the page's editors
typed stands. Either way the outcomes as they may be shown, small numbers put together, are kept beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohorts.models.cohort import Cohort
from cohorts.published import main_line, treated_of
from cohorts.suppression import ShownOutcomes, is_small, shown_of_cohort
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
    """Set the figures of `page` from its cohort; take back those of a cohort that is gone. Nothing is saved."""
    cohort = (
        Cohort.objects.beside(page.condition_id, page.treatment_id)
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
    """A treatment page's fields as a cohort gives them; what is withheld is None."""
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
    names = ("followed_up", "improved", "unchanged", "worse")
    figures |= {name: shown.followed_up if name == "followed_up" else shown.count(name) for name in names}
    return figures | {"follow_up_source": cohort.source, "shown_outcomes": as_json(shown)}


def as_json(shown: ShownOutcomes) -> dict[str, Any]:
    return {
        "followed_up": shown.followed_up,
        "groups": [[list(names), count] for names, count in shown.groups],
    }


def _typed(page: TreatmentPage) -> dict[str, Any] | None:
    """What an editor typed, as it may be shown. Nothing where it is incomplete, or cannot be."""
    try:
        figures = page.figures
    except ValueError:
        return None
    if figures is None:
        return None
    return as_json(
        shown_of_cohort(
            treated=figures.treated,
            followed_up=figures.followed_up,
            improved=figures.improved,
            unchanged=figures.unchanged,
            worse=figures.worse,
        )
    )


def _report_address(cohort: Cohort) -> str:
    page = visible_pages(cohort.report_pages.all()).first() if cohort.pk else None
    return (page.url or "") if page else ""


def spread(cohort: Cohort) -> None:
    """Write a cohort's figures into the treatment pages that show them, and take them out of those that no longer do."""
    pages = TreatmentPage.objects.filter(condition_id=cohort.condition_id, treatment_id=cohort.treatment_id)
    write(pages | TreatmentPage.objects.filter(figures_cohort=cohort.pk))


def write(pages: Iterable[TreatmentPage]) -> None:
    """Fill in and save the figures of `pages`, and nothing else of them."""
    for page in pages:
        fill(page)
        TreatmentPage.objects.filter(pk=page.pk).update(**{name: getattr(page, name) for name in KEPT})
