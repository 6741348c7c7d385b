"""Which pages a visitor may see. This is the one meaning of "public" on the site.

A page is public when it is live, neither it nor a page above it has a view restriction, and, if it is about a
person, its clearance is in force. Pages, lists, search, feeds, the sitemap, files and surfaces all ask
`visible_pages`. It adds no query of its own and costs look-ups by primary key only: which pages lie under a
restriction is stored (`publication.restrictions`), since comparing paths page by page scans the tree once for
every row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from changes import recorder, tables
from publication.mixins import about_person_models
from publication.models import Clearance, RestrictedPage


def visible_pages(pages: QuerySet[Any], on: datetime | None = None, *, named: bool = False) -> QuerySet[Any]:
    """Return those of `pages` that every visitor may see at the moment `on` (now by default).

    `named`: the query names its pages by their keys, so that no page that is published later belongs to it.
    What is rendered with the others is made again whenever a page of their type changes.
    """
    if not named:
        note_list(pages.model)
    restricted = RestrictedPage.objects.filter(page_id=OuterRef("pk"))
    return _cleared(pages, on).filter(~Exists(restricted), live=True)


def note_list(model: type[Any]) -> None:
    """Note that what is rendered lists pages of this type.

    `visible_pages` does it. A query that is kept from an earlier rendering needs it again.
    """
    if recorder.is_recording():
        recorder.depends_on(tables.table_key(model))
        if any(issubclass(kind, model) or issubclass(model, kind) for kind in about_person_models()):
            recorder.valid_until(_next_change())


def _cleared(pages: QuerySet[Any], on: datetime | None) -> QuerySet[Any]:
    """Return the pages that are not about a person, or whose clearance is in force."""
    cleared = Clearance.objects.all().of_outer(on)
    kinds = about_person_models()
    if pages.model in kinds:
        return pages.filter(cleared)
    if not any(issubclass(kind, pages.model) for kind in kinds):
        return pages
    types = ContentType.objects.get_for_models(*kinds).values()
    return pages.filter(~Q(content_type__in=[kind.pk for kind in types]) | Q(cleared))


def is_visible(page: Page, on: datetime | None = None) -> bool:
    """Return whether visitors may see one page, as the database says now: one query."""
    return visible_pages(type(page)._default_manager.filter(pk=page.pk), on).exists()


def is_cleared(page: Page) -> bool:
    """Return whether one page is live and, if it is about a person, its clearance is in force: one query.

    It may still need a login.
    """
    return _cleared(Page.objects.filter(pk=page.pk, live=True), None).exists()


def seconds_unchanged(most: int) -> int:
    """Return for how many seconds, `most` at most, no page changes because a consent begins or ends.

    A list may be cached that long.
    """
    change = _next_change()
    return min(most, int((change - timezone.now()).total_seconds())) if change else most


def _next_change() -> datetime | None:
    """Return when the clearance of any page changes next."""
    coming = Clearance.objects.filter(changes_at__gt=timezone.now()).order_by("changes_at")
    return coming.values_list("changes_at", flat=True).first()
