"""Reads together the rows that the revisions of pages refer to.

For a page in memory, Wagtail asks for every foreign key of a revision whether its row still exists: one query
for each key of the page and of each of its rows in child tables. Here it is one for each table, and for many
pages, when they are read ahead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from treebeard.mp_tree import MP_Node
from wagtail.models import Page

from queries.kept import Lookup

# Keys that Wagtail sets from the stored page, or from the publication, whatever the revision says.
NOT_FROM_REVISION = frozenset(
    {"content_type", "owner", "locked_by", "latest_revision", "live_revision", "locale", "alias_of"}
)
Keys = Mapping[type[models.Model], set[Any]]


@cache
def rows_of(model: type[models.Model]) -> Lookup[Any, Any]:
    """Return where the rows of a table are found by key, None for a row that does not exist."""

    def read(keys: Collection[Any]) -> dict[Any, Any]:
        return {row.pk: row for row in model._default_manager.filter(pk__in=keys).order_by()}

    return Lookup(read, None)


def read_ahead(model: type[Page], contents: Iterable[Mapping[str, Any]]) -> None:
    """Read the rows to which many revisions of pages of a type refer, to be kept (`queries.kept`)."""
    wanted: defaultdict[type[models.Model], set[Any]] = defaultdict(set)
    for content in contents:
        for target, numbers in _keys_in(model, content).items():
            wanted[target] |= numbers
    for target, numbers in wanted.items():
        rows_of(target).read_ahead(sorted(numbers))


def _foreign_keys(model: type[models.Model]) -> Iterator[Any]:
    """Yield the foreign keys that a revision decides about: not to the page itself, nor set by Wagtail."""
    for field in model._meta.concrete_fields:
        if (
            isinstance(field, models.ForeignKey)
            and not isinstance(field, ParentalKey)
            and not field.remote_field.parent_link
            and not (issubclass(model, Page) and field.name in NOT_FROM_REVISION)
        ):
            yield field


def _keys_in(model: type[models.Model], content: Mapping[str, Any]) -> Keys:
    found: defaultdict[type[models.Model], set[Any]] = defaultdict(set)
    for field in _foreign_keys(model):
        if (value := content.get(field.name)) is not None:
            found[field.related_model].add(field.related_model._meta.pk.to_python(value))
    for relation in get_all_child_relations(model):
        for row in content.get(relation.get_accessor_name()) or ():
            for target, numbers in _keys_in(relation.related_model, row).items():
                found[target] |= numbers
    for field in get_all_child_m2m_relations(model):
        if issubclass(field.related_model, MP_Node):
            found[field.related_model] |= set(content.get(field.name) or ())
    return found


def page_from(model: Any, make: Any, content: Mapping[str, Any]) -> Any:
    """Return the page that `content` describes, as `make` (modelcluster) does, with fewer queries.

    Where a row does not exist any more, `make` decides what becomes of its key.
    """
    wanted = _keys_in(model, content)
    rows = {target: rows_of(target).of_all(sorted(numbers)) for target, numbers in wanted.items()}
    many = {
        field.name
        for field in get_all_child_m2m_relations(model)
        if issubclass(field.related_model, MP_Node) and field.name in content
    }
    if any(
        row is None
        for target, found in rows.items()
        if not issubclass(target, MP_Node)
        for row in found.values()
    ):
        return make(content)
    page = make({name: value for name, value in content.items() if name not in many}, check_fks=False)
    for name in many:
        field = model._meta.get_field(name)
        terms = (rows[field.related_model][number] for number in content[name] or ())
        unique = {term.pk: term for term in terms if term is not None}
        # In the order of the tree, as the table would give them.
        setattr(page, name, sorted(unique.values(), key=lambda term: term.path))
    _set_rows(page, rows)
    for relation in get_all_child_relations(model):
        if relation.get_accessor_name() in content:
            for child in getattr(page, relation.get_accessor_name()).all():
                _set_rows(child, rows)
    return page


def _set_rows(holder: Any, rows: Mapping[type[models.Model], Mapping[Any, Any]]) -> None:
    """Let the foreign keys of a page or row know the rows that were read."""
    for field in _foreign_keys(type(holder)):
        row = rows.get(field.related_model, {}).get(getattr(holder, field.attname))
        if row is not None:
            field.set_cached_value(holder, row)
