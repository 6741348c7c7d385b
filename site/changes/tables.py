"""Which rows and tables an SQL statement reads or changes. Pure, but for the names of the models.

A page that is rendered depends on each row that it loads ('media.picture:3') and on each table that it
asks, since a new row may belong on the page too ('news.newspage'). For tables with very many rows the second
would make every page depend on every other page: they are followed by row (`is_followed_by_row`), and code
that lists such rows says so itself (`changes.recorder.depends_on`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model
from wagtail.models import Page

# The first part of the labels of tables that no visitor sees.
UNSEEN_APPS = frozenset(
    {"admin", "audit", "auth", "changes", "contenttypes", "delivery", "django_tasks_database", "importing"}
    | {"ledger", "mentions", "sessions", "wagtailadmin", "wagtailsearch", "wagtailusers"}
)
UNSEEN_TABLES = frozenset(
    {
        "wagtailcore_comment",
        "wagtailcore_commentreply",
        "wagtailcore_groupapprovaltask",
        "wagtailcore_modellogentry",
        "wagtailcore_pagelogentry",
        "wagtailcore_pagesubscription",
        "wagtailcore_referenceindex",
        "wagtailcore_revision",
        "wagtailcore_task",
        "wagtailcore_taskstate",
        "wagtailcore_uploadedfile",
        "wagtailcore_workflow",
        "wagtailcore_workflowstate",
    }
)
# Columns of a page that change without a change for visitors: an editor saves a draft, a child is added.
UNSEEN_COLUMNS = frozenset(
    {
        "draft_title",
        "expire_at",
        "expired",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "latest_revision_id",
        "locked",
        "locked_at",
        "locked_by",
        "locked_by_id",
        "numchild",
    }
)
ALL_ROWS = "*"
# Tables of other packages with very many rows.
BY_ROW = frozenset({"wagtailcore_page", "taggit_tag"})

_READ = re.compile(r'(?:FROM|JOIN) "(\w+)"')
_WRITTEN = re.compile(r'\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"')
_SET = re.compile(r'"(\w+)" = ')


@functools.cache
def is_followed_by_row(table: str) -> bool:
    """Return whether pages depend on rows of this table only.

    An app says so of its tables with `follows_rows = True` in its AppConfig, and a model of such an app
    excepts itself with `follows_table = True`.
    """
    model = models_by_table().get(table)
    if model is None or table in BY_ROW:
        return table in BY_ROW
    app = apps.get_app_config(model._meta.app_label)
    return getattr(app, "follows_rows", False) and not getattr(model, "follows_table", False)


@functools.cache
def models_by_table() -> dict[str, type[Model]]:
    """Return every model by the name of its table."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@functools.cache
def is_unseen(table: str) -> bool:
    """Return whether no visitor sees anything of a table, or its own code tells what changes
    (`tells_changes = True` in the model).
    """
    model = models_by_table().get(table)
    if model is None or table in UNSEEN_TABLES or model._meta.app_label in UNSEEN_APPS:
        return True
    return getattr(model, "tells_changes", False)


def table_key(model: type[Model]) -> str:
    """Return the key of a whole table: 'news.newspage'."""
    return model._meta.label_lower


def row_key(model: type[Model], pk: Any) -> str:
    """Return the key of a row: 'media.picture:3', and 'page:7' for a page of any type."""
    return f"page:{pk}" if issubclass(model, Page) else f"{model._meta.label_lower}:{pk}"


@functools.lru_cache(maxsize=1024)
def keys_read(sql: str) -> frozenset[str]:
    """Return the keys of the tables that a statement asks, but for those followed by row."""
    tables = {table for table in _READ.findall(sql) if not is_followed_by_row(table) and not is_unseen(table)}
    return frozenset(table_key(models_by_table()[table]) for table in tables)


def keys_written(sql: str, params: Any, *, many: bool = False) -> set[str]:
    """Return the keys that a statement changes, as far as the statement tells.

    A table followed by row: the rows that an UPDATE or DELETE names by their primary key, or all rows
    ('page:*') when it names none. New rows are told by signals.
    """
    match = _WRITTEN.match(sql)
    if match is None or is_unseen(match[2]):
        return set()
    verb, table = match.groups()
    model = models_by_table()[table]
    if not is_followed_by_row(table):
        return {table_key(model)}
    if verb.startswith("INSERT") or (verb == "UPDATE" and _only_unseen_columns(sql, model)):
        return set()
    numbers = None if many else _rows_named(sql, params, model)
    return {row_key(model, number) for number in ([ALL_ROWS] if numbers is None else numbers)}


def _only_unseen_columns(sql: str, model: type[Model]) -> bool:
    start, end = sql.find(" SET "), sql.rfind(" WHERE ")
    columns = set(_SET.findall(sql[start:end]))
    return model is Page and bool(columns) and columns <= UNSEEN_COLUMNS


def _rows_named(sql: str, params: Sequence[Any] | None, model: type[Model]) -> Iterable[Any] | None:
    """Return the primary keys to which a statement is limited, None where it is not limited by them."""
    start = sql.rfind(" WHERE ")
    column = f'"{model._meta.db_table}"."{model._meta.pk.column}"'
    place = sql.find(f"{column} = %s", start)
    count = 1
    if place < 0:
        place = sql.find(f"{column} IN (%s", start)
        count = sql[place:].partition(")")[0].count("%s")
    if start < 0 or place < 0 or " OR " in sql[start:] or not isinstance(params, list | tuple):
        return None
    first = sql[:place].count("%s")
    return params[first : first + count]
