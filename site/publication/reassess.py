"""Unpublishes or redacts pages when a consent changes, begins or ends.

Nothing is published automatically: only a published page with a clearance is reassessed. An unpublished page
stays so until an editor publishes it.
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
from publication import gate, public_files, social_pictures
from publication.depictions import depicted_with
from publication.events import shown_changed
from publication.models import Clearance, PageDependency


@dataclass(frozen=True)
class Reassessed:
    """`unpublished`: pages that were public and no longer are; `changed`: pages of which other parts are
    shown now.
    """

    unpublished: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)

    @property
    def pages(self) -> list[Any]:
        """All pages that look different to visitors now."""
        return [*self.unpublished, *self.changed]


def reassess_people(person_ids: Iterable[int], at: datetime | None = None) -> Reassessed:
    """Reassess every published page that depends on these people. One query finds the pages."""
    people = set(person_ids)
    if not people:
        return Reassessed()
    with transaction.atomic():
        _lock(people)
        found = reassess_pages(
            PageDependency.objects.filter(person__in=people).values_list("page", flat=True), at
        )
        # Pages that are not about a person may show these people too.
        public_files.refresh(depicted_with(people))
    return found


def reassess_pages(page_ids: Iterable[int], at: datetime | None = None) -> Reassessed:
    """Write the clearances of these pages again and unpublish the pages that get none, in the caller's
    transaction.

    A page without a clearance is not shown to any visitor, and is left as it is.
    """
    at = at or timezone.now()
    pages = set(page_ids)
    found = Reassessed()
    with transaction.atomic():
        # Read pages after the lock, so that the version an editor has just published is reassessed.
        _lock(
            set(
                PageDependency.objects.filter(page__in=pages, person__isnull=False).values_list(
                    "person", flat=True
                )
            )
        )
        before = {
            clearance.pk: clearance for clearance in Clearance.objects.filter(page__in=pages, page__live=True)
        }
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
    """Take the lock under which pages are published (`gate.require_consent`), so that the two run one after
    the other.
    """
    gate.lock(people)


def _reassess(page: Page, before: Clearance, lookup: ConsentLookup, at: datetime, found: Reassessed) -> None:
    after = gate.write_clearance(page, at, lookup)
    if after is None:
        found.unpublished.append(page)
        # An alias may have been unpublished together with the page it is an alias of.
        if Page.objects.filter(pk=page.pk, live=True).exists():
            page.unpublish(log_action=True)
        return
    ended = after.redacted(at) - redacted_when_made(before)
    if social_pictures.SHARED in ended:
        social_pictures.hide(page)
    if after.redacted(at) != redacted_when_made(before):
        found.changed.append(page)
        page.forget_clearance()
        index.insert_or_update_object(page)


def redacted_when_made(clearance: Clearance) -> frozenset[str]:
    """Return what was redacted when the clearance was last written: caches, clips and the search index match
    that.
    """
    return clearance.redacted(clearance.made_at)
