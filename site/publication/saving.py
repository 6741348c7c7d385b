"""Puts off what depends on the files of a page until all rows of the page are stored.

A page is stored in several tables, and each signal of a row would look at all files of the page again. While
`stored_together` is open for the page, the receivers only note which files it showed before; at its end they
are told once (`publication.events.page_stored`), still in the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from publication.events import page_stored
from publication.shown_files import Reference


@dataclass
class Saving:
    """A page that is being stored. `earlier`: what it referred to before, None while no one has asked."""

    page: Any
    earlier: set[Reference] | None = None


_current: ContextVar[Saving | None] = ContextVar("publication.saving", default=None)


@contextmanager
def stored_together(page: Any) -> Iterator[None]:
    """Tell receivers once that the page was stored, with what it referred to before."""
    saving = Saving(page)
    token = _current.set(saving)
    try:
        yield
    finally:
        _current.reset(token)
    page_stored.send(sender=type(page), page=page, earlier=saving.earlier)


def saving_of(surface: Any) -> Saving | None:
    """Return the open `stored_together` of a page, None where it is not open."""
    saving = _current.get()
    if saving is None or not surface.pk or saving.page.pk != surface.pk:
        return None
    return saving if hasattr(surface, "url_path") else None
