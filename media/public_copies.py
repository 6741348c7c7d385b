"""Writes copies of originals into the public storage: recordings without their metadata, documents without
what readers do not see.

Knows no concrete model: `media.models` uses this module for pictures whose sizes are asked for by a page.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from django.core.cache import cache
from django.core.files.base import ContentFile, File
from django.db import transaction

from changes import log
from changes.tables import row_key
from documents import sandbox
from documents.cleaning.copies import NotCleanable
from media import working_folder
from media.publishable import FilePart, Publishable
from media.storage import private_storage, public_storage
from uploads.remux import CannotRemux, remux

logger = logging.getLogger(__name__)

# Bytes. Copying so much takes about a second; longer files are left to the task worker.
LONG = 32 * 1024 * 1024
NOT_AGAIN = 3600  # seconds until a document that could not be cleaned is tried again


class CannotCopy(ValueError):
    """The public copy could not be written; the message says why, for the log."""


class RenditionWithCopy(Protocol):
    """What `write_renditions` needs of one size of a picture."""

    pk: Any
    public_name: str

    @property
    def part(self) -> FilePart: ...

    def purge_from_cache(self) -> None: ...


# Rows ------------------------------------------------------------------------------------------------------


def row_of(item: Publishable) -> Any:
    """Return the queryset of the one row of `item`, unfiltered by any manager."""
    return type(item)._base_manager.filter(pk=item.pk)


def row_of_part(part: FilePart) -> Any:
    """Return the queryset of the one row that names the part's file."""
    return type(part.holder)._base_manager.filter(pk=part.holder.pk)


def purge_cached(renditions: Iterable[RenditionWithCopy]) -> None:
    """Remove these sizes from Wagtail's cache of renditions."""
    for rendition in renditions:
        rendition.purge_from_cache()


# Copies ----------------------------------------------------------------------------------------------------


def is_long(part: FilePart) -> bool:
    """Return whether copying the part would keep a visitor waiting."""
    return bool((getattr(part.holder, "file_size", None) or 0) > LONG)


def write_renditions(picture: Any, renditions: Iterable[RenditionWithCopy]) -> None:
    """Write the missing public copies of these sizes of a published picture, so that a page can link to them.

    Afterwards `rendition.part.public_name` names the copy, unless the picture was unpublished at the same
    time.
    """
    missing = {size.pk: size for size in renditions if size.pk and not size.part.public_name}
    if not missing or not picture.is_published:
        return
    # The renditions may come from a cache that is older than their copies.
    for pk, name in picture.renditions.filter(pk__in=missing).values_list("pk", "public_name"):
        missing[pk].public_name = name
    write_copies(picture, [size.part for size in missing.values() if not size.part.public_name])
    purge_cached(missing.values())


def write_copies(item: Publishable, parts: Iterable[FilePart]) -> int:
    """Copy `parts` of a published item and return how many copies count.

    The files are written first; their names are entered in one transaction that locks the item, so that it
    cannot be unpublished in between. A file that cannot be copied is logged and left out.
    """
    copied = [(part, name) for part in parts if (name := _copied(item, part))]
    if not copied:
        return 0
    entered, obsolete = 0, []
    with transaction.atomic():
        locked = row_of(item).select_for_update().filter(public_folder=item.public_folder)
        is_published = bool(list(locked.values_list("pk", flat=True)))
        for part, name in copied:
            unchanged = row_of_part(part).filter(
                **{part.original_field: part.original, part.public_field: part.stored_name}
            )
            if is_published and unchanged.update(**{part.public_field: name}):
                obsolete.append(part.stored_name)
                setattr(part.holder, part.public_field, name)
                entered += 1
            else:
                # Unpublished, replaced or copied by another process since the copy was begun.
                obsolete.append(name)
        if entered:
            # Pages know the item, not the rows of its sizes and captions.
            log.record(row_key(type(item), item.pk))
    for name in filter(None, obsolete):
        delete_public_file(name)
    return entered


def _copied(item: Publishable, part: FilePart) -> str:
    name = part.new_public_name()
    try:
        copy_to_public(part, name)
    except (CannotCopy, OSError) as error:
        # A lost file must not break a page, and a file that cannot be copied must not stop a withdrawal.
        logger.warning("%s %s has no public %s: %s", type(item).__name__, item.pk, part.kind, error)
        return ""
    return name


def copy_to_public(part: FilePart, name: str) -> None:
    """Write the copy of `part` under exactly `name`, which must be unused. Raises CannotCopy or OSError."""
    if part.remuxed:
        _copy_without_metadata(part, name)
        return
    if part.kind == "document":
        _store(name, ContentFile(cleaned(part.original, part.holder.title)))
        return
    with private_storage().open(part.original, "rb") as file:
        _store(name, file)


def cleaned(original: str, title: str) -> bytes:
    """Return a document without what readers do not see: its public copy. Raises CannotCopy or OSError."""
    key = f"not-cleanable:{hashlib.sha256(original.encode()).hexdigest()}"
    if cache.get(key):
        # Visitors may ask for it again and again.
        raise CannotCopy("It cannot be cleaned.")
    with private_storage().open(original, "rb") as file:
        data = file.read()
    try:
        return sandbox.clean(data, title).content
    except NotCleanable as error:
        cache.set(key, 1, NOT_AGAIN)
        raise CannotCopy(f"It cannot be cleaned ({error}).") from error


def _copy_without_metadata(part: FilePart, name: str) -> None:
    base = working_folder.base_folder()
    base.mkdir(parents=True, exist_ok=True)
    suffix = PurePosixPath(part.original).suffix.lower()
    with tempfile.TemporaryDirectory(dir=base, prefix=working_folder.COPYING) as folder:
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
            _store(name, File(opened))


def _store(name: str, content: File) -> None:  # type: ignore[type-arg] # of bytes, as storages take it
    stored = public_storage().save(name, content)
    if stored != name:
        public_storage().delete(stored)
        raise CannotCopy(f"Its name is taken: {name}.")


def delete_public_file(name: str) -> None:
    """Delete one file of the public storage; a missing one is ignored."""
    public_storage().delete(name)
