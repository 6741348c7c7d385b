"""The public pages of some types at one moment, in an index with the terms that they are tagged with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from conditions.models import Term
from pages.facet_index import FacetIndex
from pages.term_places import TermPlaces

# The value of pages without a treatment. No slug begins with a point.
UNTREATED = ".none"


class TaggedRow(Protocol):
    """What each row has: the id of its page, and the ids of its tags."""

    @property
    def pk(self) -> int: ...
    @property
    def conditions(self) -> Collection[int]: ...
    @property
    def treatments(self) -> Collection[int]: ...


Row = TypeVar("Row", bound=TaggedRow)
Values = Mapping[str, Callable[[Row], Iterable[str]]]


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """The public pages at one moment, with the terms that they are tagged with. Never changes."""

    index: FacetIndex[Row]
    conditions: TermPlaces
    treatments: TermPlaces

    def matching(self, condition: Term | None, treatment: Term | None) -> int:
        """Return, as bits, the pages that belong to a condition and a treatment. None: to every one.

        They are tagged with the condition or anything below it; and with the treatment or anything below it,
        or with no treatment at all: an editor who names a condition only is not made to look for the
        treatment's word.
        """
        found = self.index.everything
        if condition is not None:
            found &= self.index.having("condition", [condition.slug])
        if treatment is not None:
            found &= self.index.having("treatment", [treatment.slug, UNTREATED])
        return found


def pk_of(row: TaggedRow) -> int:
    return row.pk


def tags_of(rows: Iterable[TaggedRow], kind: str) -> set[int]:
    return {tag for row in rows for tag in getattr(row, kind)}


def with_lost_tags(listed: Listed[Any], places: list[TermPlaces]) -> set[int]:
    """Return the pages with a tag that is no longer in its vocabulary: a merge gives them another one."""
    pages: set[int] = set()
    for kind, before, now in zip(
        ("conditions", "treatments"), (listed.conditions, listed.treatments), places, strict=True
    ):
        if lost := before.paths.keys() - now.paths.keys():
            pages |= {row.pk for row in listed.index if not lost.isdisjoint(getattr(row, kind))}
    return pages
