"""Queries whose SQL is built once.

Django builds the SQL of a query each time. For a page of the tree with its pictures, a hundred columns of six
tables, that takes many times longer than the database takes to answer. A prepared query keeps the SQL, and
only binds values:

    by_number = Prepared(lambda pk: StoryPage.objects.select_related("picture").filter(pk=pk))
    [story] = by_number(pk=7)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable

from queries.instances import Instances

Single = int | str | datetime
Value = Single | Sequence[int] | Sequence[str]
SINGLE = (int, str, datetime)
KINDS: tuple[Any, ...] = (ModelIterable, ValuesListIterable)
# Lists are filled up to a multiple of this by repeating their last value, so that few lengths occur.
STEP = 4
# With more values than this, which is rare, the SQL is not kept.
MOST_VALUES = 200


class Prepared:
    """`build` gets the values by name and returns a queryset of instances, or one made with `values_list`.

    Everything else that `build` reads (the time, settings) is read once for each database connection: give it
    as a value. Values are compared as they are: `=`, `<`, `in` and the like, not `contains`. Nothing is
    prefetched.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build

    def __call__(self, **values: Value) -> list[Any]:
        """Return the instances. One query; none where a list of values is empty."""
        given = {name: _as_list(value) for name, value in values.items()}
        if not all(given.values()):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        plans: dict[Any, _Plan] = connection.__dict__.setdefault("prepared_queries", {})
        shape = (self, *((name, isinstance(values[name], list), len(given[name])) for name in given))
        plan = plans.get(shape)
        if plan is None:
            plan = _Plan.of(self._build, values, given, connection)
            if sum(map(len, given.values())) <= MOST_VALUES:
                plans[shape] = plan
        return plan.run(given, connection)


def _as_list(value: Value) -> list[Any]:
    if isinstance(value, SINGLE):
        return [value]
    filled = list(value)
    return filled + filled[-1:] * (-len(filled) % STEP)


def _stand_in(kind: Single, number: int) -> Single:
    """Return a value of this kind that no query contains otherwise."""
    if isinstance(kind, datetime):
        return datetime(1901, 1, 1, microsecond=number, tzinfo=UTC)
    return -2_147_000_000 + number if isinstance(kind, int) else f"\u2042{number}"


def _adapted(value: Single, connection: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


@dataclass(frozen=True)
class _Plan:
    """The SQL of one query with what turns its rows into instances."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str, int], ...]  # of a value: index in params, name, index in the list
    compiler: Any
    converters: Any
    made_of: Instances | None

    @classmethod
    def of(
        cls,
        build: Callable[..., QuerySet[Any]],
        values: dict[str, Value],
        given: dict[str, list[Any]],
        connection: Any,
    ) -> _Plan:
        """Build the query with stand-ins and find out where its parameters have them."""
        stand_ins: dict[str, list[Single]] = {}
        where: dict[Any, tuple[str, int]] = {}
        for name, items in given.items():
            stand_ins[name] = [_stand_in(item, len(where) + number) for number, item in enumerate(items)]
            where |= {
                _adapted(item, connection): (name, number) for number, item in enumerate(stand_ins[name])
            }
        queryset: Any = build(
            **{
                name: items[0] if isinstance(values[name], SINGLE) else items
                for name, items in stand_ins.items()
            }
        )
        if queryset._prefetch_related_lookups or queryset._iterable_class not in KINDS:
            raise TypeError("A prepared query returns instances or lists of values, and prefetches nothing.")
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = [
            (index, *where[param])
            for index, param in enumerate(params)
            if isinstance(param, SINGLE) and param in where
        ]
        if {place[1:] for place in places} != set(where.values()):
            raise TypeError("A value of a prepared query does not occur in its parameters as it is.")
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        made_of = None
        if queryset._iterable_class is ModelIterable:
            made_of = Instances.of(compiler, connection.alias)
        return cls(sql, tuple(params), tuple(places), compiler, converters, made_of)

    def run(self, given: dict[str, list[Any]], connection: Any) -> list[Any]:
        """Ask the database with these values."""
        params = list(self.params)
        for index, name, number in self.places:
            params[index] = _adapted(given[name][number], connection)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows: Iterable[Any] = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return [self.made_of.instance(row) for row in rows] if self.made_of else list(rows)
