"""Filters, counts, sorts and paginates a list: the one implementation for every app that has a list.

Pure: a listing works on rows (any objects) that an app reads with a handful of queries, or, where there may
be a hundred thousand, on an index of them (`pages.facet_index`). Counts of one facet take the other facets'
choices into account and not its own, so that a reader sees what one more tick would bring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from conditions.words import fold
from pages.facet_index import FacetIndex, Part
from pages.facets import Facet, Params, Sort, Words
from pages.listing_sources import FewRows, IndexedRows

__all__ = ["MOST_OPTIONS", "Chip", "Facet", "Listing", "Option", "Options", "Sort"]

Row = TypeVar("Row")
# So many conditions, treatments or countries are shown until a visitor asks for all of them.
MOST_OPTIONS = 25


@dataclass(slots=True)
class Option:
    """One tick box: `count` rows would be shown with it, given what is chosen in the other facets."""

    value: str
    label: Words
    count: int
    chosen: bool
    depth: int = 1  # a narrower term is set in under its wider one


class Options(list[Option]):
    """The options of a facet that are shown. `more`: how many are left out; `all_url`: the list with all."""

    more: int = 0
    all_url: str = ""

    @property
    def total(self) -> int:
        return len(self) + self.more


@dataclass(frozen=True)
class Chip:
    """One chosen filter; `url` is the list without it."""

    label: Words
    facet: Words
    url: str


@dataclass
class Listing(Generic[Row]):
    """A list as asked for by a query string.

    `params` is the query string as lists (QueryDict.lists()). Unknown names and values are ignored, a page
    past the end is the last page: an old link never fails. `text_of` gives the words a search box `q` looks
    in: every word typed must begin one of them, whatever its case and accents (not with an index). With an
    index, facets and sorts are those it was made with, by name. `most_options`: a facet shows no more than
    about so many of its options, the most frequent and the chosen ones, until the visitor asks for all of
    them (`all=<facet>`). Without facets, sorts and words, the rows may be a queryset: only those of one page
    are read.
    """

    rows: Sequence[Row] | FacetIndex[Row] | Part[Row]
    facets: Sequence[Facet[Row]]
    params: Params
    sorts: Sequence[Sort[Row]] = ()
    per_page: int = 12
    text_of: Callable[[Row], str] | None = None
    most_options: int | None = None
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
        self._found: FewRows[Row] | IndexedRows[Row]
        if isinstance(self.rows, Part):
            self._found = IndexedRows(self.rows, self.facets, self.chosen)
        elif isinstance(self.rows, FacetIndex):
            whole = Part(self.rows, self.rows.everything)
            self._found = IndexedRows(whole, self.facets, self.chosen)
        else:
            self._found = FewRows(self._with_words(self.rows), self.facets, self.chosen)
        self.results = self._found.results(self.sort)
        self.page: Page[Row] = Paginator(self.results, self.per_page).get_page(self._last("page"))

    def _last(self, name: str) -> str:
        values = self.params.get(name, ())
        return values[-1] if values else ""

    def _with_words(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows in which every word of the search box begins a word."""
        words, text_of = fold(self.q).split(), self.text_of
        if not words or not text_of:
            return rows
        # From the start of a word: 'ms' must not find 'arms'.
        texts = ((row, f" {fold(text_of(row))}") for row in rows)
        return [row for row, text in texts if all(f" {word}" in text for word in words)]

    @property
    def sort(self) -> Sort[Row] | None:
        asked = self._last("sort")
        return next(
            (sort for sort in self.sorts if sort.value == asked), self.sorts[0] if self.sorts else None
        )

    @property
    def total(self) -> int:
        total: int = self.page.paginator.count
        return total

    def counts(self, facet: str) -> Mapping[str, int]:
        """Return how many of the results have each value of a facet, the facet's own choices included."""
        return self._found.counts(facet)

    @cached_property
    def groups(self) -> list[tuple[Facet[Row], Options]]:
        """Each facet with its options. An option that would show nothing is left out unless it is chosen."""
        groups = []
        for facet in self.facets:
            counts = self._found.counts(facet.name, but=facet.name)
            chosen = self.chosen[facet.name]
            found = [value for value in facet.labels if counts.get(value) or value in chosen]
            if found:
                groups.append((facet, self._shortened(facet, found, counts)))
        return groups

    def _shortened(self, facet: Facet[Row], found: Sequence[str], counts: Mapping[str, int]) -> Options:
        """Return the options that fit, in their order: the most frequent, the chosen ones, and what lies
        above.

        A wider term is at least as frequent as those below it, so the most frequent bring theirs along.
        """
        most, chosen, depths = self.most_options, self.chosen[facet.name], facet.depths
        shown: Iterable[int] = range(len(found))
        # A few more are shown at once: to ask for five more would be a nuisance.
        shortened = most is not None and len(found) > most + 5 and facet.name not in self.expanded
        if shortened:
            frequent = [-counts.get(value, 0) for value in found]
            ranked = sorted(range(len(found)), key=frequent.__getitem__)
            fitting = set(ranked[:most])
            for place, value in enumerate(found):
                if value in chosen:
                    fitting |= {place, *_above([depths.get(value, 1) for value in found], place)}
            shown = sorted(fitting)
        options = Options(
            Option(value, facet.labels[value], counts.get(value, 0), value in chosen, depths.get(value, 1))
            for value in (found[place] for place in shown)
        )
        if shortened:
            options.more = len(found) - len(options)
            options.all_url = f"{self.url(all_of=facet.name)}#facet-{facet.name}"
        return options

    @cached_property
    def expanded(self) -> list[str]:
        """The names of the facets of which the visitor asked for all options."""
        return [facet.name for facet in self.facets if facet.name in self.params.get("all", ())]

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

    def url(
        self, *, page: int | None = None, without: tuple[str, str] | None = None, all_of: str = ""
    ) -> str:
        """The same list, relative: another page of it, without one choice (from its first page), or with all
        options of a facet.
        """
        pairs = [pair for pair in self.hidden if pair != without]
        if self._last("sort") and self.sort:
            pairs.append(("sort", self.sort.value))
        pairs += [("all", name) for name in (*self.expanded, all_of) if name]
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


def _above(depths: Sequence[int], place: int) -> list[int]:
    """Return the places of the wider terms above one, given how deep each lies."""
    found, depth = [], depths[place]
    for earlier in range(place - 1, -1, -1):
        if depth > 1 and depths[earlier] < depth:
            found.append(earlier)
            depth = depths[earlier]
    return found
