"""Which address a file has in the page being rendered: only previews show private files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Model
from django.urls import reverse

# (object with the file, which of its files: a key of media.private_files.KINDS) -> address
PrivateUrl = Callable[[Model, str], str]

_private_url: ContextVar[PrivateUrl | None] = ContextVar("media_private_url", default=None)


def staff_url(holder: Model, kind: str) -> str:
    """Return where staff who may see `holder` fetch its private file; anyone else gets 404 there."""
    return reverse("private_file", args=[kind, holder.pk]) if holder.pk else ""


@contextmanager
def private_files_at(url: PrivateUrl = staff_url) -> Iterator[None]:
    """Render pictures, recordings and documents that are not public too, within this context.

    `url` returns where each is fetched: from the admin, or from another view that checks who is reading, such
    as the preview that a family opens by a link. That view answers with `private_files.response`.
    """
    token = _private_url.set(url)
    try:
        yield
    finally:
        _private_url.reset(token)


def shows_private_files() -> bool:
    """Return whether private files are rendered too, with addresses that only the present reader can use."""
    return _private_url.get() is not None


def private_url(holder: Model, kind: str) -> str:
    """Return the address of a private file in the page being rendered; outside previews, that for staff."""
    return (_private_url.get() or staff_url)(holder, kind)
