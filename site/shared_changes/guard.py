"""Notes every write to a shared object, by whatever way, and refuses it outside a session unless it may be
public.

Bulk updates and raw SQL send no signals: loaders that use them are reviewed where they are written.
"""

from __future__ import annotations

import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import pre_delete, pre_save

from audit.actors import Actor
from shared_changes import operations, session
from shared_changes.judging import Against
from shared_changes.operations import Operation
from shared_changes.registry import is_part, root_of, watched_fields


class SharedChangeRefused(ValidationError):
    """A program saved something that public pages may not show. `reasons`: all of them."""

    def __init__(self, reasons: list[Against]) -> None:
        self.reasons = reasons
        super().__init__([reason.text for reason in reasons])


def before_save(
    sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **_rest: object
) -> None:
    """Note what a save would change."""
    watched = watched_fields(sender)
    if raw or not watched or (update_fields is not None and not watched.intersection(update_fields)):
        return
    if is_part(sender):
        if root_of(instance).pk is None:
            return
    elif instance._state.adding:
        return  # nothing shows it yet
    _note(instance, lambda: _saving(instance, update_fields))


def _saving(instance: Any, update_fields: Any) -> Operation:
    if instance._state.adding:
        return operations.addition(instance)
    stored = type(instance)._base_manager.filter(pk=instance.pk).first()
    return operations.difference(stored, instance, update_fields) if stored else operations.addition(instance)


def before_delete(sender: Any, instance: Any, origin: Any = None, **_rest: object) -> None:
    """Note that a part is deleted, unless it goes with the object that it belongs to."""
    if is_part(sender) and (origin is None or _model_of(origin) is sender):
        _note(instance, lambda: operations.deletion(instance))


def _model_of(origin: Any) -> Any:
    return getattr(origin, "model", type(origin))


def _note(instance: Any, operation_of: Any) -> None:
    if not operations.has_new_file(instance) and not operation_of().is_seen:
        return
    present = session.current()
    if present is None:
        _judge_now(instance, operation_of)
        return
    touched = present.touch(root_of(instance))
    if touched is None:
        return
    present.new_files += operations.store_new_files(instance)
    operation = operation_of()
    if operation.is_seen:
        touched.operations.append(operation)


def _judge_now(instance: Any, operation_of: Any) -> None:
    """Try the write, take it back, and refuse it if a rule does. Raises SharedChangeRefused."""
    alone = session.Session(Actor.system("save"))
    reasons: list[Against] = []
    with transaction.atomic():
        touched = alone.touch(root_of(copy.copy(instance)))
        if touched is None:
            return
        files = operations.store_new_files(instance)
        operation = operation_of()
        touched.operations.append(operation)
        operations.apply_quietly(operation)
        reasons = alone.reasons()
        transaction.set_rollback(True)
    if reasons:
        for storage, name in files:
            storage.delete(name)
        raise SharedChangeRefused(reasons)


def connect_signals() -> None:
    """Connect the receivers of this module."""
    pre_save.connect(before_save, dispatch_uid="shared_changes.before_save")
    pre_delete.connect(before_delete, dispatch_uid="shared_changes.before_delete")
