"""Case studies for lists: those of the index, and those that belong to a condition and a treatment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from casestudies.models.case import PROSE, CaseStudyPage
from publication.visibility import note_list, visible_pages
from queries.prepared import Prepared


def for_lists() -> QuerySet[CaseStudyPage]:
    """Public case studies with what a card needs, newest first; their long texts are left where they are."""
    return _for_lists(None, named=False)


def cases_of(numbers: Collection[int]) -> list[CaseStudyPage]:
    """Return those of these case studies that are public, as `for_lists` does."""
    note_list(CaseStudyPage)
    return _numbered(numbers=sorted(numbers), on=timezone.now())


def _for_lists(on: datetime | None, *, named: bool) -> QuerySet[CaseStudyPage]:
    cases: QuerySet[CaseStudyPage] = visible_pages(CaseStudyPage.objects.all(), on, named=named)
    return (
        cases.select_related("clearance", "picture")
        .defer("figures", *PROSE)
        .order_by("-published_on", "-first_published_at", "pk")
    )


_numbered = Prepared(lambda numbers, on: _for_lists(on, named=True).filter(pk__in=numbers))
