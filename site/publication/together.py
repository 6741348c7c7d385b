"""Publishes many drafts about people in one transaction, each exactly as if it were published alone.

A publication alone takes about a hundred queries. Here the drafts of a batch are read, judged and stored
together: the gate and its rules judge each draft with what was read ahead for all, and what is stored is
stored with one statement for all. `tests/importing/test_publishing_together.py` compares the two row by row.

Only a draft that has never been public, whose rows are stored as the revision says and that shows no file, is
stored together with others (`_is_plain`). Any other is published alone, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, Comment, Page, PageLogEntry, Revision, WorkflowState
from wagtail.search import index
from wagtail.signals import page_published, published

from changes import log, tables
from consent.grants import ConsentLookup
from publication import gate, stored_rows, together_rows
from publication.consent_requirements import first_locales
from publication.events import pages_published, read_ahead
from publication.gate import NotPublic
from publication.reasons import requirements_of
from publication.redaction import name_blocks
from queries import kept

_many: ContextVar[bool] = ContextVar("publication.together", default=False)
# What a publication sets on a page that was never public.
PUBLISHED = ("live", "has_unpublished_changes", "expired", "first_published_at", "last_published_at")
# Fields that filter the search, but are read from the page itself.
NOT_SEARCHED = frozenset({"person", "live_revision", *PUBLISHED})


def is_publishing_many() -> bool:
    """Return whether `events.pages_published` will tell of the page that is published now, with others."""
    return _many.get()


@dataclass
class Draft:
    """A draft of a batch: `page` as the revision says, `stored` as its rows are."""

    page: Any
    stored: Any
    revision: Revision
    # Whether the rows of its other tables are stored as the revision says.
    has_same_rows: bool = False
    is_in_workflow: bool = False

    def changed_fields(self) -> list[Any]:
        """Return the fields whose stored value differs from that of the revision."""
        return [
            field
            for field in self.page._meta.concrete_fields
            if not field.primary_key
            and field.get_prep_value(getattr(self.page, field.attname))
            != field.get_prep_value(getattr(self.stored, field.attname))
        ]


@contextmanager
def batch(model: Any, numbers: Sequence[int], *, lock: bool = True) -> Iterator[list[Draft]]:
    """Yield the latest drafts of these pages of one type, in their order, in a transaction.

    Everyone on whom they depend is locked, and what the gate asks is read ahead for all. `lock`: whether they
    are to be published.
    """
    with transaction.atomic():
        if lock:
            gate.lock_people(numbers)
        with kept.keeping():
            drafts = _read(model, numbers)
            _read_ahead(drafts, lock=lock)
            yield drafts


def _read(model: Any, numbers: Sequence[int]) -> list[Draft]:
    found = model.objects.select_related("latest_revision").in_bulk(numbers)
    pages = [found[number] for number in numbers if number in found and found[number].latest_revision]
    stored_rows.read_ahead(model, (page.latest_revision.content for page in pages))
    parents = Page.objects.in_bulk({page.path[: -Page.steplen] for page in pages}, field_name="path")
    commented = set(Comment.objects.filter(page__in=pages).values_list("page", flat=True))
    rows = together_rows.stored_children(model, pages)
    busy = set(
        WorkflowState.objects.filter(
            status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=[str(page.pk) for page in pages]
        ).values_list("object_id", flat=True)
    )
    drafts = []
    for page in pages:
        page._cached_parent_obj = parents.get(page.path[: -Page.steplen])
        if page.pk not in commented:
            setattr(page, COMMENTS_RELATION_NAME, [])
        content = page.latest_revision.content
        own = page.with_content_json(content)
        own._cached_parent_obj = page._cached_parent_obj
        same = page.pk not in commented and together_rows.are_same(model, content, rows[page.pk])
        drafts.append(Draft(own, page, page.latest_revision, same, str(page.pk) in busy))
    return drafts


def _read_ahead(drafts: list[Draft], *, lock: bool) -> None:
    """Read for all drafts together what the gate and its rules ask of each."""
    pages = [draft.page for draft in drafts]
    first_locales.read_ahead(page.translation_key for page in pages)
    people = {person for page in pages for person in page.people_told_of()}
    read_ahead.send(sender=None, pages=pages, people=sorted(people))
    needed = {page: [one.person for one in requirements_of(page) if one.person] for page in pages}
    lookup = ConsentLookup.by({person for found in needed.values() for person in found}, lock=lock)
    for page, own in needed.items():
        some = {number: lookup.people[number] for number in own if number in lookup.people}
        consents = {number: lookup.consents[number] for number in some if number in lookup.consents}
        kept.put(page, "consents", ConsentLookup(some, consents))


def publish(drafts: Iterable[Draft], *, by: User | None) -> dict[int, NotPublic | None]:
    """Publish the drafts of a `batch`; return by page why it was refused, None where it was published.

    Raises PermissionDenied where the user may not publish a page; then nothing is published.
    """
    found: dict[int, NotPublic | None] = {}
    plain: list[Draft] = []
    for draft in drafts:
        if by is not None and not draft.page.permissions_for_user(by).can_publish():
            raise PermissionDenied("You do not have permission to publish this page.")
        found[draft.page.pk] = None
        try:
            if not _is_plain(draft):
                draft.revision.publish(user=by)
                continue
            name_blocks(draft.page)
            draft.page.live = True
            gate.require_consent(draft.page)
            plain.append(draft)
        except NotPublic as refusal:
            draft.page.live = False
            found[draft.page.pk] = refusal
    if plain:
        _store(plain, by)
    return found


def _is_plain(draft: Draft) -> bool:
    page, stored = draft.page, draft.stored
    return (
        draft.has_same_rows
        and not draft.is_in_workflow
        and stored.first_published_at is None
        and not (stored.live or stored.alias_of_id or page.go_live_at or page.expire_at)
        and page.slug == stored.slug
        and page.title == stored.title
        and not together_rows.shows_files(page)
        and not page.stores_more()
    )


def _store(drafts: list[Draft], by: User | None) -> None:
    now = timezone.now()
    searched = {field.field_name for field in type(drafts[0].page).get_search_fields()} - NOT_SEARCHED
    for draft in drafts:
        page = draft.page
        page.update_computed_fields()
        page.live, page.has_unpublished_changes, page.expired = True, False, False
        page.first_published_at = page.last_published_at = now
        page.live_revision = draft.revision
    _update_rows(drafts, now)
    together_rows.store_references([draft.page for draft in drafts])
    together_rows.store_dependencies([draft.page for draft in drafts])
    # Each has one: the gate has no reason against any.
    clearances = [made for draft in drafts if (made := gate.clearance_of(draft.page, now))]
    together_rows.store_clearances(clearances)
    for draft, clearance in zip(drafts, clearances, strict=True):
        draft.page._state.fields_cache["clearance"] = clearance
    for draft in drafts:
        # What the search has of the others was stored with the draft.
        if draft.page.redacted_parts or searched & {field.name for field in draft.changed_fields()}:
            index.insert_or_update_object(draft.page)
    _tell(drafts)
    _log(drafts, by, now)


def _update_rows(drafts: list[Draft], now: datetime) -> None:
    """Store what a publication changes on the pages, and whatever else the revisions say differently."""
    numbers = [draft.page.pk for draft in drafts]
    model = type(drafts[0].page)
    base = ContentType.objects.get_for_model(Page)
    for changed, some in together_rows.by_changed_fields(drafts, {*PUBLISHED, "live_revision"}).items():
        model._base_manager.bulk_update([draft.page for draft in some], list(changed))
    Page.objects.bulk_update([draft.page for draft in drafts], ["live_revision"])
    Page.objects.filter(pk__in=numbers).update(
        live=True,
        has_unpublished_changes=False,
        expired=False,
        first_published_at=now,
        last_published_at=now,
    )
    Revision.objects.filter(
        base_content_type=base,
        object_id__in=[str(number) for number in numbers],
        approved_go_live_at__isnull=False,
    ).update(approved_go_live_at=None)
    log.record(tables.table_key(model), tables.table_key(Page), *(f"page:{number}" for number in numbers))


def _tell(drafts: list[Draft]) -> None:
    """Tell of each page, and of all together those receivers that do for many what they would do for each."""
    token = _many.set(True)
    try:
        for draft in drafts:
            page_published.send(sender=type(draft.page), instance=draft.page, revision=draft.revision)
            published.send(sender=type(draft.page), instance=draft.page, revision=draft.revision)
    finally:
        _many.reset(token)
    pages_published.send(sender=type(drafts[0].page), pages=[draft.page for draft in drafts])


def _log(drafts: list[Draft], by: User | None, now: datetime) -> None:
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=draft.page.pk,
                content_type=ContentType.objects.get_for_model(draft.page, for_concrete_model=False),
                label=draft.page.get_admin_display_title(),
                action="wagtail.publish",
                timestamp=now,
                user=by,
                revision=draft.revision,
                content_changed=True,
            )
            for draft in drafts
        ]
    )
