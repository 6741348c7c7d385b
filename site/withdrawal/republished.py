"""When a page is published again, its address stops answering 410."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from withdrawal.models import GoneAddress
from withdrawal.surfaces import addresses


def page_is_back(instance: Any, **_rest: object) -> None:
    """Restore the page's address. Its files have new names; the old ones keep answering 410."""
    if isinstance(instance, Page) and GoneAddress.objects.exists() and (path := addresses.path_of(instance)):
        addresses.record_restored([path])
