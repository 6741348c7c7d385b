"""Store, for each treatment page, the outcomes of the published stories about it (D7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Value

from experiences.found import Found
from experiences.models.story import StoryPage
from experiences.public_index import public_index
from queries.kept import Lookup
from treatments.matching import lineages
from treatments.models import StoryBalance, TreatmentPage

# The tree paths of a story's conditions and of its treatments.
Paths = tuple[frozenset[str], frozenset[str]]


def _read_paths(stories: Collection[int]) -> dict[int, Paths]:
    """Return the terms of stories as stored now: one query."""
    conditions = StoryPage.conditions.through.objects.filter(storypage_id__in=stories).order_by()
    treatments = StoryPage.treatments.through.objects.filter(storypage_id__in=stories).order_by()
    rows = conditions.values_list("storypage_id", "condition__path", Value(0))
    found: defaultdict[int, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for story, path, kind in rows.union(
        treatments.values_list("storypage_id", "treatment__path", Value(1)), all=True
    ):
        found[story][kind].add(path)
    return {story: (frozenset(of[0]), frozenset(of[1])) for story, of in found.items()}


def _read_pages(terms: Collection[Paths]) -> dict[Paths, frozenset[int]]:
    """Return the treatment pages that count a story with these terms: one query for each set of terms."""
    found = {}
    for conditions, treatments in terms:
        if paths := lineages(conditions):
            pages = TreatmentPage.objects.filter(condition__path__in=paths)
            if treated := lineages(treatments):
                pages = pages.filter(treatment__path__in=treated)
            found[conditions, treatments] = frozenset(pages.values_list("pk", flat=True))
    return found


_pages_of: Lookup[Paths, frozenset[int]] = Lookup(_read_pages, frozenset())


def pages_covering(*stories: int) -> set[int]:
    """Return the treatment pages that count stories, by their conditions and treatments as stored now."""
    covering = _pages_of.of_all(_read_paths(stories).values())
    return set().union(*covering.values())


def recount(pages: Iterable[int] | None = None, *, changed: Iterable[int] = ()) -> int:
    """Count the stories of these treatment pages again; of all pages without a list.

    `changed`: the stories that this transaction publishes or unpublishes. Return the number of pages.
    """
    treatment_pages = TreatmentPage.objects.select_related("condition", "treatment", "balance").order_by("pk")
    if pages is not None:
        if not (numbers := list(pages)):
            return 0
        treatment_pages = treatment_pages.filter(pk__in=numbers)
    number = 0
    listed = public_index.with_pages(changed)
    for page in treatment_pages:
        counts = dict(Found(page.condition, page.treatment, listed).outcomes)
        known = getattr(page, "balance", None)
        if known is None or known.counts != counts:
            StoryBalance.objects.update_or_create(page=page, defaults={"counts": counts})
        number += 1
    return number
