"""Which terms of our vocabulary a case is about: by code, else by a name that is the same letter for letter
once folded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conditions.models import Condition
from conditions.systems import SYSTEMS, CodeError, normalise
from conditions.words import fold
from treatments.models import Treatment


class Vocabulary:
    """The terms, read once for a whole import."""

    def __init__(self) -> None:
        self._coded: dict[tuple[str, str], Condition] = {}
        self._named: dict[str, Condition] = {}
        self._treatments: dict[str, Treatment] = {}
        for condition in Condition.objects.all().with_words().with_codes():
            for code in condition.codes.all():
                # Two terms with one classifying code (ICD-10-CM) cannot be told apart: neither is used.
                self._coded[code.system, code.code] = (
                    condition if (code.system, code.code) not in self._coded else _AMBIGUOUS
                )
            self._learn(self._named, condition)
        for treatment in Treatment.objects.all().with_words():
            self._learn(self._treatments, treatment)

    @staticmethod
    def _learn(names: dict[str, Any], term: Any) -> None:
        for word in term.own_words():
            if folded := fold(word):
                names.setdefault(folded, term)

    def conditions(self, codes: Iterable[tuple[str, str]], names: Iterable[str]) -> list[Condition]:
        """Those named by code; where no code is known, those named by name. Each once."""
        found: dict[int, Condition] = {}
        for system, code in codes:
            if system not in SYSTEMS:
                continue
            try:
                term: Any = self._coded.get((system, normalise(system, code)))
            except CodeError:
                continue
            if term is not None and term is not _AMBIGUOUS:
                found[term.pk] = term
        if not found:
            for name in names:
                named = self._named.get(fold(name))
                if named is not None:
                    found[named.pk] = named
        return list(found.values())

    def treatments(self, names: Iterable[str]) -> list[Treatment]:
        found = (self._treatments.get(fold(name)) for name in names)
        return list({term.pk: term for term in found if term is not None}.values())


_AMBIGUOUS: Any = object()
