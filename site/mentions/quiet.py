"""Replaces words on a page about other people, or in what pages share, without asking the gate again.

Nothing is added, so nothing new becomes public, and what the gate would say of the rest has to wait for the
next publication: another person's withdrawal must not unpublish a family's page. An approval that covered the
page before covers it without these words, which is recorded as an override with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, RevisionMixin
from wagtail.search import index

from approval import gate_rule
from approval.models import ApprovalOverride
from mentions import places
from mentions.cleaning import Cleaner
from mentions.finding import OnPage, Wanted
from mentions.found import Cleaned
from mentions.matching import Matcher
from publication.mixins import AboutPerson

BY = "mentions"


def clean(holder: Any, matcher: Matcher, wanted: Wanted, reading: places.Reading | None = None) -> Cleaned:
    """Remove from an object in memory what `wanted` chooses, and return what was found."""
    reading = reading or places.reading_of(holder, wanted.person)
    cleaned = Cleaner(holder, matcher, wanted.is_chosen, reading).run()
    cleaned.apply(holder)
    return cleaned


def approved(pages: Iterable[Any]) -> set[int]:
    """Return the numbers of these pages about people that their families' answers allow as they are."""
    now = timezone.now()
    return {page.pk for page in pages if not list(gate_rule.rule(page, now))}


def keep_approvals(pages: Iterable[Any]) -> None:
    """Let the approvals of pages cover what is left of them after words were removed."""
    now = timezone.now()
    for page in pages:
        if list(gate_rule.rule(page, now)):
            ApprovalOverride.objects.create(
                page_id=page.pk,
                content_hash=page.public_hash(),
                reason=_("Words about another person, who withdrew their consent, were left out."),
                by_name=BY,
            )


@contextmanager
def approvals_kept(numbers: Iterable[int]) -> Iterator[None]:
    """Let the approvals of these pages cover what is left of them after the block."""
    covered = approved(_about(numbers))
    yield
    keep_approvals(_about(covered))


def _about(numbers: Iterable[int]) -> list[Any]:
    pages = Page.objects.filter(pk__in=list(numbers), live=True).order_by("pk").specific()
    return [page for page in pages if isinstance(page, AboutPerson)]


# Pages about others (`mentions.many_pages`) -----------------------------------------------------------------


def write(model: type[Any], number: int, cleaned: Cleaned) -> None:
    """Write what is left of an object as one statement for its fields, and delete rows of its tables."""
    values = dict(cleaned.values)
    if issubclass(model, Page) and "title" in values:
        values["draft_title"] = values["title"]
    if values:
        model._base_manager.filter(pk=number).update(**values)
    for name, kept in cleaned.rows.items():
        relation = next(one for one in model._meta.related_objects if one.get_accessor_name() == name)
        rows = relation.related_model._base_manager.filter(**{relation.field.name: number})
        _delete_others(
            rows, kept, is_own=all(row.pk in set(rows.values_list("pk", flat=True)) for row in kept)
        )


def _delete_others(rows: Any, kept: list[Any], *, is_own: bool) -> None:
    """Delete the rows that are not kept. The rows of an alias are copies: they are told by their order."""
    if is_own:
        rows.exclude(pk__in=[row.pk for row in kept]).delete()
    elif hasattr(rows.model, "sort_order"):
        rows.exclude(sort_order__in=[row.sort_order for row in kept]).delete()
    elif len(kept) < rows.count():
        rows.delete()


# What pages share -------------------------------------------------------------------------------------------


def save_shared(one: OnPage, matcher: Matcher, wanted: Wanted, by: Any) -> list[int]:
    """Write a setting, file or term without the mentions. Return the numbers of the pages that show it."""
    thing, pages = one.page, places.pages_showing(one.page)
    with approvals_kept(pages):
        one.cleaned.apply(thing)
        if hasattr(thing, "resolve_links"):
            # What pages read of the menus, made from the fields above.
            one.cleaned.values["resolved_links"] = thing.resolve_links()
        write(type(thing), thing.pk, one.cleaned)
    fresh = type(thing)._default_manager.get(pk=thing.pk)
    if isinstance(fresh, index.Indexed):
        index.insert_or_update_object(fresh)
    if isinstance(fresh, RevisionMixin) and fresh.latest_revision_id:
        draft = fresh.get_latest_revision_as_object() if hasattr(fresh, "live_revision") else fresh
        clean(draft, matcher, wanted)
        draft.save_revision(user=by, clean=False)
    for page in Page.objects.filter(pk__in=pages, live=True).specific():
        index.insert_or_update_object(page)
    return pages


__all__ = ["approvals_kept", "approved", "clean", "keep_approvals", "save_shared", "write"]
