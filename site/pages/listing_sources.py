"""Where a list finds its rows: among a few rows, one by one, or in an index of many. Both answer the same.
Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from pages.facet_index import FacetIndex, Part
from pages.facets import Facet, Sort

Row = TypeVar("Row")
Chosen = Mapping[str, Sequence[str]]


class FewRows(Generic[Row]):
    """Rows that are looked at one by one."""

    def __init__(self, rows: Sequence[Row], facets: Sequence[Facet[Row]], chosen: Chosen) -> None:
        self._rows, self._chosen = rows, chosen
        self._facets = {facet.name: facet for facet in facets}

    def _narrowed(self, but: str = "") -> Sequence[Row]:
        active = [
            (facet, chosen)
            for facet in self._facets.values()
            if facet.name != but and (chosen := self._chosen[facet.name])
        ]
        if not active:
            return self._rows
        return [row for row in self._rows if all(facet.keeps(row, chosen) for facet, chosen in active)]

    def results(self, sort: Sort[Row] | None) -> Sequence[Row]:
        rows = self._narrowed()
        if sort is None:
            return rows
        if not sort.grouped_by:
            return sorted(rows, key=sort.key, reverse=sort.reverse)
        facet = self._facets[sort.grouped_by]
        places = {value: place for place, value in enumerate(facet.labels)}

        def key(row: Row) -> tuple[int, Any]:
            found = [places[value] for value in facet.values_of(row) if value in places]
            return min(found, default=len(places)), sort.key(row)

        return sorted(rows, key=key)

    def counts(self, facet: str, but: str = "") -> Mapping[str, int]:
        """Return how many rows have each value of a facet; `but`: a facet whose choices do not count."""
        of = self._facets[facet].values_of
        return Counter(value for row in self._narrowed(but) for value in set(of(row)))


class IndexedRows(Generic[Row]):
    """Rows of an index."""

    def __init__(self, part: Part[Row], facets: Sequence[Facet[Row]], chosen: Chosen) -> None:
        self._index = index = part.index
        self._within = part.within
        self._labels = {facet.name: facet.labels for facet in facets}
        # The rows that each facet with a choice lets through.
        self._passed = {name: index.having(name, values) for name, values in chosen.items() if values}

    def _narrowed(self, but: str = "") -> int:
        found = self._within
        for name, passed in self._passed.items():
            if name != but:
                found &= passed
        return found

    def results(self, sort: Sort[Row] | None) -> Sequence[Row]:
        assert sort is not None
        assert not sort.reverse
        found = self._narrowed()
        if not sort.grouped_by:
            return Results(self._index, sort.value, [found])
        parts, left = [], found
        for value in self._labels[sort.grouped_by]:
            parts.append(left & self._index.having(sort.grouped_by, [value]))
            left &= ~parts[-1]
        return Results(self._index, sort.value, [*parts, left])

    def counts(self, facet: str, but: str = "") -> Mapping[str, int]:
        """Return how many rows have each value of a facet; `but`: a facet whose choices do not count."""
        return self._index.counts(facet, self._narrowed(but))


class Results(Sequence[Row]):
    """The rows found in an index, read when they are asked for: the `parts` one after the other, each in
    order.
    """

    def __init__(self, index: FacetIndex[Row], order: str, parts: Sequence[int]) -> None:
        self._index, self._order = index, order
        self._parts = [(part, part.bit_count()) for part in parts if part]

    def __len__(self) -> int:
        return sum(count for _part, count in self._parts)

    @overload
    def __getitem__(self, wanted: int) -> Row: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Row]: ...
    def __getitem__(self, wanted: int | slice) -> Row | list[Row]:
        if isinstance(wanted, int):
            return self._between(range(len(self))[wanted], range(len(self))[wanted] + 1)[0]
        start, stop, step = wanted.indices(len(self))
        assert step == 1
        return self._between(start, stop)

    def _between(self, start: int, stop: int) -> list[Row]:
        rows: list[Row] = []
        passed = 0
        for part, count in self._parts:
            if passed < stop and passed + count > start:
                first = max(start - passed, 0)
                rows += self._index.rows_of(part, self._order, first, min(stop - passed, count))
            passed += count
        return rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._between(0, len(self)))
