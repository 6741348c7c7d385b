"""Removes mentions of a person from whatever is public and not about them.

What visitors see is changed at once, in the caller's transaction. The editors of a page get a draft without
the passage; the earlier version stays in the page's history, until the person is erased.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision, TaskState

from consent.models import Person
from mentions import quiet
from mentions.candidates import matcher_for
from mentions.finding import OnPage, Wanted, search
from mentions.matching import Matcher
from publication.drafts import readable
from publication.gate import NotPublic
from publication.mixins import AboutPerson


def remove_mentions(*, wanted: Wanted, by: AbstractBaseUser | None = None) -> list[int]:
    """Remove what `wanted` chooses from every public page, its draft, and what pages share.

    Return the numbers of the pages that look different. Call it in a transaction. May be repeated.
    """
    result, changed = search(wanted), set[int]()
    for one in result.affected:
        if one.is_page:
            _remove(one, matcher_for(one.page, result.matcher, _person(wanted)), wanted, by)
            changed.add(one.page.pk)
        else:
            changed.update(quiet.save_shared(one, result.matcher, wanted, by))
    return sorted(changed)


def _person(wanted: Wanted) -> Person:
    return Person.objects.get(pk=wanted.person)


def _remove(on_page: OnPage, matcher: Matcher, wanted: Wanted, by: Any) -> None:
    Page.objects.select_for_update().filter(pk=on_page.page.pk).values_list("pk").first()
    page = on_page.page
    # What this program cannot read stays in the page's history, until the person is erased.
    draft = readable(page.latest_revision) if page.has_unpublished_changes else None
    before = set(page.revisions.values_list("pk", flat=True))
    scheduled = list(page.revisions.filter(approved_go_live_at__isnull=False))
    if isinstance(page, AboutPerson):
        quiet.save_page(on_page, by)
    elif on_page.is_unpublished or not _save_public(on_page, by):
        _unpublish(on_page, by)
    latest = _save_draft(draft, matcher, wanted, by) if draft is not None else None
    for revision in scheduled:
        if (content := readable(revision)) is None:
            continue  # it cannot be published either
        quiet.clean(content, matcher, wanted, on_page.reading)
        content.save_revision(user=by, clean=False, approved_go_live_at=revision.approved_go_live_at)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    if latest is None:
        latest = Revision.objects.filter(pk=Page.objects.get(pk=page.pk).latest_revision_id).first()
    # A workflow that is under way would publish the version it was begun with.
    TaskState.objects.filter(revision__in=before, status=TaskState.STATUS_IN_PROGRESS).update(revision=latest)


def _save_public(on_page: OnPage, by: Any) -> bool:
    """Write the public version without the mentions. Return False if a rule refuses it."""
    page = on_page.page
    try:
        with transaction.atomic():
            on_page.cleaned.apply(page)
            page.save(clean=False)
            revision = page.save_revision(user=by, clean=False, log_action=True)
            Page.objects.filter(pk=page.pk).update(live_revision=revision, has_unpublished_changes=False)
            page.update_aliases(revision=revision, _content=revision.content)
    except NotPublic:
        return False
    return True


def _unpublish(on_page: OnPage, by: Any) -> None:
    """Unpublish the page, and prepare a draft without what can be left out."""
    page = Page.objects.get(pk=on_page.page.pk).specific
    if page.live:
        # A user who may withdraw a consent need not be allowed to publish.
        UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)
    if on_page.cleaned.changes and not on_page.page.has_unpublished_changes:
        fresh = Page.objects.get(pk=page.pk).specific
        on_page.cleaned.apply(fresh)
        fresh.save_revision(user=by, clean=False)


def _save_draft(draft: Any, matcher: Matcher, wanted: Wanted, by: Any) -> Any:
    quiet.clean(draft, matcher, wanted)
    return draft.save_revision(user=by, clean=False)


__all__ = ["remove_mentions"]
