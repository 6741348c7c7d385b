"""Choosing the patient's words from the interviews with the person whom a case study is about."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import Truncator

from interviews.models import Excerpt


def offered(person_id: int | None, chosen_id: int | None) -> QuerySet[Excerpt]:
    """The excerpts that may be quoted: of interviews with that person, and the one that is quoted already."""
    mine = Q(interview__contributors__person=person_id, removed_at=None) if person_id else Q(pk=None)
    return (
        Excerpt.objects.filter(mine | Q(pk=chosen_id))
        .distinct()
        .order_by("interview", "section", "order", "pk")
    )


def in_short(excerpt: Any) -> str:
    """How an excerpt is named in the list: by its first words."""
    return Truncator(excerpt.text).chars(120)
