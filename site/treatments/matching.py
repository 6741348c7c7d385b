"""Finds the treatment page about an experience: its condition and treatment are those of the experience, or
above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet

from conditions.models import Condition
from publication.visibility import note_list, visible_pages
from queries.prepared import Prepared
from treatments.models import TreatmentPage


def lineages(paths: Iterable[str]) -> set[str]:
    """Return tree paths and those of everything above them."""
    step = Condition.steplen
    return {path[:end] for path in paths for end in range(step, len(path) + 1, step)}


def page_covering(condition_paths: Iterable[str], treatment_paths: Iterable[str]) -> TreatmentPage | None:
    """Return the public treatment page about a person with these conditions who had these treatments.

    Without treatments any page of the condition will do. Of several the narrowest condition wins, then the
    narrowest treatment, then one whose figures are known. One query; none without a condition.
    """
    conditions, treatments = lineages(condition_paths), lineages(treatment_paths)
    if not conditions:
        return None
    note_list(TreatmentPage)
    of = {"conditions": sorted(conditions)} | ({"treatments": sorted(treatments)} if treatments else {})
    return next(iter(_narrowest(**of)), None)


def _narrowest_first(conditions: Sequence[str], treatments: Sequence[str] = ()) -> QuerySet[TreatmentPage]:
    pages = visible_pages(TreatmentPage.objects.all()).filter(condition__path__in=conditions)
    if treatments:
        pages = pages.filter(treatment__path__in=treatments)
    found: QuerySet[TreatmentPage] = pages.select_related("condition", "treatment", "balance").order_by(
        F("condition__depth").desc(),
        F("treatment__depth").desc(),
        F("patients_treated").desc(nulls_last=True),
        "pk",
    )
    return found.defer("expectations", "protocol", "questions")[:1]


_narrowest = Prepared(_narrowest_first)
