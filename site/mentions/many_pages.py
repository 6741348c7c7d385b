"""Writes pages about other people without the mentions, many together.

Most statements are for all of them, one or two for the words of each.

What is stored is what saving each page would store: a version, whom and what the page depends on, its
clearance and its entry in the search. As in `mentions.quiet`, the gate is not asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backends

from changes import log, tables
from consent.grants import ConsentLookup
from mentions.candidates import with_rows
from mentions.finding import OnPage
from mentions.quiet import approved, keep_approvals, write
from mentions.stored_texts import read_together
from publication import gate, public_files, together_rows
from publication.events import shown_changed
from publication.file_references import files_among
from publication.models import Clearance
from publication.reasons import requirements_of
from publication.redaction import name_blocks
from publication.shown_files import Reference, references_of

EDITED = "wagtail.edit"


def save_pages(found: Sequence[OnPage], by: Any) -> None:
    """Write the public versions of pages about other people without the mentions, and their aliases.

    The caller has locked the pages. The versions with the mentions stay in the pages' history.
    """
    pages = {one.page.pk: one for one in found}
    if not pages:
        return
    aliases = dict(
        Page.objects.filter(alias_of__in=pages, live=True).order_by("pk").values_list("pk", "alias_of")
    )
    before = [*(one.page for one in found), *_read(pages, aliases, list(aliases))]
    with read_together(before):
        covered = approved(before)
        for number in (*pages, *aliases):
            one = pages[aliases.get(number, number)]
            write(type(one.page), number, one.cleaned)
    changed = _read(pages, aliases, [*pages, *aliases])
    with read_together(changed):
        keep_approvals([page for page in changed if page.pk in covered])
        _store_versions([page for page in changed if page.pk in pages], by)
        together_rows.store_dependencies(changed)
        _store_references_and_clearances(changed)
        _index(changed)
        shown_changed.send(sender=Page, pages=changed)


def _read(pages: dict[int, OnPage], aliases: dict[int, int], numbers: Iterable[int]) -> list[Any]:
    """Return these pages as they are stored, with the rows of their tables."""
    by_model: defaultdict[Any, list[int]] = defaultdict(list)
    for number in numbers:
        by_model[type(pages[aliases.get(number, number)].page)].append(number)
    return [
        page for model, some in by_model.items() for page in with_rows(model, all_tables=True, pk__in=some)
    ]


# What saving a page stores ----------------------------------------------------------------------------------


def _store_versions(pages: Sequence[Any], by: Any) -> None:
    now = timezone.now()
    base = ContentType.objects.get_for_model(Page)
    versions = []
    for page in pages:
        name_blocks(page)
        page.update_computed_fields()
        versions.append(
            Revision(
                content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
                base_content_type=base,
                object_id=str(page.pk),
                created_at=now,
                user=by,
                object_str=str(page),
                content=page.serializable_data(),
            )
        )
    Revision.objects.bulk_create(versions)
    for page, version in zip(pages, versions, strict=True):
        page.latest_revision = page.live_revision = version
        page.latest_revision_created_at = now
        page.draft_title, page.has_unpublished_changes = page.title, False
    Page.objects.bulk_update(
        pages,
        [
            "latest_revision",
            "live_revision",
            "latest_revision_created_at",
            "draft_title",
            "has_unpublished_changes",
        ],
    )
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=page.pk,
                content_type=version.content_type,
                label=page.get_admin_display_title(),
                action=EDITED,
                timestamp=now,
                user=by,
                revision=version,
                content_changed=True,
            )
            for page, version in zip(pages, versions, strict=True)
        ]
    )


def _store_references_and_clearances(pages: Sequence[Any]) -> None:
    """Store what the pages refer to and for how long they may be public; hide the files that they no longer
    show."""
    now, earlier = timezone.now(), _stored_references(pages)
    by_model: defaultdict[Any, list[Any]] = defaultdict(list)
    for page in pages:
        by_model[type(page)].append(page)
    for some in by_model.values():
        together_rows.store_references(some)
    redacted = {clearance.pk: clearance.redacted(now) for clearance in _clearances(pages)}
    lookup = ConsentLookup.by(need.person for page in pages for need in requirements_of(page) if need.person)
    made = {page.pk: gate.clearance_of(page, now, lookup) for page in pages}
    _store_clearances([clearance for clearance in made.values() if clearance is not None])
    # Deleted with a signal, whose receivers hide the files.
    Clearance.objects.filter(
        pk__in=[number for number, clearance in made.items() if clearance is None]
    ).delete()
    stale: set[Reference] = set()
    for page in pages:
        present, clearance = set(references_of(page)), made[page.pk]
        is_same = clearance is not None and clearance.redacted(now) == redacted.get(page.pk)
        if not is_same or present != earlier[page.pk]:
            stale |= present | earlier[page.pk]
    public_files.refresh(files_among(stale))


def _clearances(pages: Sequence[Any]) -> Any:
    return Clearance.objects.filter(pk__in=[page.pk for page in pages])


def _stored_references(pages: Sequence[Any]) -> dict[int, set[Reference]]:
    found: dict[int, set[Reference]] = {page.pk: set() for page in pages}
    rows = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id__in=[str(pk) for pk in found]
    )
    columns = ("object_id", "to_content_type_id", "to_object_id", "model_path", "content_path")
    for number, kind, to_object, model_path, path in rows.values_list(*columns):
        found[int(number)].add((kind, to_object, model_path, path))
    return found


def _store_clearances(clearances: Sequence[Clearance]) -> None:
    """Store clearances in the place of earlier ones, with one statement. Signals are not sent: the caller
    refreshes the files."""
    columns = [field.name for field in Clearance._meta.concrete_fields if not field.primary_key]
    Clearance.objects.bulk_create(
        clearances, update_conflicts=True, unique_fields=["page"], update_fields=columns
    )
    numbers = [clearance.page_id for clearance in clearances]
    log.record(
        *(tables.row_key(Clearance, number) for number in numbers), *(f"page:{number}" for number in numbers)
    )


def _index(pages: Sequence[Any]) -> None:
    """Put the pages into the search, without their redacted parts."""
    by_model: defaultdict[Any, dict[int, Any]] = defaultdict(dict)
    for page in pages:
        page.forget_clearance()
        by_model[type(page)][page.pk] = page
    for model, some in by_model.items():
        read = []
        for stored in model.get_indexed_objects().filter(pk__in=some):
            page = stored if stored.redacted else some[stored.pk]
            page.is_indexed_copy = True
            read.append(page)
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, read)


__all__ = ["save_pages"]
