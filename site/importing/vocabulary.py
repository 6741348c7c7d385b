"""Finds the terms that an archive names, by name, lay name or code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from conditions.models import Condition
from conditions.models.term import Term
from conditions.systems import SYSTEMS, CodeError, normalise
from conditions.words import fold
from treatments.models import Treatment


class Terms:
    """One vocabulary, read once for a whole import: three queries, and one for each term that is used."""

    def __init__(self, model: type[Term]) -> None:
        self.model = model
        self.objects: dict[int, Term] = {}

    @cached_property
    def _named(self) -> dict[str, int]:
        """Terms by folded name. A name of several terms finds none of them, except as a term's own name."""
        other: dict[str, set[int]] = defaultdict(set)
        for folded, pk in self.model.objects.order_by().values_list("names__folded", "pk"):
            if folded:
                other[folded].add(pk)
        own: dict[str, set[int]] = defaultdict(set)
        for folded, pk in self.model.objects.order_by().values_list("folded", "pk"):
            own[folded].add(pk)
        return {
            folded: next(iter(pks)) for folded, pks in {**other, **own}.items() if folded and len(pks) == 1
        }

    @cached_property
    def _coded(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        rows = self.model.objects.order_by().filter(codes__isnull=False)
        for system, code, pk in rows.values_list("codes__system", "codes__code", "pk"):
            found[system, code].add(pk)
        return {key: next(iter(pks)) for key, pks in found.items() if len(pks) == 1}

    def find(self, written: str) -> int | None:
        """Return the key of the term with this name or code; None where there is none, or several."""
        if named := self._named.get(fold(written)):
            return named
        found = {self._coded.get(code) for code in possible_codes(written)} - {None}
        return found.pop() if len(found) == 1 else None

    def matched(self, names: Iterable[str]) -> tuple[list[int], list[str]]:
        """Return the keys of the terms, each once, and the names that were not found."""
        keys: dict[int, None] = {}
        missing = []
        for name in names:
            found = self.find(name)
            if found is None:
                missing.append(name)
            else:
                keys[found] = None
        return list(keys), missing

    def get(self, keys: Iterable[int]) -> list[Term]:
        """Return the terms themselves, in the order of their tree."""
        wanted = list(keys)
        if missing := [key for key in wanted if key not in self.objects]:
            self.objects |= self.model.objects.order_by().in_bulk(missing)
        return sorted(
            (self.objects[key] for key in wanted if key in self.objects), key=lambda term: term.path
        )


def possible_codes(written: str) -> list[tuple[str, str]]:
    """Return (system, code) for each system in which this can be a code.

    A number alone is a code of no system: write ORPHA:98896 or DOID:1969.
    """
    if re.fullmatch(r"[\d\s]*", written):
        return []
    codes = []
    for system in SYSTEMS:
        try:
            codes.append((system, normalise(system, written)))
        except CodeError:
            continue
    return codes


class Vocabulary:
    """Conditions and treatments."""

    def __init__(self) -> None:
        self.conditions, self.treatments = Terms(Condition), Terms(Treatment)
