"""The newest draft of a page."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page


def draft_of(page: Page) -> Any:
    """Return the newest version of the page as an object of its own type."""
    specific = page.specific
    return specific.get_latest_revision_as_object() if specific.latest_revision_id else specific
