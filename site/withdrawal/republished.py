"""When a page is published again, its address stops answering 410."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from publication.together import is_publishing_many
from withdrawal.models import GoneAddress
from withdrawal.surfaces import addresses


def page_is_back(instance: Any, **_rest: object) -> None:
    """Restore the page's address. Its files have new names; the old ones keep answering 410."""
    if is_publishing_many():
        return
    if isinstance(instance, Page) and GoneAddress.objects.exists() and (path := addresses.path_of(instance)):
        addresses.record_restored([path])


def pages_are_back(pages: list[Page], **_rest: object) -> None:
    """Restore the addresses of pages that were published together."""
    if GoneAddress.objects.exists():
        addresses.record_restored([path for page in pages if (path := addresses.path_of(page))])
