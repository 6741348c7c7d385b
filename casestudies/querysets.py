"""Case studies for lists: those of the index, and those that belong to a condition and a treatment."""

from __future__ import annotations

from django.db.models import QuerySet

from casestudies.models.case import PROSE, CaseStudyPage
from publication.visibility import visible_pages


def for_lists() -> QuerySet[CaseStudyPage]:
    """Public case studies with what a card needs, newest first; their long texts are left where they are."""
    cases: QuerySet[CaseStudyPage] = visible_pages(CaseStudyPage.objects.all()).select_related("clearance")
    return (
        cases.select_related("picture")
        .defer("figures", *PROSE)
        .order_by("-published_on", "-first_published_at", "pk")
    )
