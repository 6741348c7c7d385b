"""Copies an original into the public storage; a recording without its metadata."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath

from django.core.files.base import File

from media import workshop
from media.models.publishable import Part
from media.remux import CannotRemux, remux
from media.storage import private_storage, public_storage

# Bytes. Copying so much takes about a second; what is longer is left to the task worker.
LONG = 32 * 1024 * 1024


class CannotCopy(ValueError):
    """There is no public copy, and why."""


def is_long(part: Part) -> bool:
    """Whether copying it takes so long that nobody should wait for it."""
    return bool((getattr(part.holder, "file_size", None) or 0) > LONG)


def copy_to_public(part: Part, name: str) -> None:
    """Write the copy of `part` under exactly `name`, which nobody else uses. Raises CannotCopy or OSError."""
    if part.remuxed:
        _remuxed(part, name)
        return
    with private_storage().open(part.original, "rb") as file:
        _put(name, file)


def _remuxed(part: Part, name: str) -> None:
    place = workshop.place()
    place.mkdir(parents=True, exist_ok=True)
    suffix = PurePosixPath(part.original).suffix.lower()
    with tempfile.TemporaryDirectory(dir=place, prefix=workshop.COPYING) as folder:
        copy = Path(folder) / f"copy{suffix}"
        try:
            try:
                remux(private_storage().path(part.original), copy, suffix=suffix)
            except NotImplementedError:
                with private_storage().open(part.original, "rb") as file:
                    remux(file, copy, suffix=suffix)
        except CannotRemux as error:
            raise CannotCopy(str(error)) from error
        with copy.open("rb") as opened:
            _put(name, File(opened))


def _put(name: str, content: File) -> None:  # type: ignore[type-arg] # of bytes, as storages take it
    stored = public_storage().save(name, content)
    if stored != name:
        public_storage().delete(stored)
        raise CannotCopy(f"Its name is taken: {name}.")
