"""Lists that are read anew for each reader: nothing is to be taken down, but it is checked that they are empty of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from withdrawal.surfaces.addresses import path_of
from withdrawal.surfaces.pages import still_public
from withdrawal.surfaces.registry import Found, Scope, Surface


class Lists(Surface):
    """Lists of one sort. `held`: how many of some pages the list's own query gives now; `places`: where it is shown."""

    place = 30

    def listed(self, page: Any) -> bool:
        """Whether a page can stand in such a list at all."""
        return True

    def held(self, ids: list[int]) -> int:
        return still_public(ids)

    def places(self, pages: list[Any]) -> Iterable[str]:
        """The paths of the pages that hold the list with these pages in it."""
        return ()

    def find(self, scope: Scope) -> Found:
        pages = [page for page in scope.down if page.live and self.listed(page)]
        ids = [page.pk for page in pages]
        held = self.held(ids) if ids else 0
        if not held:
            return Found()
        places = frozenset(filter(None, self.places(pages)))
        return Found(len(places) or held, {"pages": ids}, stale=places)

    def check(self, what: dict[str, Any]) -> int:
        return self.held(what.get("pages", []))


def paths_of(pages: Iterable[Page]) -> set[str]:
    """The paths of pages that are met by the public."""
    return {path for page in pages if (path := path_of(page))}
