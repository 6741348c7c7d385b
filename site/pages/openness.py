"""Lists show only what everybody may see: pages in no private part of the tree."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction

from people.gate import public_pages


def open_to_all(pages: QuerySet[Any]) -> QuerySet[Any]:
    """The pages that everybody may see now: live, not restricted, about a person only with consent in force.

    Everything that shows pages to the public asks this. No query of its own, as Wagtail's `public()` has.
    """
    above = PageViewRestriction.objects.annotate(
        place=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(place__startswith=F("page__path"))
    return public_pages(pages).filter(~Exists(above))
