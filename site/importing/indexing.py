"""Indexes many pages for the search in the admin, each field of a page read once.

The search backends of databases read every field of a page three times (for the title, the body and the
autocompletion), and the names of its terms take four queries each time.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from wagtail.search.backends import get_search_backends
from wagtail.search.index import AutocompleteField, SearchField

from conditions.models import Condition
from experiences.models import StoryPage
from treatments.models import Treatment

TERM_WORDS = "term_words"


class ReadOnce:
    """A page for a search backend: what it reads of a field is kept and given again."""

    def __init__(self, page: StoryPage, term_words: str) -> None:
        self.page, self.pk = page, page.pk
        self._meta = page._meta
        self._read: dict[str, Any] = {TERM_WORDS: term_words}

    def get_search_fields(self) -> list[Any]:
        """Return the fields of the page, which read it through this object."""
        return [self._once(field) for field in self.page.get_search_fields()]

    def _once(self, field: Any) -> Any:
        if not isinstance(field, SearchField | AutocompleteField):
            return field
        own = copy.copy(field)
        own.get_value = lambda _page: self._value(field)
        return own

    def _value(self, field: Any) -> Any:
        name = field.field_name
        if name not in self._read:
            self._read[name] = field.get_value(self.page)
        return self._read[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)


def index_words(pages: Sequence[StoryPage]) -> None:
    """Put stored pages into the indexes of all search backends."""
    conditions = _words(Condition, pages, "conditions")
    treatments = _words(Treatment, pages, "treatments")
    read = []
    for page in pages:
        # As `PatientPage.term_words` joins them.
        words = [word for term in page.conditions.all() for word in conditions[term.pk]]
        words += [word for term in page.treatments.all() for word in treatments[term.pk]]
        read.append(ReadOnce(page, " ".join(dict.fromkeys(words))))
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(StoryPage, read)


def _words(model: Any, pages: Sequence[StoryPage], name: str) -> dict[int, list[str]]:
    terms = {term.pk: term for page in pages for term in getattr(page, name).all()}
    words: dict[int, list[str]] = model.objects.words_for(terms.values())
    return words
