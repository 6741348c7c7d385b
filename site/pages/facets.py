"""How a list may be narrowed and ordered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

Row = TypeVar("Row")
# Words in the reader's language, made when they are shown.
Words = str | Promise
Params = Mapping[str, Sequence[str]]


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
    """An order of the rows.

    `grouped_by`: a facet; the rows come in the order of its labels, those without any of its values last, and
    `key` decides among the rest.
    """

    value: str
    label: Words
    key: Callable[[Row], Any]
    reverse: bool = False
    grouped_by: str = ""
