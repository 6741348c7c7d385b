"""What follows when a page is published: its address is there again. Its files get new ones (`people.showing`)."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page
from wagtail.signals import page_published

from people.models import GoneAddress
from people.surfaces import addresses


def page_is_back(instance: Any, **_rest: Any) -> None:
    """One query where nothing was ever taken down."""
    if not isinstance(instance, Page) or not GoneAddress.objects.exists():
        return
    if path := addresses.path_of(instance):
        addresses.reopen([path])


def connect() -> None:
    page_published.connect(page_is_back, dispatch_uid="people.page_is_back")
