"""Makes pages when they are published, and removes them when they no longer are."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from delivery import stored, tasks
from ledger import guard
from publication.events import pages_published
from publication.together import is_publishing_many


def published(instance: Page, **_rest: object) -> None:
    """Have the worker make the page after the commit."""
    if settings.PAGE_CACHE_MEGABYTES and not is_publishing_many():
        transaction.on_commit(partial(tasks.make_page.enqueue, instance.pk))


def many_published(pages: list[Page], **_rest: object) -> None:
    """Have the worker make pages that were published together, after the commit."""
    if settings.PAGE_CACHE_MEGABYTES:
        transaction.on_commit(partial(tasks.make_pages.enqueue, [page.pk for page in pages]))


def unpublished(instance: Page, **_rest: object) -> None:
    """Remove the stored pages that show the page, in the transaction that unpublishes it."""
    stored.remove_showing([instance.pk])


def deleted(instance: Model, **_rest: object) -> None:
    """Remove the stored pages that show a deleted page."""
    if isinstance(instance, Page):
        stored.remove_showing([instance.pk])


def connect_signals() -> None:
    """Connect the receivers of this app."""
    page_published.connect(published, dispatch_uid="delivery.published")
    pages_published.connect(many_published, dispatch_uid="delivery.many_published")
    page_unpublished.connect(unpublished, dispatch_uid="delivery.unpublished")
    post_delete.connect(deleted, dispatch_uid="delivery.deleted")
    if stored.remove_all not in guard.when_restored:
        guard.when_restored.append(stored.remove_all)
