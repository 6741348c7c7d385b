"""Pages below a page, found by the index of tree paths on every database."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page


def children_of(pages: QuerySet[Any], parent: Page) -> QuerySet[Any]:
    """Return those of `pages` that are children of `parent`.

    Wagtail's `child_of` asks for paths LIKE the parent's, for which SQLite compares the paths of all pages.
    """
    first, last = (f"{parent.path}{step * Page.steplen}" for step in "0Z")
    return pages.filter(depth=parent.depth + 1, path__range=(first, last))
