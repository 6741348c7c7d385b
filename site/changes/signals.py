"""Tells the log which rows are saved and deleted."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.backends.signals import connection_created
from django.db.models import ForeignKey, Model
from django.db.models.signals import m2m_changed, post_delete, post_init, post_save
from wagtail.models import Page
from wagtail.signals import page_slug_changed, post_page_move

from changes import log, tables
from changes.recorder import note_instance

# Stands for the addresses of all pages: a page with others below it was moved or renamed.
TREE = "tree"


@functools.cache
def _keys_to_pages(model: type[Model]) -> tuple[str, ...]:
    """Return the columns of a model that name the page to which its rows belong."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and issubclass(field.related_model, Page)
        and not issubclass(model, Page)
    )


def keys_of(instance: Model) -> set[str]:
    """Return the keys that change when a row is saved or deleted: the row, its table, and its page."""
    model = type(instance)
    keys = {tables.row_key(model, instance.pk)}
    if isinstance(instance, Page):
        specific = ContentType.objects.get_for_id(instance.content_type_id).model_class() or Page
        keys |= {tables.table_key(specific), tables.table_key(Page)}
    else:
        keys.add(tables.table_key(model))
    pages = (getattr(instance, name) for name in _keys_to_pages(model))
    return keys | {f"page:{number}" for number in pages if number}


def row_saved(
    sender: type[Model], instance: Model, update_fields: frozenset[str] | None = None, **_rest: object
) -> None:
    """A row was saved. The fields of a page that no visitor sees do not count."""
    if tables.is_unseen(sender._meta.db_table):
        return
    if issubclass(sender, Page) and update_fields and update_fields <= tables.UNSEEN_COLUMNS:
        return
    log.record(*keys_of(instance))


def row_deleted(sender: type[Model], instance: Model, **_rest: object) -> None:
    """A row was deleted."""
    if not tables.is_unseen(sender._meta.db_table):
        log.record(*keys_of(instance))


def links_changed(instance: Any, **_rest: object) -> None:
    """Rows were linked to or separated from others."""
    if isinstance(instance, Model) and not tables.is_unseen(type(instance)._meta.db_table):
        log.record(*keys_of(instance))


def addresses_changed(instance: Page, **_rest: object) -> None:
    """A page has a new address; with pages below it, these have, too."""
    log.record(f"page:{instance.pk}", *([TREE] if instance.numchild else []))


def connect_signals() -> None:
    """Connect the receivers of this app."""
    connection_created.connect(log.watch, dispatch_uid="changes.watch")
    post_init.connect(note_instance, dispatch_uid="changes.note_instance")
    post_save.connect(row_saved, dispatch_uid="changes.row_saved")
    post_delete.connect(row_deleted, dispatch_uid="changes.row_deleted")
    m2m_changed.connect(links_changed, dispatch_uid="changes.links_changed")
    for signal in (post_page_move, page_slug_changed):
        signal.connect(addresses_changed, dispatch_uid=f"changes.addresses.{id(signal)}")
