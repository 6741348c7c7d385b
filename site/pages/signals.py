"""Keeps the resolved links of menus and footers current."""

from __future__ import annotations

from django.db.models import Model
from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from pages.models import SiteSettings


def refresh_links(**_rest: object) -> None:
    """Resolve links again where an address may have changed. Settings are one row a site, so
    this is cheap.
    """
    for settings in SiteSettings.objects.all():
        resolved = settings.resolve_links()
        if resolved != settings.resolved_links:
            settings.save(update_fields=["resolved_links"])


def page_deleted(sender: type[Model], **_rest: object) -> None:
    if issubclass(sender, Page):
        refresh_links()


def connect_signals() -> None:
    """Connect the receivers of this app."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(refresh_links, dispatch_uid=f"pages.refresh_links.{id(signal)}")
    post_delete.connect(page_deleted, dispatch_uid="pages.page_deleted")
