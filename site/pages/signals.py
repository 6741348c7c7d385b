"""Keeps the resolved links of menus and footers true."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from pages.models import SiteSettings


def refresh_links(**kwargs: Any) -> None:
    """Resolve again where an address may have changed. Settings are one row a site: cheap, and never stale."""
    for settings in SiteSettings.objects.all():
        resolved = settings.resolve_links()
        if resolved != settings.resolved_links:
            settings.save(update_fields=["resolved_links"])


def page_deleted(sender: type[Any], **kwargs: Any) -> None:
    if issubclass(sender, Page):
        refresh_links()


def connect() -> None:
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(refresh_links, dispatch_uid=f"pages.refresh_links.{id(signal)}")
