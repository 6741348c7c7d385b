"""Wagtail's search index in the database, for the search in the admin, without what grows with the site.

Wagtail ranks every page that contains a word, which takes SQLite half a minute at 100,000 stories, and
computes an average over the whole index each time a page is published. Here the newest pages come first, and
the average is computed by `update_index` alone.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from publication.mixins import AboutPerson

if connection.vendor == "postgresql":
    from modelsearch.backends.database.postgres import postgres as database

    Backend: Any = database.PostgresSearchBackend
    Index: Any = database.PostgresIndex
    Compiler: Any = database.PostgresSearchQueryCompiler
    AutocompleteCompiler: Any = database.PostgresAutocompleteQueryCompiler
else:
    from modelsearch.backends.database.sqlite import sqlite

    Backend, Index = sqlite.SQLiteSearchBackend, sqlite.SQLiteIndex
    Compiler = sqlite.SQLiteSearchQueryCompiler
    AutocompleteCompiler = sqlite.SQLiteAutocompleteQueryCompiler


class QuietIndex(Index):
    """Leaves the weights of titles alone when single pages change."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        if full:
            super()._refresh_title_norms(full=True)


class NewestFirst(Compiler):
    """Puts the newest first instead of ranking all that matches."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_by_relevance = False


class NewestFirstCompleting(AutocompleteCompiler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_by_relevance = False


class SearchBackend(Backend):
    index_class = QuietIndex
    query_compiler_class = NewestFirst
    autocomplete_query_compiler_class = NewestFirstCompleting

    def add(self, obj: Any) -> None:
        """Add one object to the index; a page about a person without its redacted parts.

        Wagtail gives a page whole where only its row in the tree is saved: when it is moved or sorted.
        """
        if isinstance(obj, AboutPerson) and not obj.is_indexed_copy:
            obj = obj.get_indexed_instance() or obj
        super().add(obj)
