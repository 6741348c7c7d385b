"""What a family is asked about: the draft, together with changes to what it shows that wait for their
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from wagtail.models import Page

from approval.models import ApprovalLink
from publication.drafts import draft_of

# An app above shows the database as it will be when what waits for this page's family is public.
proposals: list[Callable[[Page], AbstractContextManager[None]]] = []


@contextmanager
def as_proposed(page: Page) -> Iterator[None]:
    """Show what waits for the family's answer as if it were public, in the block only, which must write
    nothing.
    """
    with ExitStack() as stack:
        for proposal in proposals:
            stack.enter_context(proposal(page))
        yield


def hash_of_version(page: Page) -> str:
    """Return the hash of the newest draft with what waits for the family's answer."""
    with as_proposed(page):
        return str(draft_of(page).public_hash())


def version_of(link: ApprovalLink) -> Any | None:
    """Return the page exactly as the link shows it, or None if that version was deleted."""
    if link.revision is None:
        page = link.page.specific
        return page if page.public_hash() == link.content_hash else None
    return link.revision.as_object()


@contextmanager
def as_sent(link: ApprovalLink) -> Iterator[Any | None]:
    """Yield the version that the link was sent for, and show what it shows as it was sent; None if that
    changed.

    The block must write nothing.
    """
    version = version_of(link)
    if version is None or version.public_hash() == link.content_hash:
        yield version
        return
    with as_proposed(link.page):
        proposed = version_of(link)  # read again: it keeps the pictures that it has read
        yield proposed if proposed is not None and proposed.public_hash() == link.content_hash else None
