"""Reads imported stories that are to be linked to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wagtail.models import Page

from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryPage
from importing.records import PARTS
from interviews.models import Interview
from publication.linking import Linkable
from publication.models import PageDependency


def read_stories(numbers: Sequence[int]) -> dict[int, Linkable]:
    """Return stories by number, locked: no editor saves them until the transaction ends."""
    list(Page.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))
    pages = StoryPage.objects.select_related("latest_revision").defer(*PARTS).in_bulk(numbers)
    depending = {*PageDependency.objects.filter(page__in=numbers).values_list("page", flat=True)}
    depending |= {*Interview.objects.filter(story__in=numbers).values_list("story", flat=True)}
    found = {}
    for number, page in pages.items():
        draft = dict(page.latest_revision.content) if page.latest_revision else {}
        found[number] = Linkable(page, draft, number not in depending and _is_of_words(page, draft))
    return found


def _is_of_words(page: StoryPage, draft: dict[str, Any]) -> bool:
    """Return whether a draft quotes no interview."""
    quotes = (f'"{BLOCK}"' in draft.get(part, "") for part in PARTS)
    return bool(draft) and not page.alias_of_id and not any(quotes)
