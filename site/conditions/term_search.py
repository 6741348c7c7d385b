"""Finds terms for an editor who types: by any name, by code, and by the names of the terms above.

'cp' finds cerebral palsy and what lies below it; 'cp legs' finds spastic diplegia, one word by the term above
and one by its own lay name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from conditions.words import fold

SHOWN = 60
# Terms read for each word that is typed; beyond that, the word says too little.
MOST = 2_000
# Shorter words must begin a word of a name.
SHORT = 2


@dataclass(frozen=True)
class FoundTerm:
    """A term in the list.

    `by`: the other name that matched, '' for its own; `above`: the terms above, the widest first.
    """

    pk: int
    name: str
    depth: int
    by: str = ""
    above: Sequence[str] = ()
    codes: Sequence[str] = ()


@dataclass(frozen=True)
class FoundTerms:
    """`more`: whether more terms match. `is_tree`: whether they are the tree from its beginning."""

    terms: list[FoundTerm] = field(default_factory=list)
    more: bool = False
    is_tree: bool = False


def search(model: Any, typed: str) -> FoundTerms:
    """Return the terms for what was typed, the closest first; for nothing typed, the tree. At most 60."""
    words = fold(typed).split()
    if not words:
        first = list(model.objects.all()[: SHOWN + 1])
        return FoundTerms(_described(model, first[:SHOWN], {}), len(first) > SHOWN, is_tree=True)
    paths = _matching_paths(model, words)
    found = list(model.objects.filter(path__in=paths[:MOST]).with_words()) if paths else []
    query = " ".join(words)
    scored = {term.pk: _score(query, words, term) for term in found}
    found.sort(key=lambda term: (scored[term.pk][0], term.path))
    listed = found[: SHOWN + 1]
    if len(listed) <= SHOWN:
        listed += _below(model, [term.path for term in listed], SHOWN + 1 - len(listed))
    by = {pk: name for pk, (_points, name) in scored.items()}
    return FoundTerms(_described(model, listed[:SHOWN], by), len(listed) > SHOWN)


def named(queryset: Any, typed: str) -> list[Any]:
    """Return the terms that have `typed` as a name or code. Case and accents do not count."""
    folded, code = fold(typed), re.sub(r"[^A-Z0-9:.]", "", typed.upper())
    if not folded:
        return []
    terms = queryset.model.objects.filter(Q(folded=folded) | Q(names__folded=folded) | Q(codes__code=code))
    return list(queryset.filter(pk__in=terms.order_by().values("pk")).order_by("path"))


def _matching_paths(model: Any, words: Sequence[str]) -> list[str]:
    """Return the paths of the widest terms that match every word, themselves or through a term above them."""
    step = model.steplen
    matched: set[str] | None = None
    for word in dict.fromkeys(words):
        pks = model.objects.filter(_named_like(word)).order_by().values("pk")
        own = set(model.objects.filter(pk__in=pks).values_list("path", flat=True)[:MOST])
        if matched is None:
            matched = own
            continue
        below = {path for path in own if any(path[:end] in matched for end in _ends(path, step))}
        above = {path for path in matched if any(path[:end] in own for end in _ends(path, step))}
        matched = below | above
    return sorted(matched or ())


def _ends(path: str, step: int) -> Iterable[int]:
    return range(step, len(path) + 1, step)


def _named_like(word: str) -> Q:
    """Match terms with a name or code that contains the word; a short word must begin one in the name."""
    conditions = []
    for column in ("folded", "names__folded"):
        if len(word) <= SHORT:
            conditions += [Q(**{f"{column}__startswith": word}), Q(**{f"{column}__contains": f" {word}"})]
        else:
            conditions.append(Q(**{f"{column}__contains": word}))
    if any(letter.isdigit() for letter in word):
        conditions.append(Q(codes__code__istartswith=word))
    matches = Q()
    for condition in conditions:
        matches |= condition
    return matches


def _below(model: Any, paths: list[str], number: int) -> list[Any]:
    """Return the first terms below these, in the order of the tree."""
    narrower = Q()
    for path in paths:
        narrower |= Q(path__startswith=path)
    terms = model.objects.filter(narrower).exclude(path__in=paths) if paths else model.objects.none()
    return list(terms.with_words()[:number])


def _score(query: str, words: Sequence[str], term: Any) -> tuple[float, str]:
    """Return how close a term is (0 is the best) and the other name by which it was found, '' for its own."""
    best, by = 5.0, ""
    for number, name in enumerate(term.own_words()):
        points = _closeness(query, words, fold(name)) + (0.1 if number else 0)
        if points < best:
            best, by = points, name if number else ""
    return best, by


def _closeness(query: str, words: Sequence[str], name: str) -> float:
    if name == query:
        return 0
    if name.startswith(query):
        return 1
    parts = name.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    return 3 if query in name else 5


def _described(model: Any, terms: list[Any], by: dict[int, str]) -> list[FoundTerm]:
    """Return the terms with the names of those above them and their codes: two queries."""
    lines = {path for term in terms for path in term.lineage_paths()[1:]}
    names = dict(model.objects.filter(path__in=lines).values_list("path", "name")) if lines else {}
    codes: dict[int, list[str]] = {}
    code_model = model._meta.get_field("codes").related_model
    for code in code_model.objects.filter(term__in=[term.pk for term in terms]):
        codes.setdefault(code.term_id, []).append(str(code))
    return [
        FoundTerm(
            term.pk,
            term.name,
            term.depth,
            by.get(term.pk, ""),
            tuple(names[path] for path in reversed(term.lineage_paths()[1:]) if path in names),
            tuple(codes.get(term.pk, ())),
        )
        for term in terms
    ]
