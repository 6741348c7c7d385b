"""Keeps the resolved links of menus and footers current."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from pages.models import SiteSettings
from publication.events import pages_published
from publication.together import is_publishing_many
from shared_changes.registry import share


def links_of_page_changed(instance: Page, **_rest: object) -> None:
    """Resolve the links again that lead to a page which is public now, or is not any more."""
    if not is_publishing_many():
        links_of_pages_changed([instance])


def links_of_pages_changed(pages: list[Page], **_rest: object) -> None:
    """Resolve the links again that lead to pages which were published together."""
    numbers = {page.pk for page in pages}
    _refresh(settings for settings in SiteSettings.objects.all() if numbers & settings.linked_pages())


def refresh_links(**_rest: object) -> None:
    """Resolve links again where an address may have changed. Settings are one row a site, so
    this is cheap.
    """
    _refresh(SiteSettings.objects.all())


def _refresh(found: Iterable[SiteSettings]) -> None:
    for settings in found:
        resolved = settings.resolve_links()
        if resolved != settings.resolved_links:
            settings.save(update_fields=["resolved_links"])


def page_deleted(sender: type[Model], **_rest: object) -> None:
    if issubclass(sender, Page):
        refresh_links()


# What visitors see of the settings; menus consist of addresses and short words.
SHOWN_EVERYWHERE = (
    *("menu", "tools", "footer", "care_text", "publisher", "publisher_ties"),
    *("feedback_link", "footer_text", "banner_text", "banner_link"),
)


def connect_signals() -> None:
    """Connect the receivers of this app."""
    for signal in (page_published, page_unpublished):
        signal.connect(links_of_page_changed, dispatch_uid=f"pages.links_of_page_changed.{id(signal)}")
    pages_published.connect(links_of_pages_changed, dispatch_uid="pages.links_of_pages_changed")
    for signal in (page_slug_changed, post_page_move):
        signal.connect(refresh_links, dispatch_uid=f"pages.refresh_links.{id(signal)}")
    post_delete.connect(page_deleted, dispatch_uid="pages.page_deleted")
    share(SiteSettings, *SHOWN_EVERYWHERE, everywhere=True)
