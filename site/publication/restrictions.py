"""Keeps the stored list of restricted pages in step with Wagtail's view restrictions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page, PageViewRestriction

from changes import log
from publication.models import RestrictedPage

AT_ONCE = 500


def sync_below(path: str = "") -> None:
    """Store again which of the pages at and below `path` are restricted; without a path, all of them."""
    with transaction.atomic():
        below = Page.objects.filter(path__startswith=path)
        closed = Page.objects.none()
        if marks := _restricted_paths(path):
            inside = Q()
            for mark in marks:
                inside |= Q(path__startswith=mark)
            closed = below.filter(inside)
        wanted = set(closed.values_list("pk", flat=True))
        stored = set(RestrictedPage.objects.filter(page__path__startswith=path).values_list("pk", flat=True))
        changed = sorted(stored ^ wanted)
        _delete(stored - wanted)
        RestrictedPage.objects.bulk_create(
            [RestrictedPage(page_id=number) for number in sorted(wanted - stored)],
            batch_size=AT_ONCE,
            ignore_conflicts=True,
        )
        if changed:
            log.record(RestrictedPage._meta.label_lower, *(f"page:{number}" for number in changed))


def _restricted_paths(path: str) -> set[str]:
    """Return the paths of restricted pages that lie above, at or below `path`."""
    above = [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]
    restrictions = PageViewRestriction.objects.filter(
        Q(page__path__in=above) | Q(page__path__startswith=path)
    )
    return set(restrictions.values_list("page__path", flat=True))


def _delete(numbers: set[int]) -> None:
    listed = sorted(numbers)
    for start in range(0, len(listed), AT_ONCE):
        RestrictedPage.objects.filter(pk__in=listed[start : start + AT_ONCE]).delete()


# Receivers, connected in `publication.signals` --------------------------------------------------------------


def restriction_changed(instance: PageViewRestriction, **_kwargs: object) -> None:
    """A restriction was set or removed."""
    path = Page.objects.filter(pk=instance.page_id).values_list("path", flat=True).first()
    if path:
        sync_below(path)


def page_moved(instance: Page, **_kwargs: object) -> None:
    """A page was moved, and may lie under another restriction now."""
    path = Page.objects.filter(pk=instance.pk).values_list("path", flat=True).first()
    if path:
        sync_below(path)


def page_created(instance: Any, created: bool = False, raw: bool = False, **_kwargs: object) -> None:
    """A page was added to the tree, perhaps below a restricted one."""
    if created and not raw and isinstance(instance, Page) and instance.path:
        sync_below(instance.path)
