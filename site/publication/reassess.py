"""What follows for pages when a consent changes, or its time comes: what may not be public any more comes down.

Nothing goes up by itself: a page is reassessed only while it is published and was let through by the gate. What was
taken down stays down until somebody publishes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail.search import index

from consent.grants import ConsentLookup
from consent.models import Person
from publication import gate, public_files
from publication.depictions import depicted_with
from publication.events import shown_changed
from publication.models import Clearance, PageDependency


@dataclass(frozen=True)
class Reassessed:
    """`unpublished`: pages that were public and are not any more; `changed`: those of which another part is shown."""

    unpublished: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)

    @property
    def pages(self) -> list[Any]:
        return [*self.unpublished, *self.changed]


def reassess_people(person_ids: Iterable[int], at: datetime | None = None) -> Reassessed:
    """Reconsider every published page that rests on these people: one query finds them, whatever the site holds."""
    people = set(person_ids)
    if not people:
        return Reassessed()
    with transaction.atomic():
        _lock(people)
        found = reassess_pages(
            PageDependency.objects.filter(person__in=people).values_list("page", flat=True), at
        )
        # On pages that are about nobody, too, somebody may be seen.
        public_files.refresh(depicted_with(people))
    return found


def reassess_pages(page_ids: Iterable[int], at: datetime | None = None) -> Reassessed:
    """Write the clearances of these pages anew; unpublish those that have none any more. In the caller's transaction.

    A page without a clearance is not shown to anybody, and is left as it is.
    """
    at = at or timezone.now()
    pages = set(page_ids)
    found = Reassessed()
    with transaction.atomic():
        # Pages are read after the lock: what somebody published until then is what is reassessed.
        _lock(
            set(
                PageDependency.objects.filter(page__in=pages, person__isnull=False).values_list(
                    "person", flat=True
                )
            )
        )
        before = {one.pk: one for one in Clearance.objects.filter(page__in=pages, page__live=True)}
        if not before:
            return found
        shown = [
            page
            for page in Page.objects.filter(pk__in=before).order_by("path").specific()
            if hasattr(page, "consent_requirements")
        ]
        lookup = ConsentLookup.by(
            (
                requirement.person
                for page in shown
                for requirement in page.consent_requirements()
                if requirement.person
            ),
            lock=True,
        )
        for page in shown:
            _reassess(page, before[page.pk], lookup, at, found)
        if found.pages:
            shown_changed.send(sender=Page, pages=found.pages)
    return found


def _lock(people: set[int]) -> None:
    """The lock under which pages are published (`gate.require_consent`): of a publication and this, one comes after the other."""
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))


def _reassess(page: Any, before: Clearance, lookup: ConsentLookup, at: datetime, found: Reassessed) -> None:
    after = gate.write_clearance(page, at, lookup)
    if after is None:
        found.unpublished.append(page)
        # As an alias it may have come down with the page it is an alias of.
        if Page.objects.filter(pk=page.pk, live=True).exists():
            page.unpublish(log_action=True)
    elif after.redacted(at) != redacted_when_made(before):
        found.changed.append(page)
        page.forget_clearance()
        index.insert_or_update_object(page)


def redacted_when_made(clearance: Clearance) -> frozenset[str]:
    """What was left out when it was last looked at: what caches, clips and the search index were made by."""
    return clearance.redacted(clearance.made_at)
