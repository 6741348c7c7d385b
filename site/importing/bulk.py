"""Stores many new drafts at once, with everything that storing each alone would have stored.

A story alone takes 160 queries: for its place in the tree, its tables, its revision, log entries, what it
depends on, references and the search index. Here each of these is stored once for all. A test compares the
two row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageLogEntry, Revision

from conditions.models.term import Term
from experiences.models import FollowUp, StoryIndexPage, StoryPage
from experiences.models.story import StoryTag
from importing.indexing import index_words
from importing.slugs import letters_of
from media.models import Picture, Recording
from publication.models import PageDependency, RestrictedPage
from queries import references

CREATED, EDITED = "wagtail.create", "wagtail.edit"
MEDIA: dict[str, Any] = {"picture": Picture, "recording": Recording}


@dataclass
class NewDraft:
    """A draft to be stored. `tags`: stored tags."""

    page: StoryPage
    follow_ups: list[FollowUp]
    conditions: list[Term]
    treatments: list[Term]
    tags: list[Any]


def create(drafts: Sequence[NewDraft], *, parent: StoryIndexPage, by: User | None) -> None:
    """Store drafts under `parent`, in their order. Call it in a transaction.

    The pages get their keys and revisions. No page is live: nothing here asks the publication gate.
    """
    if not drafts:
        return
    assert not any(draft.page.live for draft in drafts)
    for draft in drafts:
        page: Any = draft.page
        page.follow_ups = draft.follow_ups
        page.update_computed_fields()
    _insert_pages([draft.page for draft in drafts], parent, by)
    _insert_rows(drafts)
    _insert_revisions([draft.page for draft in drafts], by)
    _insert_references([draft.page for draft in drafts])
    index_words([draft.page for draft in drafts])


# The tree ---------------------------------------------------------------------------------------------------


def lock(parent: Page) -> Page:
    """Return the parent as it is now, locked: no one else can add a page to it until the transaction ends."""
    return Page.objects.select_for_update().get(pk=parent.pk)


def _insert_pages(pages: list[StoryPage], parent: StoryIndexPage, by: User | None) -> None:
    locked = lock(parent)
    depth = locked.depth + 1
    children = Page.objects.filter(depth=depth, path__startswith=locked.path)
    last = children.order_by("-path").values_list("path", flat=True).first()
    step = Page._str2int(last[-Page.steplen :]) if last else 0
    _free_slugs(pages, children)
    kind = ContentType.objects.get_for_model(StoryPage)
    plain = []
    for number, page in enumerate(pages, start=1):
        page.path, page.depth = Page._get_path(locked.path, depth, step + number), depth
        page.url_path = f"{locked.url_path}{page.slug}/"
        page.locale_id, page.content_type, page.owner = locked.locale_id, kind, by
        page.numchild = 0
        plain.append(Page(**{field.attname: getattr(page, field.attname)
                             for field in Page._meta.concrete_fields if not field.primary_key}))  # fmt: skip
    Page.objects.bulk_create(plain)
    for page, stored in zip(pages, plain, strict=True):
        page.pk = page.id = page.page_ptr_id = stored.pk
        page._state.adding, page._state.db = False, stored._state.db
    insert_child_rows(StoryPage, pages)
    Page.objects.filter(pk=locked.pk).update(numchild=F("numchild") + len(pages))
    if RestrictedPage.objects.filter(pk=locked.pk).exists():
        RestrictedPage.objects.bulk_create([RestrictedPage(page_id=page.pk) for page in pages])


def insert_child_rows(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert the rows of a table that has a parent table, whose rows exist.

    `bulk_create` refuses such tables; `_insert` is what Django's own `save` calls for such a row.
    """
    fields = model._meta.local_concrete_fields
    size = max(1, connection.ops.bulk_batch_size(list(fields), list(rows)))
    for start in range(0, len(rows), size):
        some = list(rows[start : start + size])
        model._base_manager._insert(some, fields=fields, using=connection.alias)  # type: ignore[attr-defined]


def _free_slugs(pages: list[StoryPage], children: models.QuerySet[Any]) -> None:
    """Add letters to the slugs that other stories have. Only slugs of the archive itself can be taken."""
    wanted = [page.slug for page in pages]
    taken = set(children.filter(slug__in=wanted).values_list("slug", flat=True)) if any(wanted) else set()
    for page in pages:
        if page.slug in taken:
            page.slug = f"{page.slug[:200]}-{letters_of(page.translation_key.hex)}"
        taken.add(page.slug)


# Other tables -----------------------------------------------------------------------------------------------


def _insert_rows(drafts: Sequence[NewDraft]) -> None:
    follow_ups, tagged = [], []
    for draft in drafts:
        page: Any = draft.page
        for row in draft.follow_ups:
            row.page = page
        items = [StoryTag(content_object=page, tag=tag) for tag in draft.tags]
        follow_ups += draft.follow_ups
        tagged += items
        # As the page would be read from the database, so that the revision has its rows.
        page.tagged_items = items
        page.conditions, page.treatments = draft.conditions, draft.treatments
        setattr(page, COMMENTS_RELATION_NAME, [])
    FollowUp.objects.bulk_create(follow_ups)
    StoryTag.objects.bulk_create(tagged)
    _insert_terms("condition", drafts)
    _insert_terms("treatment", drafts)


def _insert_terms(name: str, drafts: Sequence[NewDraft]) -> None:
    through: Any = getattr(StoryPage, f"{name}s").through
    through.objects.bulk_create(
        [
            through(storypage_id=draft.page.pk, **{f"{name}_id": term.pk})
            for draft in drafts
            for term in getattr(draft, f"{name}s")
        ]
    )


def _insert_revisions(pages: list[StoryPage], by: User | None) -> None:
    kind = ContentType.objects.get_for_model(StoryPage)
    base = ContentType.objects.get_for_model(Page)
    now = timezone.now()
    revisions = [
        Revision(
            content_type=kind,
            base_content_type=base,
            object_id=str(page.pk),
            created_at=now,
            user=by,
            object_str=str(page),
            content=page.serializable_data(),
        )
        for page in pages
    ]
    Revision.objects.bulk_create(revisions)
    logged = []
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision, page.latest_revision_created_at = revision, now
        entry: dict[str, Any] = {"content_type": kind, "label": page.get_admin_display_title(), "user": by}
        entry |= {"page_id": page.pk, "content_changed": True, "timestamp": now}
        logged.append(PageLogEntry(action=CREATED, **entry))
        logged.append(PageLogEntry(action=EDITED, revision=revision, **entry))
    PageLogEntry.objects.bulk_create(logged)
    # Each of these pages has one revision.
    own = Revision.objects.filter(base_content_type=base, object_id=Cast(OuterRef("pk"), models.CharField()))
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        latest_revision=Subquery(own.values("pk")[:1]), latest_revision_created_at=now
    )


def _insert_references(pages: Sequence[StoryPage]) -> None:
    """Store what new pages refer to, in Wagtail's index and, for pictures and recordings, in ours.

    No person is linked to a new draft.
    """
    found = references.store_new(pages)
    media = {ContentType.objects.get_for_model(model).pk: name for name, model in MEDIA.items()}
    shown = {
        (page, media[to_type], int(number))
        for page, own in found.items()
        for to_type, number, _model_path, _content_path in own
        if to_type in media
    }
    PageDependency.objects.bulk_create(
        [PageDependency(page_id=page, **{f"{name}_id": number}) for page, name, number in sorted(shown)]
    )
