"""Publishes pictures, documents and recordings, and unpublishes them.

What may be published is decided elsewhere (`publication.public_files`). Originals always stay in the private
storage. A published item has its own folder in the public storage, `shown/<kind>/<22 random characters>/`,
with copies: a picture's sizes, a cleaned document, a recording without its metadata, poster, captions. The
database names the copies that count; a file that it does not name is not served, even when a process that
was killed left it there. So the order never changes:

- to publish: first the item's row, then the file, then the file's name;
- to unpublish: first the names, then the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from media.models import Document, Picture, Recording, Rendition
from media.on_commit import after_commit
from media.public_copies import (
    delete_public_file,
    is_long,
    purge_cached,
    row_of,
    row_of_part,
    write_copies,
)
from media.publishable import PUBLIC_FOLDER, FilePart, Publishable, new_folder
from media.renditions import make
from media.storage import delete_empty_folder, files_below, public_storage

PUBLISHABLE_MODELS: tuple[type[Publishable], ...] = (Picture, Document, Recording)


# Publishing and unpublishing -------------------------------------------------------------------------------


def publish(item: Publishable) -> bool:
    """Make `item` public. Return False when it was public already; then nothing changes.

    The files are written after the commit, those of long recordings by the task worker.
    """
    now, folder = timezone.now(), new_folder()
    with transaction.atomic():
        changed = row_of(item).filter(public_folder="").update(public_since=now, public_folder=folder)
        if changed:
            item.public_since, item.public_folder = now, folder
            after_commit(_write_soon, type(item), item.pk)
    return bool(changed)


def unpublish(item: Publishable) -> list[str]:
    """Make `item` private again. Return the names of the public files that are removed, [] for none.

    None of them is served after the commit, and they are deleted right after it. An item that is published
    again gets new addresses.
    """
    with transaction.atomic():
        current: Any = row_of(item).select_for_update().first()
        if current is None or not current.public_folder:
            return []
        names = public_files_of(current)
        folder = current.public_folder
        row_of(item).update(public_since=None, public_folder="")
        for part in _current_parts(current):
            row_of_part(part).update(**{part.public_field: ""})
        if isinstance(current, Picture):
            purge_cached(current.renditions.all())
        after_commit(_delete_folder, current.PUBLIC_KIND, folder, names)
    item.public_since, item.public_folder = None, ""
    return names


def public_files_of(item: Publishable) -> list[str]:
    """Return the names of all public files of `item`, read from the database."""
    return sorted(part.stored_name for part in _current_parts(item) if part.stored_name)


def _current_parts(item: Publishable) -> list[FilePart]:
    """Return the parts as the database has them, including sizes of a picture that no page uses."""
    fresh: Any = row_of(item).first()
    return list(fresh.parts()) if fresh else []


# Writing files ---------------------------------------------------------------------------------------------


def write_files(item: Publishable, *, include_long: bool = True) -> int:
    """Write the missing public files of a published item, and return how many were written.

    Does nothing for an item that is not published. Without `include_long`, long recordings are left to the
    task worker.
    """
    fresh: Any = row_of(item).exclude(public_folder="").first()
    if fresh is None:
        return 0
    missing = []
    for part in fresh.parts():
        if not part.original or part.public_name:
            continue
        if not include_long and part.remuxed and is_long(part):
            publish_recording.enqueue(fresh.pk)
            continue
        missing.append(part)
    return write_copies(fresh, missing)


@task()
def publish_recording(recording_id: int) -> None:
    """Write the public copy of a long recording, if the copy is missing and the recording published."""
    for recording in Recording.objects.filter(pk=recording_id):
        write_files(recording)


def write_missing(models: Iterable[type[Publishable]] = PUBLISHABLE_MODELS) -> int:
    """Write every missing file of every published item, including files that were lost. Return how many."""
    written = 0
    for model in models:
        for item in model._base_manager.exclude(public_folder="").order_by("pk").iterator():
            for part in _current_parts(item):
                if part.public_name and not public_storage().exists(part.public_name):
                    row_of_part(part).update(**{part.public_field: ""})
                    if isinstance(part.holder, Rendition):
                        part.holder.purge_from_cache()
            written += write_files(item)
    return written


def replace_copies(item: Publishable) -> None:
    """Remove the public copies of originals that were replaced, and have the new originals copied."""
    fresh: Any = row_of(item).exclude(public_folder="").first()
    if fresh is None:
        return
    for part in fresh.parts():
        old = part.stored_name
        if old and not part.public_name:
            row_of_part(part).update(**{part.public_field: ""})
            after_commit(delete_public_file, old)
    after_commit(_write_soon, type(item), item.pk)


def _write_soon(model: type[Publishable], pk: int) -> None:
    item = model._base_manager.filter(pk=pk).first()
    if isinstance(item, Picture):
        # Usually the task worker has made them after the upload, and nothing is missing.
        make([item], without_avif=True)
    if item is not None:
        write_files(item, include_long=False)


# Deleting files --------------------------------------------------------------------------------------------


def delete_files_after_commit(item: Publishable) -> None:
    """Delete the public files of `item`, which is about to be deleted, after the commit."""
    names = public_files_of(item)
    folder = row_of(item).values_list("public_folder", flat=True).first()
    if folder:
        after_commit(_delete_folder, item.PUBLIC_KIND, folder, names)


def _delete_folder(kind: str, folder: str, names: Iterable[str]) -> None:
    storage, path = public_storage(), f"{PUBLIC_FOLDER}{kind}/{folder}"
    for name in sorted({*names, *files_below(storage, path)}):
        storage.delete(name)
    delete_empty_folder(storage, path)
