"""One proposed write to one row, as JSON: how it is taken from an object in memory, and how it is applied.

`apply_quietly` writes with SQL alone, to see what a change would do and take it back. `apply` saves the
object, with everything that follows from a save.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, FileField, Model

from media.models import Picture
from media.on_commit import after_commit
from media.publishable import KeepsPublicNames
from shared_changes.registry import watched_fields

# Fields that say where an object is stored, or what was done with it, and that no editor changes in a form.
BOOKKEEPING = frozenset(
    {"path", "depth", "numchild", "live", "has_unpublished_changes", "latest_revision", "live_revision"}
    | {"first_published_at", "last_published_at", "go_live_at", "expire_at", "expired", "loaded"}
)
ADD, CHANGE, DELETE = "add", "change", "delete"


class Gone(Exception):
    """The row that a waiting change is about was deleted."""


@dataclass(frozen=True)
class Operation:
    """`do`: ADD, CHANGE or DELETE. `model`: 'media.Picture'. `values`: by field, as JSON; files by their
    names.
    """

    do: str
    model: str
    number: Any
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return json.loads(json.dumps(asdict(self), cls=DjangoJSONEncoder))

    @property
    def model_class(self) -> type[Model]:
        """The model of the row."""
        return apps.get_model(self.model)

    @property
    def is_seen(self) -> bool:
        """Whether visitors see any of the fields."""
        return self.do != CHANGE or bool(self.values.keys() & watched_fields(self.model_class))

    def files(self) -> Iterator[tuple[Any, str]]:
        """Yield (storage, name) of each new file."""
        for column in _columns(self.model_class):
            if isinstance(column, FileField) and (name := self.values.get(column.name)):
                yield column.storage, name


def _columns(model: type[Model]) -> list[Field[Any, Any]]:
    unseen = BOOKKEEPING | (model.PUBLIC_FIELDS if issubclass(model, KeepsPublicNames) else frozenset())
    return [
        column
        for column in model._meta.concrete_fields
        if column.name not in unseen and not column.primary_key
    ]


def _plain(column: Field[Any, Any], instance: Any) -> Any:
    if isinstance(column, FileField):
        return str(column.value_from_object(instance) or "")
    value = column.value_from_object(instance)
    return column.value_to_string(instance) if hasattr(value, "stream_block") else value


def store_new_files(instance: Any) -> list[tuple[Any, str]]:
    """Store the files of an object in memory that are not stored yet; return (storage, name) of each.

    They lie in the private storage under names of their own.
    """
    stored = []
    for column in _columns(type(instance)):
        if isinstance(column, FileField):
            file = getattr(instance, column.name)
            if file and not file._committed:
                column.pre_save(instance, add=False)
                stored.append((column.storage, getattr(instance, column.name).name))
    return stored


def has_new_file(instance: Any) -> bool:
    """Return whether a file of the object is not stored yet."""
    columns = [column for column in _columns(type(instance)) if isinstance(column, FileField)]
    return any(
        file and not file._committed for file in (getattr(instance, column.name) for column in columns)
    )


def difference(stored: Model, instance: Any, only: Iterable[str] | None = None) -> Operation:
    """Return what saving `instance` would change of the row `stored`; `only`: the fields that are saved."""
    saved = None if only is None else frozenset(only)
    values = {
        column.name: new
        for column in _columns(type(instance))
        if (saved is None or column.name in saved or column.attname in saved)
        and (new := _plain(column, instance)) != _plain(column, stored)
    }
    return Operation(CHANGE, instance._meta.label, instance.pk, values)


def addition(instance: Any) -> Operation:
    """Return the creation of the row `instance`."""
    values = {column.name: _plain(column, instance) for column in _columns(type(instance))}
    return Operation(ADD, instance._meta.label, None, values)


def deletion(instance: Any) -> Operation:
    """Return the deletion of the row `instance`."""
    return Operation(DELETE, instance._meta.label, instance.pk)


def _fill(instance: Any, values: dict[str, Any]) -> Any:
    for column in _columns(type(instance)):
        if column.name in values:
            setattr(instance, column.attname, column.to_python(values[column.name]))
    return instance


def row_of(operation: Operation) -> Any:
    """Return the row that is changed or deleted. Raises Gone."""
    row = operation.model_class._base_manager.filter(pk=operation.number).first()
    if row is None:
        raise Gone
    return row


def apply_quietly(operation: Operation) -> None:
    """Write the row and nothing else: no signal, no file. The caller takes it back. Raises Gone."""
    model = operation.model_class
    rows = model._base_manager.filter(pk=operation.number)
    if operation.do == ADD:
        model._base_manager.bulk_create([_fill(model(), operation.values)])
    elif operation.do == DELETE:
        rows._raw_delete(rows.db)
    else:
        filled = _fill(row_of(operation), operation.values)
        rows.update(**{name: getattr(filled, name) for name in operation.values})


def apply(operation: Operation) -> None:
    """Save the row as the admin would, and delete the files that were replaced. Raises Gone."""
    if operation.do == ADD:
        _fill(operation.model_class(), operation.values).save()
        return
    row = row_of(operation)
    if operation.do == DELETE:
        row.delete()
        return
    earlier = copy.copy(row)
    replaced = [
        (column.storage, getattr(earlier, column.name).name)
        for column in _columns(type(row))
        if isinstance(column, FileField) and column.name in operation.values and getattr(earlier, column.name)
    ]
    _fill(row, operation.values).save()
    if isinstance(row, Picture) and "file" in operation.values:
        row.renditions.all().delete()
    for storage, name in replaced:
        after_commit(storage.delete, name)
