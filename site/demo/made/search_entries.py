"""Rows of Wagtail's search index in the database, as its backend would write them one by one."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.backends.database.postgres.weights import get_weight
from modelsearch.index import AutocompleteField, SearchField
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from demo.made.tables import Row, insert_values

# Wagtail divides the average length of all titles by the length of a title. Computing the average reads the
# whole index, so a round figure stands for it here; `update_index` sets the exact one.
USUAL_LENGTH = 26


class SearchEntries:
    """Collects the entries of one model and writes them."""

    def __init__(self, model: Any) -> None:
        self.content_type = ContentType.objects.get_for_model(model).pk
        fields = model.get_search_fields()
        self.fields = [one.field_name for one in fields if isinstance(one, SearchField)]
        self.completed = [one.field_name for one in fields if isinstance(one, AutocompleteField)]
        self.title_boost = next(
            one.boost for one in fields if isinstance(one, SearchField) and one.field_name == "title"
        )
        self.rows: list[tuple[Any, ...]] = []

    def add(self, pk: int, values: Row, said: dict[str, str]) -> None:
        """Add an entry. `said`: words by field name, where they are not a plain field."""
        body = [said[name] if name in said else values[name] for name in self.fields if name != "title"]
        autocomplete = " ".join(values[name] for name in self.completed)
        title = values["title"]
        self.rows.append((self.content_type, str(pk), title, autocomplete, body))

    def write(self) -> None:
        if not self.rows:
            return
        if connection.vendor == "postgresql":
            self._write_vectors()
        else:
            columns = ("content_type_id", "object_id", "title", "autocomplete", "body", "title_norm")
            insert_values(
                IndexEntry._meta.db_table,
                columns,
                (
                    (kind, pk, title, auto, " ".join(body), USUAL_LENGTH / (len(title) + 0.01))
                    for kind, pk, title, auto, body in self.rows
                ),
            )
        self.rows.clear()

    def _write_vectors(self) -> None:
        """PostgreSQL stores lexemes with weights, which it computes from the words."""
        backend = get_search_backend()
        # Only the title has a weight of its own.
        weights = [get_weight(self.title_boost), get_weight(None), get_weight(None)]
        configs = [backend.config, backend.autocomplete_config, backend.config]
        vectors = [_vector(*parts) for parts in zip(("title", "auto", "body"), configs, weights, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS made_entries "
                "(kind integer, pk text, title text, auto text, body text)"
            )
            cursor.execute("TRUNCATE made_entries")
            insert_values(
                "made_entries",
                ("kind", "pk", "title", "auto", "body"),
                (
                    (kind, pk, title, auto, " ".join(filter(None, body)))
                    for kind, pk, title, auto, body in self.rows
                ),
            )
            cursor.execute(
                f"INSERT INTO {IndexEntry._meta.db_table} (content_type_id, object_id, title, "  # noqa: S608
                "autocomplete, body, title_norm, title_text, body_text) "
                f"SELECT kind, pk, {', '.join(vectors)}, {USUAL_LENGTH} / (length(title) + 0.01), "
                "title, body "
                "FROM made_entries"
            )


def _vector(column: str, config: str | None, weight: str) -> str:
    given = f"'{config}'::regconfig, " if config else ""
    return f"setweight(to_tsvector({given}{column}), '{weight}')"
