"""The figures next to stories: a published cohort fills in those of its treatment pages.

`TreatmentPage` is below this app and is read with every story, so it keeps a copy of the few figures shown
there; they cost no query. Only this module writes the copy: when a cohort is published, counted again or
unpublished, and whenever such a page is saved, whatever its editor or an old revision says. Without a cohort
the figures that editors typed stay. Either way the outcomes as they may be published, small numbers combined,
are kept with them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cohorts.models.cohort import Cohort
from cohorts.suppression import shown_of_cohort, shown_treated
from disclosure_control import configured
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
    """Return a treatment page's fields as the cohort's newest version has them; what is withheld is None."""
    data = cohort.reports.shown().values_list("data", flat=True).first() if cohort.pk else None
    if data is None or (data["treated"] is None and not data.get("few")):
        return {}
    if data["treated"] is None:
        return {"patients_treated_source": data["source"], "shown_outcomes": _as_json(None, [], few=True)}
    figures: dict[str, Any] = {
        "patients_treated": data["treated"],
        "patients_treated_at_least": data["at_least"],
        "patients_treated_source": data["source"],
        "patients_treated_on": date.fromisoformat(data["as_of"]) if data["as_of"] else None,
        "follow_up_months": data["main"][1] if data["main"] else cohort.main_months,
        "follow_up_is_sample": data["is_sample"],
        "shown_outcomes": _as_json(data["treated"], []),
    }
    time = main_time(data)
    if time is None:
        return figures
    groups = {tuple(names): count for names, count in time["groups"]}
    figures["followed_up"] = time["followed_up"]
    figures |= {name: groups.get((name,)) for name in FOLLOWED_UP}
    shown = _as_json(data["treated"], time["groups"], followed_up=time["followed_up"])
    return figures | {"follow_up_source": data["source"], "shown_outcomes": shown}


def main_time(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the figures shown next to stories: of the main measure at the main time; None without any."""
    if not data["main"]:
        return None
    name, months = data["main"]
    times = (time for measure in data["measures"] if measure["name"] == name for time in measure["times"])
    return next((time for time in times if time["months"] == months), None)


def _as_json(
    treated: int | None, groups: list[Any], *, followed_up: int | None = None, few: bool = False
) -> dict[str, Any]:
    return {"treated": treated, "few": few, "followed_up": followed_up, "groups": groups}


def _typed(page: TreatmentPage) -> dict[str, Any] | None:
    """Return what an editor typed, as it may be published. None where nothing is, or it breaks a rule."""
    rules, at_least = configured.rules(), page.patients_treated_at_least
    if not page.patients_treated:
        return None
    treated = shown_treated(page.patients_treated, rules, at_least=at_least)
    if treated is None:
        return _as_json(None, [], few=True)
    try:
        counts = page.outcome_counts
    except ImpossibleCounts:
        counts = None
    if counts is None:
        return _as_json(treated, [])
    return {"treated": treated, "few": False} | shown_of_cohort(counts, rules, at_least=at_least).as_json()


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
