"""Whom something is rendered for. Visitors are shown what is published; in previews private files have addresses too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Model
from django.urls import reverse

# (the object that has the file, which of its files: a key of media.private_files.KINDS) -> address
Address = Callable[[Model, str], str]

_address: ContextVar[Address | None] = ContextVar("media_audience", default=None)


def staff_address(holder: Model, kind: str) -> str:
    """Where staff who may see `holder` fetch its private file; 404 for everybody else."""
    return reverse("private_file", args=[kind, holder.pk]) if holder.pk else ""


@contextmanager
def private_files_at(address: Address = staff_address) -> Iterator[None]:
    """Within this context pictures, recordings and documents that are not public are rendered too.

    `address` says where they are fetched: from the admin, or wherever else a view has asked who is reading (the
    preview that a family gets by a link). Whoever gives an address answers it with `private_files.response`.
    """
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def sees_private() -> bool:
    """Whether what is not public is rendered too, with addresses that only this audience can use."""
    return _address.get() is not None


def address_of(holder: Model, kind: str) -> str:
    """The address of a private file for this audience; for visitors the one that only staff can use."""
    return (_address.get() or staff_address)(holder, kind)
