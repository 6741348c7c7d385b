"""Queries on a vocabulary, the same for conditions and treatments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.db import models
from django.db.models import ProtectedError, Q
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

from conditions.words import distinct, fold

# SQLite refuses an expression more than 1000 deep; each branch in the query adds one.
_MOST_BRANCHES = 400


class TreeTerm(Protocol):
    """What these queries need of `conditions.models.term.Term`, which uses this module."""

    pk: int
    path: str

    def lineage_paths(self) -> list[str]: ...


def _with_word(column: str, folded: str) -> Q:
    """Match rows whose folded `column` is `folded`, or contains it as whole words."""
    return (
        Q(**{column: folded})
        | Q(**{f"{column}__startswith": f"{folded} "})
        | Q(**{f"{column}__endswith": f" {folded}"})
        | Q(**{f"{column}__contains": f" {folded} "})
    )


def covering_paths(paths: Iterable[str]) -> list[str]:
    """Return the given tree paths without those that are below another of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


@dataclass(frozen=True)
class TermUse:
    """How many rows of one kind use a term."""

    kind: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} × {self.kind}"


def uses(model: type[models.Model], terms: models.QuerySet[Any]) -> list[TermUse]:
    """Count the pages and other objects that use any of `terms`, by kind."""
    found: list[TermUse] = []
    for relation in model._meta.related_objects:
        if relation.name in ("names", "codes"):
            continue
        rows = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": terms.values("pk")}
        )
        if count := rows.order_by().values("pk").distinct().count():
            found.append(TermUse(str(relation.related_model._meta.verbose_name), count))
    return found


class TermQuerySet(MP_NodeQuerySet):
    def with_descendants(self, terms: TreeTerm | Iterable[TreeTerm]) -> Self:
        """Return the given terms (none, one or more) and all terms below them, in the order of the tree."""
        given = [terms] if hasattr(terms, "path") else list(terms)
        paths = covering_paths(term.path for term in given)
        if not paths:
            return self.none()
        if len(paths) > _MOST_BRANCHES:
            every = self.model._default_manager.values_list("pk", "path")
            wanted = tuple(paths)
            return self.filter(pk__in=[pk for pk, path in every if path.startswith(wanted)])
        below = Q()
        for path in paths:
            below |= Q(path__startswith=path)
        return self.filter(below)

    def matching(self, text: str) -> Self:
        """Return terms with a name that is `text` or contains it as whole words, or with that code.

        Case, accents and punctuation do not count: 'cp' and 'C.P.' find cerebral palsy.
        """
        folded = fold(text)
        code = re.sub(r"[^A-Z0-9:.]", "", text.upper())
        if not folded:
            return self.none()
        model = self.model._default_manager
        # "C.P." folds to "c p", so "cp" is tried as well.
        together = folded.replace(" ", "") if all(len(word) == 1 for word in folded.split()) else folded
        named = model.filter(
            _with_word("folded", folded) | _with_word("names__folded", folded) | Q(names__folded=together)
        )
        coded = model.filter(codes__code__in=[code, code.removeprefix("ORPHA:"), code.removeprefix("MESH:")])
        return self.filter(Q(pk__in=named.order_by().values("pk")) | Q(pk__in=coded.order_by().values("pk")))

    def suggesting(self, text: str) -> Self:
        """Return terms whose names or codes contain every word of `text`, for a list that narrows while you
        type.

        An empty text returns all terms.
        """
        terms = self
        for word in fold(text).split():
            code = re.sub(r"[^a-z0-9.]", "", word)
            matches = Q(folded__contains=word) | Q(names__folded__contains=word)
            if code:
                matches |= Q(codes__code__icontains=code)
            pks = self.model._default_manager.filter(matches).order_by().values("pk")
            terms = terms.filter(pk__in=pks)
        return terms

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the terms and all terms below them.

        Raises ProtectedError when a page uses one of them, because the page would silently lose its tags.
        """
        doomed = self.model._default_manager.with_descendants(self.all())
        if users := uses(self.model, doomed):
            raise ProtectedError(f"Still in use by {', '.join(map(str, users))}.", set())
        return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def with_words(self) -> Self:
        """Fetch the terms' own names as well, with one more query for any number of terms."""
        return self.prefetch_related("names")

    def with_codes(self) -> Self:
        return self.prefetch_related("codes")


class TermManager(MP_NodeManager.from_queryset(TermQuerySet)):  # type: ignore[misc]  # treebeard has no types
    def get_queryset(self) -> TermQuerySet:
        return TermQuerySet(self.model, using=self._db).order_by("path")

    def words_for(self, terms: Iterable[TreeTerm]) -> dict[int, list[str]]:
        """Return, by primary key, the words that find each of `terms`: `Term.all_words` for many terms in two
        queries.
        """
        given = list(terms)
        paths: set[str] = set()
        for term in given:
            paths.update(term.lineage_paths())
        if not paths:
            return {}
        lineage = {term.path: term for term in self.get_queryset().filter(path__in=paths).with_words()}
        words: dict[int, list[str]] = {}
        for term in given:
            found: list[str] = []
            for path in term.lineage_paths():
                if node := lineage.get(path):
                    found += node.own_words()
            words[term.pk] = distinct(found)
        return words
