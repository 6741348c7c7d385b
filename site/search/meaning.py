"""Which conditions and treatments a visitor means by the words typed, by any of their names.

'CP' is cerebral palsy; 'CP stairs' is 'stairs' on pages about cerebral palsy or anything below it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q

from conditions.models import Condition, ConditionName
from conditions.systems import SYSTEMS
from conditions.words import fold
from search.words import Part, SearchText, runs, words_in
from treatments.models import Treatment, TreatmentName

# Visitors type at most two names at once ('CP stem cells'), and each needs another database query.
MOST_CONCEPTS = 2
# Rows with a term and one of its names.
MOST_ROWS = 200
# 'G80.9', 'ORPHA:98896', 'DOID 1969': letters and digits, two words at most.
MOST_WORDS_OF_CODE = 2


@dataclass(frozen=True)
class Concept:
    """The terms with the same name: usually one, more if terms share a name."""

    conditions: tuple[Condition, ...] = ()
    treatments: tuple[Treatment, ...] = ()

    @property
    def names(self) -> list[str]:
        return [term.name for term in (*self.conditions, *self.treatments)]


@dataclass(frozen=True)
class Meaning:
    """The concepts in a search. `rest`: words that name no concept. `also`: other names to look for."""

    concepts: tuple[Concept, ...] = ()
    rest: Part = ()
    also: tuple[str, ...] = field(default=())

    @property
    def needles(self) -> list[Part]:
        """Return the other names that were searched, to mark them in excerpts."""
        return [words_in(name) for name in self.also]


def meaning_of(asked: SearchText) -> Meaning:
    """Return the concepts in a search. Two queries. Only whole names count: 'palsy' is not a condition."""
    if not asked.parts:
        return Meaning()
    runs_asked = list(runs(asked.words))
    whole = fold(asked.text)
    wanted = {_together(whole), *(folded for _start, _end, folded in runs_asked)}
    by_name: dict[str, tuple[dict[int, Condition], dict[int, Treatment]]] = {}
    for index, vocabulary in enumerate((Condition, Treatment)):
        for name, term in _named(vocabulary, asked, wanted):
            by_name.setdefault(name, ({}, {}))[index][term.pk] = term
    if whole in by_name:
        return _meaning([by_name[whole]], (), whole)
    found: list[tuple[dict[int, Condition], dict[int, Treatment]]] = []
    used: set[int] = set()
    for start, end, folded in runs_asked:
        if folded in by_name and used.isdisjoint(range(start, end)) and len(found) < MOST_CONCEPTS:
            found.append(by_name[folded])
            used.update(range(start, end))
    rest = tuple(word for number, word in enumerate(asked.words) if number not in used)
    return _meaning(found, rest, whole)


def _named(vocabulary: type[Any], asked: SearchText, wanted: set[str]) -> Iterator[tuple[str, Any]]:
    """Yield the wanted names with their terms, and the whole text with the terms that have it as a code."""
    whole = fold(asked.text)
    named = vocabulary.objects.filter(Q(folded__in=wanted) | Q(names__folded__in=wanted))
    either = Q(pk__in=named.order_by().values("pk"))
    coded = len(asked.words) <= MOST_WORDS_OF_CODE and any(letter.isdigit() for letter in whole)
    if coded:
        either |= Q(pk__in=vocabulary.objects.matching(asked.text).order_by().values("pk"))
    terms = vocabulary.objects.filter(either).annotate(other=F("names__folded"))
    if coded:
        terms = terms.annotate(code=F("codes__code"), code_system=F("codes__system"))
    for term in terms[:MOST_ROWS]:
        for name in {term.folded, term.other or term.folded}:
            if name in wanted:
                yield (whole if name == _together(whole) else name), term
        if coded and term.code and _is_code(asked.text, term.code_system, term.code):
            yield whole, term


def _is_code(text: str, system: str, code: str) -> bool:
    """Return whether `text` is `code`, with or without its own system's letters: 'g80.9', 'Orpha:98896'."""
    known = SYSTEMS.get(system)
    prefixes = {"", system, *(known.prefixes if known else ())}
    return _plain(text) in {_plain(prefix) + _plain(code) for prefix in prefixes}


def _plain(code: str) -> str:
    return re.sub(r"[^a-z0-9]", "", code.lower())


def _together(whole: str) -> str:
    """Return 'c p' (the folded form of 'C.P.') as 'cp', and other words unchanged."""
    return whole.replace(" ", "") if all(len(word) == 1 for word in whole.split()) else whole


def _meaning(
    found: Iterable[tuple[dict[int, Condition], dict[int, Treatment]]], rest: Part, whole: str
) -> Meaning:
    concepts = tuple(
        Concept(tuple(conditions.values()), tuple(treatments.values())) for conditions, treatments in found
    )
    also = dict.fromkeys(
        name for concept in concepts for name in concept.names if f" {fold(name)} " not in f" {whole} "
    )
    return Meaning(concepts=concepts, rest=rest, also=tuple(also)[:3])


def near_names(asked: SearchText, most: int = 4) -> list[str]:
    """Return names of conditions and treatments with a spelling similar to the words typed. Four queries."""
    names: dict[str, str] = {}
    for model in (Condition, ConditionName, Treatment, TreatmentName):
        for name, folded in model._default_manager.values_list("name", "folded"):
            names.setdefault(folded, name)
    near = difflib.get_close_matches(fold(asked.text), names, n=most, cutoff=0.72)
    return [names[folded] for folded in near]
