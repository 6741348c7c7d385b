"""Notes what a page shows while it is rendered: which rows and tables, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from changes import tables


@dataclass
class Record:
    """What one rendering read.

    `keys`: as in `changes.models.Change`. `until`: the first moment at which the result may be different
    although nothing is saved (a consent begins or ends); None when there is none. `may_be_kept`: whether the
    page said that it is the same for all visitors without a login. `page`: the page of the tree that it is.
    `shows_people`: whether a clearance was asked.
    """

    keys: set[str] = field(default_factory=set)
    until: datetime | None = None
    may_be_kept: bool = False
    page: int | None = None
    shows_people: bool = False


_current: ContextVar[Record | None] = ContextVar("changes.recorder", default=None)


@contextmanager
def recording() -> Iterator[Record]:
    """Note everything that is read in the block."""
    record = Record()
    token = _current.set(record)
    try:
        yield record
    finally:
        _current.reset(token)


def depends_on(*keys: str) -> None:
    """Note that the page shows the things with these keys. Nothing happens outside a recording."""
    if (record := _current.get()) is not None:
        record.keys.update(keys)


def valid_until(moment: datetime | None, *, about_people: bool = True) -> None:
    """Note that the page must be made again at this moment; None: it shows a person, without an end."""
    if (record := _current.get()) is None:
        return
    record.shows_people = record.shows_people or about_people
    if moment is not None and (record.until is None or moment < record.until):
        record.until = moment


def may_be_kept(page: int | None) -> None:
    """Note that the page with this number is the same for all visitors without a login, and may be kept."""
    if (record := _current.get()) is not None:
        record.may_be_kept, record.page = True, page


def is_recording() -> bool:
    """Return whether a page is being rendered that may be kept."""
    return _current.get() is not None


def note_statement(sql: str) -> None:
    """Note the tables that a statement asks."""
    if (record := _current.get()) is not None:
        record.keys |= tables.keys_read(sql)


def note_instance(sender: type[Model], instance: Any, **_rest: object) -> None:
    """Note a row that was loaded."""
    if (record := _current.get()) is None:
        return
    number = instance.__dict__.get(sender._meta.pk.attname)
    if number is not None and not tables.is_unseen(sender._meta.db_table):
        record.keys.add(tables.row_key(sender, number))
