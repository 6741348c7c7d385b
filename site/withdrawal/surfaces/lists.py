"""Lists that are queried for each visitor: there is nothing to take down, only to check that the pages are
not listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from withdrawal.surfaces.addresses import path_of
from withdrawal.surfaces.pages import still_public
from withdrawal.surfaces.registry import Scope, Surface, SurfaceContent


class Lists(Surface):
    """Lists of one kind."""

    order = 30

    def can_list(self, page: Page) -> bool:
        """Return True if a page of this kind can be in such a list."""
        del page
        return True

    def count_public(self, ids: list[int]) -> int:
        """Return how many of these pages the list's own query returns now."""
        return still_public(ids)

    def paths(self, pages: list[Page]) -> Iterable[str]:
        """Return the paths of the pages that show the list."""
        del pages
        return ()

    def find(self, scope: Scope) -> SurfaceContent:
        pages = [page for page in scope.unpublished if page.live and self.can_list(page)]
        ids = [page.pk for page in pages]
        count = self.count_public(ids) if ids else 0
        if not count:
            return SurfaceContent()
        paths = frozenset(filter(None, self.paths(pages)))
        return SurfaceContent(len(paths) or count, {"pages": ids}, changed_paths=paths)

    def check(self, what: dict[str, Any]) -> int:
        return self.count_public(what.get("pages", []))


def paths_of(pages: Iterable[Page]) -> set[str]:
    """Return the paths of those pages that have one."""
    return {path for page in pages if (path := path_of(page))}
