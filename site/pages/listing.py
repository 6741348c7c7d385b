"""Filters, counts, sorts and paginates a list: the one implementation for every app that has a list.

Pure: a listing works on rows (any objects) that an app reads with a handful of queries. Counts of one facet
take the other facets' choices into account and not its own, so that a reader sees what one more tick would
bring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

from conditions.words import fold

Row = TypeVar("Row")
# Words in the reader's language, made when they are shown.
Words = str | Promise
Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Option:
    """One tick box: `count` rows would be shown with it, given what is chosen in the other facets."""

    value: str
    label: Words
    count: int
    chosen: bool
    depth: int = 1  # a narrower term is set in under its wider one


@dataclass(frozen=True)
class Chip:
    """One chosen filter; `url` is the list without it."""

    label: Words
    facet: Words
    url: str


@dataclass(frozen=True)
class Facet(Generic[Row]):
    """One way to narrow a list.

    `labels` gives the values in the order they are shown; `values_of` names the values of one row (a
    condition's ancestors too, so that a wide term finds what is tagged by a narrow one). Values without a
    label are left out. `depths` sets the options of a tree in: 1 at its top.
    """

    name: str
    label: Words
    values_of: Callable[[Row], Iterable[str]]
    labels: Mapping[str, Words]
    open: bool = False
    depths: Mapping[str, int] = field(default_factory=dict)

    def keeps(self, row: Row, chosen: Iterable[str]) -> bool:
        wanted = set(chosen)
        return not wanted or not wanted.isdisjoint(self.values_of(row))


@dataclass(frozen=True)
class Sort(Generic[Row]):
    value: str
    label: Words
    key: Callable[[Row], Any]
    reverse: bool = False


@dataclass
class Listing(Generic[Row]):
    """A list as asked for by a query string.

    `params` is the query string as lists (QueryDict.lists()). Unknown names and values are ignored, a page
    past the end is the last page: an old link never fails. `text_of` gives the words a search box `q` looks
    in: every word typed must begin one of them, whatever its case and accents.
    """

    rows: Sequence[Row]
    facets: Sequence[Facet[Row]]
    params: Params
    sorts: Sequence[Sort[Row]] = ()
    per_page: int = 12
    text_of: Callable[[Row], str] | None = None
    chosen: dict[str, list[str]] = field(init=False)
    q: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.chosen = {
            facet.name: [
                value for value in dict.fromkeys(self.params.get(facet.name, ())) if value in facet.labels
            ]
            for facet in self.facets
        }
        if self.text_of:
            self.q = " ".join(self._last("q").replace("\0", " ").split())[:200]
        words = fold(self.q).split()
        text_of = self.text_of
        if words and text_of:
            # From the start of a word: 'ms' must not find 'arms'.
            texts = ((row, f" {fold(text_of(row))}") for row in self.rows)
            self._found = [row for row, text in texts if all(f" {word}" in text for word in words)]
        else:
            self._found = list(self.rows)
        self.results = self._sorted(self._narrowed(self._found))
        self.page: Page[Row] = Paginator(self.results, self.per_page).get_page(self._last("page"))

    def _last(self, name: str) -> str:
        values = self.params.get(name, ())
        return values[-1] if values else ""

    def _narrowed(self, rows: Iterable[Row], but: str = "") -> list[Row]:
        active = [facet for facet in self.facets if facet.name != but and self.chosen[facet.name]]
        return [row for row in rows if all(facet.keeps(row, self.chosen[facet.name]) for facet in active)]

    def _sorted(self, rows: list[Row]) -> list[Row]:
        sort = self.sort
        return sorted(rows, key=sort.key, reverse=sort.reverse) if sort else rows

    @property
    def sort(self) -> Sort[Row] | None:
        asked = self._last("sort")
        return next(
            (sort for sort in self.sorts if sort.value == asked), self.sorts[0] if self.sorts else None
        )

    @property
    def total(self) -> int:
        return len(self.results)

    @cached_property
    def groups(self) -> list[tuple[Facet[Row], list[Option]]]:
        """Each facet with its options. An option that would show nothing is left out unless it is chosen."""
        groups = []
        for facet in self.facets:
            others = self._narrowed(self._found, but=facet.name)
            counts = Counter(value for row in others for value in set(facet.values_of(row)))
            chosen = self.chosen[facet.name]
            options = [
                Option(value, label, counts[value], value in chosen, facet.depths.get(value, 1))
                for value, label in facet.labels.items()
                if counts[value] or value in chosen
            ]
            if options:
                groups.append((facet, options))
        return groups

    @cached_property
    def chips(self) -> list[Chip]:
        chips = [
            Chip(facet.labels[value], facet.label, self.url(without=(facet.name, value)))
            for facet in self.facets
            for value in self.chosen[facet.name]
        ]
        if self.q:
            chips.insert(0, Chip(f"“{self.q}”", "", self.url(without=("q", self.q))))
        return chips

    @property
    def searchable(self) -> bool:
        """Return whether the list has a search box. (A template would call `text_of` instead of looking
        whether it is there.)
        """
        return self.text_of is not None

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a second form on the page (sorting) must carry along: name and value of each choice."""
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        return [("q", self.q), *pairs] if self.q else pairs

    def url(self, *, page: int | None = None, without: tuple[str, str] | None = None) -> str:
        """The same list, relative: another page of it, or without one choice (from its first page)."""
        pairs = [pair for pair in self.hidden if pair != without]
        if self._last("sort") and self.sort:
            pairs.append(("sort", self.sort.value))
        if page and page > 1:
            pairs.append(("page", str(page)))
        return f"?{urlencode(pairs)}" if pairs else "?"

    @property
    def pages(self) -> list[tuple[int, str] | None]:
        """Page numbers with their addresses; None is a gap. Empty when all fits on one page."""
        paginator = self.page.paginator
        if paginator.num_pages < 2:
            return []
        numbers = paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [(number, self.url(page=number)) if isinstance(number, int) else None for number in numbers]

    @property
    def previous_url(self) -> str:
        return self.url(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self.page.next_page_number()) if self.page.has_next() else ""
