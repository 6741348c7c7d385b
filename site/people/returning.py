"""What follows when a page is published: its addresses and files are there again."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from wagtail.models import Page
from wagtail.signals import page_published

from people.models import GoneAddress
from people.surfaces import addresses
from people.surfaces.files import bring_back_files_of


def page_is_back(instance: Any, **_rest: Any) -> None:
    """One query where nothing was ever taken down."""
    if not isinstance(instance, Page) or not GoneAddress.objects.exists():
        return
    if path := addresses.path_of(instance):
        addresses.reopen([path])
    transaction.on_commit(partial(bring_back_files_of, instance), robust=True)


def connect() -> None:
    page_published.connect(page_is_back, dispatch_uid="people.page_is_back")
