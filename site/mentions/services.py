"""Removes mentions of a person from whatever is public and not about them.

What visitors see is changed at once, in the caller's transaction. The editors of a page get a draft without
the passage; the earlier version stays in the page's history, until the person is erased.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision, TaskState

from consent.models import Person
from mentions import quiet
from mentions.candidates import matcher_for
from mentions.finding import OnPage, Wanted, search
from mentions.many_pages import save_pages
from mentions.matching import Matcher
from publication.drafts import readable
from publication.gate import NotPublic
from publication.mixins import AboutPerson


def remove_mentions(
    *, wanted: Wanted, by: AbstractBaseUser | None = None, matcher: Matcher | None = None
) -> list[int]:
    """Remove what `wanted` chooses from every public page, its draft, and what pages share.

    `matcher`: as for `search`. Return the numbers of the pages that look different. Call it in a transaction.
    May be repeated.
    """
    # Where the pages are known, they are locked before they are read, so that no editor's change is lost.
    _lock(wanted.pages or ())
    result, changed = search(wanted, matcher), set[int]()
    pages = [one for one in result.affected if one.is_page]
    if wanted.pages is None:
        _lock(one.page.pk for one in pages)
    if pages:
        _remove(pages, result.matcher, wanted, by)
        changed.update(one.page.pk for one in pages)
    for one in result.affected:
        if not one.is_page:
            changed.update(quiet.save_shared(one, result.matcher, wanted, by))
    return sorted(changed)


def _lock(numbers: Iterable[int]) -> None:
    locked = Page.objects.select_for_update().filter(pk__in=list(numbers)).order_by("pk")
    list(locked.values_list("pk", flat=True))


def _remove(pages: list[OnPage], matcher: Matcher, wanted: Wanted, by: Any) -> None:
    person = Person.objects.get(pk=wanted.person)
    versions = _Versions(pages)
    save_pages([one for one in pages if isinstance(one.page, AboutPerson)], by)
    for one in pages:
        is_plain = not isinstance(one.page, AboutPerson)
        if is_plain and (one.is_unpublished or not _save_public(one, by)):
            _unpublish(one, by)
        if versions.has_others(one.page):
            versions.clean(one, matcher_for(one.page, matcher, person), wanted, by)


class _Versions:
    """The versions of pages that would be published next: drafts, scheduled ones, and those in a workflow.

    Read before anything is removed, in two queries and one for each draft.
    """

    def __init__(self, pages: list[OnPage]) -> None:
        numbers = [str(one.page.pk) for one in pages]
        # What this program cannot read stays in the page's history, until the person is erased.
        self.drafts = {
            one.page.pk: draft
            for one in pages
            if one.page.has_unpublished_changes and (draft := readable(one.page.latest_revision)) is not None
        }
        self.scheduled: defaultdict[int, list[Revision]] = defaultdict(list)
        for revision in Revision.page_revisions.filter(
            object_id__in=numbers, approved_go_live_at__isnull=False
        ).order_by("pk"):
            self.scheduled[int(revision.object_id)].append(revision)
        self.running: defaultdict[int, list[int]] = defaultdict(list)
        states = TaskState.objects.filter(
            status=TaskState.STATUS_IN_PROGRESS,
            revision__object_id__in=numbers,
            revision__base_content_type=ContentType.objects.get_for_model(Page),
        )
        for state, number in states.values_list("pk", "revision__object_id"):
            self.running[int(number)].append(state)

    def has_others(self, page: Page) -> bool:
        """Return whether anything but the public version of a page may be published."""
        return page.pk in self.drafts or page.pk in self.scheduled or page.pk in self.running

    def clean(self, on_page: OnPage, matcher: Matcher, wanted: Wanted, by: Any) -> None:
        """Remove the mentions from these versions of a page whose public version has none any more."""
        page = on_page.page
        draft = self.drafts.get(page.pk)
        latest = _save_draft(draft, matcher, wanted, by) if draft is not None else None
        for revision in self.scheduled.get(page.pk, ()):
            if (content := readable(revision)) is None:
                continue  # it cannot be published either
            quiet.clean(content, matcher, wanted, on_page.reading)
            content.save_revision(user=by, clean=False, approved_go_live_at=revision.approved_go_live_at)
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        if latest is None:
            latest = Revision.objects.filter(pk=Page.objects.get(pk=page.pk).latest_revision_id).first()
        # A workflow that is under way would publish the version it was begun with.
        TaskState.objects.filter(pk__in=self.running.get(page.pk, ())).update(revision=latest)


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
