"""Finds the treatment page about an experience: its condition and treatment are those of the experience, or
above them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from conditions.models import Condition
from publication.visibility import visible_pages
from treatments.models import Treatment, TreatmentPage


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
    pages = visible_pages(TreatmentPage.objects.all()).filter(condition__path__in=conditions)
    if treatments:
        pages = pages.filter(treatment__path__in=treatments)
    found: TreatmentPage | None = (
        pages.select_related("condition", "treatment", "balance")
        .order_by(
            F("condition__depth").desc(),
            F("treatment__depth").desc(),
            F("patients_treated").desc(nulls_last=True),
            "pk",
        )
        .defer("expectations", "protocol", "questions")
        .first()
    )
    return found


def matching(pages: QuerySet[Any], condition: Condition | None, treatment: Treatment | None) -> QuerySet[Any]:
    """Return those of `pages` (with `conditions` and `treatments`) that belong to a condition and a
    treatment.

    Tagged with the condition or anything below it; and with the treatment or anything below it, or with no
    treatment at all: an editor who names a condition only is not made to look for the treatment's word. None
    means every condition, every treatment.
    """
    if condition is not None:
        tagged = pages.model.conditions.through.objects.filter(condition__path__startswith=condition.path)
        pages = pages.filter(pk__in=tagged.values(pages.model._meta.model_name))
    if treatment is not None:
        through = pages.model.treatments.through.objects
        key = pages.model._meta.model_name
        tagged = through.filter(treatment__path__startswith=treatment.path)
        pages = pages.filter(Q(pk__in=tagged.values(key)) | ~Q(pk__in=through.values(key)))
    return pages
