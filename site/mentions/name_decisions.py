"""Whom a name on a page means, as an editor decided: a person on record, or someone else."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from audit import trail
from audit.actors import Actor
from mentions.models import NameDecision
from uploads.errors import EditorError

SHORTEST_REASON = 3


def page_number(page: Page) -> int | None:
    """Return the number of the page on which is decided: of an alias, that of the page that it follows. None
    for a new page.
    """
    number: int | None = page.alias_of_id or page.pk
    return number


def decide(*, page: Page, mark: int, by: Actor, reason: str = "", person: int | None = None) -> NameDecision:
    """State that a name on a page means this person, or with None someone else.

    The decision holds for this page. No name is stored with it. Raises EditorError for someone else without a
    reason.
    """
    if person is None and len(reason.strip()) < SHORTEST_REASON:
        raise EditorError(_("Say whom it means, or why it may stay. The reason is recorded."))
    number = page_number(page)
    assert number, "whom a name means is decided on a page that is stored"
    with transaction.atomic():
        decision, _created = NameDecision.objects.update_or_create(
            page_id=number,
            mark=mark,
            defaults={"person_id": person, "by": by.user, "by_name": by.name},
        )
        trail.record(by=by, action="name.decided", thing=page, person=person, reason=reason.strip())
    return decision


def of_page(page: Page, marks: Collection[int]) -> dict[int, int | None]:
    """Return what was decided on a page about these names: by mark the person, None for someone else."""
    number = page_number(page)
    if not marks or not number:
        return {}
    return dict(NameDecision.objects.filter(page=number, mark__in=marks).values_list("mark", "person"))


def people_on(page: Page) -> dict[int, int]:
    """Return by mark the people whom names on a page mean, also names that are not on it any more."""
    number = page_number(page)
    if not number:
        return {}
    rows = NameDecision.objects.filter(page=number, person__isnull=False)
    return dict(rows.values_list("mark", "person"))


__all__ = ["decide", "of_page", "page_number", "people_on"]
