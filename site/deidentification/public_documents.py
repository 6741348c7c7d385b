"""Public copies of documents that were made before copies were cleaned."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from audit import trail
from audit.actors import Actor
from changes import log
from changes.tables import row_key
from documents import kinds
from media import public_copies
from media.models import Document
from media.publishable import FilePart
from media.storage import private_storage, public_storage

CLEAN, CLEANED, REMOVED = "clean", "cleaned", "removed"


def clean_public_copies(*, by: Actor, again: bool = False) -> Iterator[tuple[Document, str]]:
    """Replace public copies that are the originals byte for byte, and yield each public document with CLEAN,
    CLEANED or REMOVED. Idempotent.

    A document that cannot be cleaned loses its public copy; its original stays. `again`: make all copies
    again, for instance after a new version removes more.
    """
    published = Document._base_manager.exclude(public_folder="").exclude(public_name="")
    for document in published.order_by("pk").iterator():
        part = document.parts()[0]
        if not again and not _is_original(part):
            yield document, CLEAN
        elif public_copies.write_copies(document, [part]):
            yield document, CLEANED
        elif _remove_copy(document, part, by):
            yield document, REMOVED


def _is_original(part: FilePart) -> bool:
    """Return whether the public copy has all that is hidden in the original."""
    try:
        with private_storage().open(part.original, "rb") as file:
            original = bytes(file.read())
        with public_storage().open(part.stored_name, "rb") as file:
            return bytes(file.read()) == original and kinds.kind_of(original) != "text"
    except OSError:
        return False


@transaction.atomic
def _remove_copy(document: Document, part: FilePart, by: Actor) -> bool:
    """Remove the public copy, unless the document was unpublished or replaced at the same time."""
    if not public_copies.row_of(document).filter(public_name=part.stored_name).update(public_name=""):
        return False
    log.record(row_key(Document, document.pk))
    trail.record(by=by, action="document.copy_removed", thing=document)
    transaction.on_commit(lambda: public_copies.delete_public_file(part.stored_name), robust=True)
    return True
