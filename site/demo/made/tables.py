"""Writes many rows at once: COPY on PostgreSQL, prepared statements on SQLite.

Django's `bulk_create` refuses pages (their rows are in several tables) and makes an object for each row,
which costs more time than the row.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from demo.made.layout import Keys

Row = dict[str, Any]


def as_json(value: Any) -> str:
    """Return stored JSON as Django writes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


class Tables:
    """Rows by table, written by `write` in the order in which their tables were first named."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[Row]] = defaultdict(list)

    def add(self, model: type[models.Model], **row: Any) -> None:
        """Add a row. `row`: values by column name of the model; defaults are filled in."""
        self.rows[model].append(row)

    def write(self) -> int:
        """Write all rows and return how many there were."""
        number = 0
        for model, rows in self.rows.items():
            insert(model, rows)
            number += len(rows)
        self.rows.clear()
        return number


def insert(model: type[models.Model], rows: list[Row]) -> None:
    """Write rows of one table; all of them name the same columns."""
    given = list(rows[0])
    defaults = {name: value for name, value in _defaults(model).items() if name not in rows[0]}
    adapt = _adapter()
    filled = tuple(defaults.values())
    values = ((*(adapt(row[name]) for name in given), *filled) for row in rows)
    insert_values(model._meta.db_table, [*given, *defaults], values)


def insert_values(table: str, columns: Iterable[str], values: Iterable[tuple[Any, ...]]) -> None:
    """Write rows of values that the database understands as they are."""
    names = list(columns)
    quote = connection.ops.quote_name
    listed = ", ".join(quote(name) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {quote(table)} ({listed}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {quote(table)} ({listed}) VALUES ({marks})", list(values))  # noqa: S608


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """Return the stored default of each column, except of a key that the database gives."""
    found: dict[Any, Any] = {}
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.AutoField):
            continue
        value = field.get_default()
        found[field.column] = field.get_db_prep_save(value, connection)
        if isinstance(field, models.JSONField) and value is not None:
            found[field.column] = as_json(value)
    return found


def _adapter() -> Callable[[Any], Any]:
    """Return the function that turns a value into what this database stores."""
    on_postgresql = connection.vendor == "postgresql"
    moment = connection.ops.adapt_datetimefield_value

    def adapt(value: Any) -> Any:
        if value is None or isinstance(value, str | int):
            return value
        if isinstance(value, datetime):
            return value if on_postgresql else moment(value)
        if isinstance(value, date):
            return value if on_postgresql else value.isoformat()
        if isinstance(value, UUID):
            return value if on_postgresql else value.hex
        if isinstance(value, dict | list):
            return as_json(value)
        return value

    return adapt


def free_keys(model: type[models.Model], place: int, each: int = 1) -> Keys:
    """Return keys above all that exist, for objects from `place` on."""
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Keys(last + 1 - place * each, each)


def reset_sequences(used: Iterable[type[models.Model]]) -> None:
    """Have PostgreSQL go on above the keys that were written. SQLite does so by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(used)):
            cursor.execute(statement)
