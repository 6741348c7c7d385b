"""Connects what this app does when a page is published again or a file is uploaded."""

from __future__ import annotations

from wagtail.signals import page_published

from media.validation.upload_checks import upload_checks
from withdrawal import republished
from withdrawal.erasure.tombstones import refuse_erased


def connect_signals() -> None:
    """Connect the receivers of this app and register its check of uploads."""
    page_published.connect(republished.page_is_back, dispatch_uid="withdrawal.page_is_back")
    if refuse_erased not in upload_checks:
        upload_checks.append(refuse_erased)
