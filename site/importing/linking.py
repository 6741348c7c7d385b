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
from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryPage
from importing.records import PARTS
from interviews.models import Interview
from publication.models import PageDependency
from queries import references

EDITED = "wagtail.edit"


@dataclass
class Story:
    """An imported story as it is stored, and its newest draft. `is_plain`: see `_is_plain`."""

    page: StoryPage
    draft: dict[str, Any]
    is_plain: bool

    @property
    def person(self) -> int | None:
        """The person to whom the draft is linked."""
        number: int | None = self.draft.get("person")
        return number


def read_stories(numbers: Sequence[int]) -> dict[int, Story]:
    """Return stories by number, locked: no editor saves them until the transaction ends."""
    # The plain rows are enough, and are all that an editor's save of a draft writes.
    list(Page.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))
    pages = StoryPage.objects.select_related("latest_revision").defer(*PARTS).in_bulk(numbers)
    shown = {*PageDependency.objects.filter(page__in=numbers).values_list("page", flat=True)}
    shown |= {*Interview.objects.filter(story__in=numbers).values_list("story", flat=True)}
    found = {}
    for number, page in pages.items():
        draft = page.latest_revision.content if page.latest_revision else {}
        found[number] = Story(page, dict(draft), number not in shown and _is_plain(page, draft))
    return found


def _is_plain(page: StoryPage, draft: dict[str, Any]) -> bool:
    """Return whether the page depends on nothing but the person to whom it is linked now.

    True for a story of words. One that shows pictures or quotes an interview may depend on more people once
    it is linked, and is saved as an editor saves it.
    """
    return (
        bool(draft)
        and not page.alias_of_id
        and not any(f'"{BLOCK}"' in draft.get(part, "") for part in PARTS)
    )


def link(links: Sequence[tuple[Story, Person]], by: User | None) -> None:
    """Store a new version of each draft, with its person. Call it in a transaction."""
    for story, person in links:
        if not story.is_plain:
            _save(story.page, person, by)
    plain = [(story, person) for story, person in links if story.is_plain]
    if plain:
        _store_versions(plain, by)
        _store_people([(story.page, person) for story, person in plain])


def _save(page: StoryPage, person: Person, by: User | None) -> None:
    page.refresh_from_db()
    draft: Any = page.get_latest_revision_as_object()
    draft.person = person
    draft.save_revision(user=by, clean=False, log_action=True)
    if not page.live:
        # Also in the page itself, where an erasure looks for the person's pages.
        page.person = person
        page.save(update_fields=["person"], clean=False)


# As `save_revision` and `save` store them -------------------------------------------------------------------


def _store_versions(links: Sequence[tuple[Story, Person]], by: User | None) -> None:
    kind = ContentType.objects.get_for_model(StoryPage)
    base = ContentType.objects.get_for_model(Page)
    now = timezone.now()
    versions = [
        Revision(
            content_type=kind,
            base_content_type=base,
            object_id=str(story.page.pk),
            created_at=now,
            user=by,
            object_str=story.draft["title"],
            content={**story.draft, "person": person.pk},
        )
        for story, person in links
    ]
    Revision.objects.bulk_create(versions)
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=story.page.pk,
                content_type=kind,
                label=story.page.get_admin_display_title(),
                action=EDITED,
                timestamp=now,
                user=by,
                revision=version,
                content_changed=True,
            )
            for (story, _person), version in zip(links, versions, strict=True)
        ]
    )
    own = Revision.objects.filter(
        pk__in=[version.pk for version in versions],
        object_id=Cast(OuterRef("pk"), models.CharField()),
    )
    Page.objects.filter(pk__in=[story.page.pk for story, _person in links]).update(
        latest_revision=Subquery(own.values("pk")[:1]),
        latest_revision_created_at=now,
        has_unpublished_changes=True,
    )


def _store_people(links: Sequence[tuple[StoryPage, Person]]) -> None:
    PageDependency.objects.bulk_create(
        [PageDependency(page_id=page.pk, person_id=person.pk) for page, person in links],
        ignore_conflicts=True,
    )
    # Also in the pages themselves, where an erasure looks for the person's pages.
    drafts = [(page, person) for page, person in links if not page.live]
    for page, person in drafts:
        page.person = person
    StoryPage.objects.bulk_update([page for page, _person in drafts], ["person"])
    to_person = ContentType.objects.get_for_model(Person).pk
    references.add(
        StoryPage, {page.pk: [(to_person, str(person.pk), "person", "person")] for page, person in drafts}
    )
