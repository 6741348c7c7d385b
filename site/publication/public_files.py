"""Which pictures, documents and recordings visitors may fetch: those that a public surface shows, and no
others.

`refresh` compares that with the files that are published, and has `media.publishing` publish or unpublish the
difference in the same transaction. `publication.public_file_signals` calls it when a page, a clearance or a
restriction changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Model
from wagtail.models import CollectionViewRestriction

from media import publishing
from media.publishable import Publishable
from publication.consent_requirements import depicted_in
from publication.depictions import everyone_shown_consents
from publication.file_references import BATCH_SIZE, Key, key_of, surfaces_showing
from queries import kept

# References to a file that are read first, before all of them.
FIRST_REFERENCES = 20


@dataclass
class Refreshed:
    """What a refresh changed. `removed_files`: the names of the public files that were removed."""

    published: list[Publishable] = field(default_factory=list)
    unpublished: list[Publishable] = field(default_factory=list)
    removed_files: list[str] = field(default_factory=list)

    def __add__(self, other: Refreshed) -> Refreshed:
        return Refreshed(
            self.published + other.published,
            self.unpublished + other.unpublished,
            self.removed_files + other.removed_files,
        )


# Rules ------------------------------------------------------------------------------------------------------


def is_refused(file: Publishable, surface: Model) -> bool:
    """Return whether a rule forbids that `surface` shows `file`."""
    return _is_in_closed_collection(file) or not everyone_shown_consents(file, surface)


def _is_in_closed_collection(file: Any) -> bool:
    """Return whether the file is in a collection that only some visitors may see.

    Such files are for staff alone.
    """
    restricted = kept.once(CollectionViewRestriction, "exists", CollectionViewRestriction.objects.exists)
    return bool(restricted and file.collection.get_view_restrictions().exists())


def shown_to_the_public(
    files: Sequence[Publishable],
    *,
    without_pages: Collection[int] = (),
    without_parts: Mapping[int, frozenset[str]] | None = None,
    first: Model | None = None,
) -> set[Key]:
    """Return the keys (`key_of`) of those of `files` that at least one public surface may show now.

    `without_pages` and `without_parts` (parts by page id) count as unpublished and redacted already: a
    withdrawal asks what would still be shown without them. `first`: the surface that is asked before others.
    """
    with kept.keeping():
        depicted_in.read_ahead((str(file._meta.model_name), file.pk) for file in files)
        return _shown(files, without_pages, without_parts or {}, first)


def _shown(
    files: Sequence[Publishable],
    without_pages: Collection[int],
    without_parts: Mapping[int, frozenset[str]],
    first: Model | None,
) -> set[Key]:
    shown: set[Key] = set()
    waiting = list(files)
    # Most files are shown by one of the first surfaces. A picture on thousands of pages must not cost
    # thousands of look-ups each time one of them is published.
    looks: list[dict[str, Any]] = [{"most": FIRST_REFERENCES}, {"most": None}]
    for look in [{"only": first}, *looks] if first else looks:
        if not waiting:
            break
        found = surfaces_showing(waiting, without_pages=without_pages, without_parts=without_parts, **look)
        shown |= {
            key_of(file)
            for file in waiting
            if any(not is_refused(file, surface) for surface in found.surfaces[key_of(file)])
        }
        waiting = [file for file in waiting if key_of(file) in found.unfinished - shown]
    return shown


# Publishing and unpublishing --------------------------------------------------------------------------------


def refresh(files: Iterable[Publishable] | None = None, shown_by: Model | None = None) -> Refreshed:
    """Publish those of `files` that a public surface shows and unpublish the others; without `files`, do so
    for all. `shown_by`: a surface that probably shows them.

    Idempotent. Call it in the transaction that changes what is public: the files follow right after its
    commit.
    """
    done = Refreshed()
    batches = iter(_all_files() if files is None else _sorted(files))
    while batch := list(islice(batches, BATCH_SIZE)):
        done += _refresh(batch, shown_by)
    return done


def _refresh(batch: list[Publishable], shown_by: Model | None) -> Refreshed:
    done = Refreshed()
    with transaction.atomic(savepoint=False):
        # Lock first, then read; otherwise two concurrent takedowns could each assume the other page still
        # shows the file.
        locked = _locked(batch)
        shown = shown_to_the_public(locked, first=shown_by)
        for file in locked:
            is_shown = key_of(file) in shown
            if is_shown and not file.is_published:
                publishing.publish(file)
                done.published.append(file)
            elif not is_shown and file.is_published:
                done.removed_files += publishing.unpublish(file)
                done.unpublished.append(file)
    return done


def _locked(batch: list[Publishable]) -> list[Any]:
    """Lock the rows of these files and read them again."""
    by_model: defaultdict[type[Publishable], list[int]] = defaultdict(list)
    for file in batch:
        by_model[type(file)].append(file.pk)
    locked: list[Any] = []
    for model in publishing.PUBLISHABLE_MODELS:
        if numbers := by_model.get(model):
            rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=numbers)
            locked += rows.order_by("pk")
    return locked


def _sorted(files: Iterable[Publishable]) -> list[Publishable]:
    """Return each file once, in the order in which all transactions lock files."""
    unique = {(publishing.PUBLISHABLE_MODELS.index(type(file)), file.pk): file for file in files if file.pk}
    return [unique[key] for key in sorted(unique)]


def _all_files() -> Iterator[Publishable]:
    for model in publishing.PUBLISHABLE_MODELS:
        yield from model._base_manager.order_by("pk").iterator()


__all__ = ["Key", "Refreshed", "is_refused", "key_of", "refresh", "shown_to_the_public"]
