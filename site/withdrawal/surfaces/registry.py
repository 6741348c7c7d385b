"""What a surface is, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.utils.functional import Promise

from consent.uses import Use

# From this place on surfaces are caches.
CACHES = 90


@dataclass
class Scope:
    """What one withdrawal touches, as it was just before.

    `down`: the pages that come down altogether, aliases and translations among them. `narrowed`: pages that stay, each
    with the parts that are left out from now on. `uses`: what was taken back; everything where it is empty.
    `gone` and `stale` grow while the surfaces are asked: paths that are answered with 410 from now on, and paths of
    pages that showed something of it and stay.
    """

    person: int
    at: datetime
    down: list[Any] = field(default_factory=list)
    narrowed: Mapping[Any, frozenset[str]] = field(default_factory=dict)
    uses: frozenset[Use] = frozenset()
    gone: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    # What the pages refer to, once it was read (`withdrawal.surfaces.files.references_of`).
    references: list[tuple[int, str]] | None = None

    @property
    def ids(self) -> list[int]:
        """The numbers of the pages that come down."""
        return [page.pk for page in self.down]

    @property
    def touched(self) -> list[Any]:
        """The pages that come down and those that are narrowed."""
        return [*self.down, *self.narrowed]

    def takes(self, use: Use) -> bool:
        """Whether this use was taken back."""
        return not self.uses or use in self.uses


@dataclass(frozen=True)
class Found:
    """What one surface shows of it. `what` is JSON: all that is needed to take it down later, by another process.

    `gone`: paths that answer 410 afterwards. `stale`: paths of pages that stay and must be rendered anew.
    """

    count: int = 0
    what: dict[str, Any] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()


class Surface:
    """One way in which the public, or a link, can meet somebody's page.

    `find` counts before anything happens. `take_down` may be repeated at any time, by any process, and does no harm
    where everything is down already; `check` says how much of it is still there, 0 where nothing is.
    """

    name: str
    label: str | Promise
    # Which of the kinds of surface in the surface test it answers for.
    kinds: tuple[str, ...] = ()
    # Routes of the URL resolver ('search/'), page types ('experiences.StoryPage') and, of files, the first folders in
    # the public storage ('clips') that it answers for.
    patterns: tuple[str, ...] = ()
    page_types: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    # What only touches the database comes down within the withdrawal's own transaction, and is checked after it.
    at_once = False
    # Caches come last: they hold what the others show.
    place = 50

    def find(self, scope: Scope) -> Found:
        raise NotImplementedError

    def close(self, what: dict[str, Any]) -> None:
        """What happens in the withdrawal's own transaction, so that from its commit on the public has nothing of it.

        Only in the database: files stay until it is committed.
        """
        if self.at_once:
            self.take_down(what)

    def take_down(self, what: dict[str, Any]) -> None:
        """Most lists are read anew for each reader: there is nothing to do but to check."""

    def check(self, what: dict[str, Any]) -> int:
        raise NotImplementedError


S = TypeVar("S", bound=type[Surface])
_surfaces: dict[str, Surface] = {}
_silent: dict[str, str] = {}


def register(surface: S) -> S:
    """Class decorator. Two surfaces of one name are a mistake of ours."""
    if surface.name in _surfaces and type(_surfaces[surface.name]) is not surface:
        raise ValueError(f"There is a surface {surface.name!r} already.")
    _surfaces[surface.name] = surface()
    return surface


def registered() -> list[Surface]:
    """All of them, in the order in which they come down."""
    return sorted(_surfaces.values(), key=lambda surface: (surface.place, surface.name))


def last_ones() -> list[Surface]:
    """Those that hold what all others show."""
    return [surface for surface in registered() if surface.place >= CACHES]


def get(name: str) -> Surface:
    """Raises KeyError."""
    return _surfaces[name]


def shows_nobody(why: str, *names: str) -> None:
    """Say of routes, page types or folders of files that they never show a person, and why."""
    _silent.update(dict.fromkeys(names, why))


def silent() -> Mapping[str, str]:
    """What was said to show nobody, with the reason."""
    return _silent


def find(scope: Scope, surfaces: Iterable[Surface] | None = None) -> dict[str, Found]:
    """What each surface shows, by its name; fills the scope's `gone` and `stale` on the way."""
    found: dict[str, Found] = {}
    for surface in registered() if surfaces is None else surfaces:
        found[surface.name] = one = surface.find(scope)
        scope.gone |= one.gone
        scope.stale |= one.stale
    scope.stale -= scope.gone
    return found
