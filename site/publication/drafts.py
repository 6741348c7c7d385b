"""The newest draft of a page, and versions that an older version of the software stored."""

from __future__ import annotations

import logging
from typing import Any

from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def draft_of(page: Page) -> Any:
    """Return the newest version of the page as an object of its own type."""
    specific = page.specific
    return specific.get_latest_revision_as_object() if specific.latest_revision_id else specific


def readable(revision: Revision | None) -> Any:
    """Return what a revision holds as an object; None without one, and where this program cannot read it."""
    if revision is None:
        return None
    try:
        return revision.as_object()
    except Exception as error:  # stored by an older version of the software: it can fail in any way
        # Without the error's words, which repeat what was typed.
        logger.warning("Revision %s cannot be read (%s).", revision.pk, type(error).__name__)
        return None
