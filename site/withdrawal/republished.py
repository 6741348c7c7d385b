"""What follows when a page is published: its addresses answer again."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from withdrawal.models import GoneAddress
from withdrawal.surfaces import addresses


def page_is_back(instance: Any, **_rest: Any) -> None:
    """One query where nothing was ever taken down. Its files have new names: the old ones stay gone."""
    if isinstance(instance, Page) and GoneAddress.objects.exists() and (path := addresses.path_of(instance)):
        addresses.reopen([path])
