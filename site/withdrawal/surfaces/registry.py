"""What a surface is, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.utils.functional import Promise

from consent.uses import Use

# Surfaces with this `order` or a higher one are caches.
CACHES = 90


@dataclass
class Scope:
    """The content that one withdrawal affects, as it was just before.

    `unpublished`: the pages to unpublish, with their aliases and translations. `redacted`: pages that stay
    public, each with the parts to redact. `uses`: the uses that were withdrawn; empty means all of them. The
    surfaces fill `removed_paths` (paths that answer 410 afterwards) and `changed_paths` (paths of public
    pages that showed some of the content).
    """

    person: int
    at: datetime
    unpublished: list[Any] = field(default_factory=list)
    redacted: Mapping[Any, frozenset[str]] = field(default_factory=dict)
    uses: frozenset[Use] = frozenset()
    removed_paths: set[str] = field(default_factory=set)
    changed_paths: set[str] = field(default_factory=set)
    # The references of these pages, once they have been read (`withdrawal.surfaces.files.references_of`).
    references: list[tuple[int, str]] | None = None
    # The uses to which the person still consents afterwards; None: as the database says.
    uses_left: frozenset[Use] | None = None
    # Mentions elsewhere that someone decided to remove, and what was found (`withdrawal.surfaces.mentions`).
    also: frozenset[str] = frozenset()
    mentions: Any = None

    @property
    def ids(self) -> list[int]:
        """Return the numbers of the pages to unpublish."""
        return [page.pk for page in self.unpublished]

    @property
    def touched(self) -> list[Any]:
        """Return the pages to unpublish and the pages to redact."""
        return [*self.unpublished, *self.redacted]

    def covers(self, use: Use) -> bool:
        """Return True if this use was withdrawn."""
        return not self.uses or use in self.uses


@dataclass(frozen=True)
class SurfaceContent:
    """The affected content that one surface shows. `what` is JSON: all that another process needs to take it
    down later.

    `removed_paths`: paths that answer 410 afterwards. `changed_paths`: paths of public pages that must be
    rendered again.
    """

    count: int = 0
    what: dict[str, Any] = field(default_factory=dict)
    removed_paths: frozenset[str] = frozenset()
    changed_paths: frozenset[str] = frozenset()


class Surface:
    """One way in which visitors, or people with a link, can see content about a person.

    `find` counts before anything changes. `take_down` may be repeated at any time, by any process; it does
    nothing where everything is down already. `check` returns how much is still there.
    """

    name: str
    label: str | Promise
    # The kinds of surface in `tests/journeys/test_surfaces.py` that this surface covers.
    kinds: tuple[str, ...] = ()
    # The routes of the URL resolver ('search/'), page types ('experiences.StoryPage') and first folders in
    # the public storage ('clips/') that this surface covers.
    patterns: tuple[str, ...] = ()
    page_types: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    # True if `take_down` only writes to the database: then it runs in the withdrawal's own transaction.
    database_only = False
    # The order of taking down. Caches come last, since they keep what other surfaces show.
    order = 50

    def find(self, scope: Scope) -> SurfaceContent:
        raise NotImplementedError

    def take_down_in_transaction(self, what: dict[str, Any]) -> None:
        """Do the part that belongs to the withdrawal's own transaction, so that visitors see nothing after
        its commit.

        Only in the database: files are removed after the commit.
        """
        if self.database_only:
            self.take_down(what)

    def take_down(self, what: dict[str, Any]) -> None:
        """Do nothing: most lists are queried for each visitor and only need to be checked."""

    def check(self, what: dict[str, Any]) -> int:
        raise NotImplementedError

    def confirm(self, what: dict[str, Any]) -> int:
        """Take down what is left after the transaction, and return how much is still there."""
        self.take_down(what)
        return self.check(what)


S = TypeVar("S", bound=type[Surface])
_surfaces: dict[str, Surface] = {}
_exempted: dict[str, str] = {}


def register(surface: S) -> S:
    """Class decorator: register a surface. Surface names must be unique."""
    if surface.name in _surfaces and type(_surfaces[surface.name]) is not surface:
        raise ValueError(f"There is a surface {surface.name!r} already.")
    _surfaces[surface.name] = surface()
    return surface


def registered() -> list[Surface]:
    """Return all surfaces, in the order in which they are taken down."""
    return sorted(_surfaces.values(), key=lambda surface: (surface.order, surface.name))


def caches_only() -> list[Surface]:
    """Return the surfaces that are caches."""
    return [surface for surface in registered() if surface.order >= CACHES]


def get(name: str) -> Surface:
    """Return the surface with this name. Raises KeyError."""
    return _surfaces[name]


def exempt(why: str, *names: str) -> None:
    """Declare that these routes, page types or folders of files never show a person, and why."""
    _exempted.update(dict.fromkeys(names, why))


def exempted() -> Mapping[str, str]:
    """Return the exempted routes, page types and folders, each with the reason."""
    return _exempted


def find(scope: Scope, surfaces: Iterable[Surface] | None = None) -> dict[str, SurfaceContent]:
    """Return the affected content of each surface, by the surface's name. Fills the paths of `scope`."""
    found: dict[str, SurfaceContent] = {}
    for surface in registered() if surfaces is None else surfaces:
        found[surface.name] = content = surface.find(scope)
        scope.removed_paths |= content.removed_paths
        scope.changed_paths |= content.changed_paths
    scope.changed_paths -= scope.removed_paths
    return found
