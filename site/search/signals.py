"""Notes that parts of the sitemap change, after the commit of what changes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from media.on_commit import after_commit
from publication.events import pages_published
from publication.models import Clearance
from publication.together import is_publishing_many
from search.sitemap_parts import note_change, part_of, with_numbers


def connect_signals() -> None:
    """Connect the receivers; called once, when the app is ready."""
    for signal in (page_published, page_unpublished):
        signal.connect(page_changed, dispatch_uid=f"search.sitemap.{id(signal)}")
    pages_published.connect(many_published, dispatch_uid="search.sitemap.many_published")
    for signal in (post_page_move, page_slug_changed):
        signal.connect(addresses_changed, dispatch_uid=f"search.sitemap.{id(signal)}")
    post_delete.connect(page_changed, sender=Page, dispatch_uid="search.sitemap.deleted")
    for signal in (post_save, post_delete):
        signal.connect(
            clearance_changed, sender=Clearance, dispatch_uid=f"search.sitemap.clearance.{id(signal)}"
        )


def page_changed(instance: Page, **_rest: object) -> None:
    if not is_publishing_many():
        after_commit(note_change, [part_of(instance.pk)])


def many_published(pages: list[Page], **_rest: object) -> None:
    """Pages were published together: note their parts once."""
    after_commit(note_change, {part_of(page.pk) for page in pages})


def clearance_changed(instance: Clearance, **_rest: object) -> None:
    if not is_publishing_many():
        after_commit(note_change, [part_of(instance.page_id)])


def addresses_changed(instance: Page, **_rest: object) -> None:
    """A page has another address now, and so have all pages below it."""
    after_commit(note_change, list(_parts_below(instance)))


def _parts_below(page: Page) -> Iterable[int]:
    path = Page.objects.filter(pk=page.pk).values_list("path", flat=True).first()
    if not path:
        return []
    below = with_numbers(Page.objects.filter(path__startswith=path))
    return below.values_list("number", flat=True).distinct()
