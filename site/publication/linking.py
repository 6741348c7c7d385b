"""Links drafts to the people whom they are about: a new version of each, in which only the person changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from consent.models import Person
from publication.models import PageDependency
from queries import references

EDITED = "wagtail.edit"


@dataclass
class Linkable:
    """A page about a person as it is stored, and its newest draft.

    `is_plain`: whether it depends on no one and on no file yet, and will depend on nothing but the person to
    whom it is linked. One that shows pictures or quotes interviews may depend on more people then, and is
    saved as an editor saves it.
    """

    page: Any
    draft: dict[str, Any]
    is_plain: bool

    @property
    def person(self) -> int | None:
        """The person to whom the draft is linked."""
        number: int | None = self.draft.get("person")
        return number


def link(links: Sequence[tuple[Linkable, Person]], by: User | None) -> None:
    """Store a new version of each draft, with its person. Call it in a transaction.

    The pages are of one type, with a field `person`.
    """
    for one, person in links:
        if not one.is_plain:
            _save(one.page, person, by)
    plain = [(one, person) for one, person in links if one.is_plain]
    if plain:
        _store_versions(plain, by)
        _store_people([(one.page, person) for one, person in plain])


def _save(page: Any, person: Person, by: User | None) -> None:
    page.refresh_from_db()
    draft: Any = page.get_latest_revision_as_object()
    draft.person = person
    draft.save_revision(user=by, clean=False, log_action=True)
    if not page.live:
        # Also in the page itself, where an erasure looks for the person's pages.
        page.person = person
        page.save(update_fields=["person"], clean=False)


# As `save_revision` and `save` store them -------------------------------------------------------------------


def _store_versions(links: Sequence[tuple[Linkable, Person]], by: User | None) -> None:
    kind = ContentType.objects.get_for_model(links[0][0].page)
    base = ContentType.objects.get_for_model(Page)
    now = timezone.now()
    versions = [
        Revision(
            content_type=kind,
            base_content_type=base,
            object_id=str(one.page.pk),
            created_at=now,
            user=by,
            object_str=one.draft["title"],
            content={**one.draft, "person": person.pk},
        )
        for one, person in links
    ]
    Revision.objects.bulk_create(versions)
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=one.page.pk,
                content_type=kind,
                label=one.page.get_admin_display_title(),
                action=EDITED,
                timestamp=now,
                user=by,
                revision=version,
                content_changed=True,
            )
            for (one, _person), version in zip(links, versions, strict=True)
        ]
    )
    own = Revision.objects.filter(
        pk__in=[version.pk for version in versions],
        object_id=Cast(OuterRef("pk"), models.CharField()),
    )
    Page.objects.filter(pk__in=[one.page.pk for one, _person in links]).update(
        latest_revision=Subquery(own.values("pk")[:1]),
        latest_revision_created_at=now,
        has_unpublished_changes=True,
    )


def _store_people(links: Sequence[tuple[Any, Person]]) -> None:
    PageDependency.objects.bulk_create(
        [PageDependency(page_id=page.pk, person_id=person.pk) for page, person in links],
        ignore_conflicts=True,
    )
    # Also in the pages themselves, where an erasure looks for the person's pages.
    drafts = [(page, person) for page, person in links if not page.live]
    for page, person in drafts:
        page.person = person
    model = type(links[0][0])
    model._default_manager.bulk_update([page for page, _person in drafts], ["person"])
    to_person = ContentType.objects.get_for_model(Person).pk
    references.add(
        model, {page.pk: [(to_person, str(person.pk), "person", "person")] for page, person in drafts}
    )
