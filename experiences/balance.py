"""Store, for each treatment page, the outcomes of the published stories about it (D7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from experiences.models.story import StoryPage
from experiences.querysets import stories_for
from treatments.matching import lineages
from treatments.models import StoryBalance, TreatmentPage


def pages_covering(story_id: int) -> set[int]:
    """Return the treatment pages that count a story, by its conditions and treatments as stored now."""
    conditions = StoryPage.conditions.through.objects.filter(storypage_id=story_id)
    paths = lineages(conditions.values_list("condition__path", flat=True))
    if not paths:
        return set()
    treatments = StoryPage.treatments.through.objects.filter(storypage_id=story_id)
    treated = lineages(treatments.values_list("treatment__path", flat=True))
    pages = TreatmentPage.objects.filter(condition__path__in=paths)
    if treated:
        pages = pages.filter(Q(treatment__path__in=treated))
    return set(pages.values_list("pk", flat=True))


def recount(pages: Iterable[int] | None = None) -> int:
    """Count the stories of these treatment pages again; of all pages without a list.

    Return the number of pages.
    """
    treatment_pages = TreatmentPage.objects.select_related("condition", "treatment").order_by("pk")
    if pages is not None:
        treatment_pages = treatment_pages.filter(pk__in=list(pages))
    number = 0
    for page in treatment_pages:
        stories: Any = stories_for(page.condition, page.treatment)
        counts = dict(stories.order_by().values_list("outcome").annotate(Count("pk")))
        StoryBalance.objects.update_or_create(page=page, defaults={"counts": counts})
        number += 1
    return number
