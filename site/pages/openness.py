"""Lists show only what everybody may see: pages in no private part of the tree."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction


def open_to_all(pages: QuerySet[Any]) -> QuerySet[Any]:
    """The live pages without a restriction on them or above them. No query of its own, as Wagtail's `public()` has."""
    above = PageViewRestriction.objects.annotate(
        place=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(place__startswith=F("page__path"))
    return pages.live().filter(~Exists(above))  # type: ignore[attr-defined]
