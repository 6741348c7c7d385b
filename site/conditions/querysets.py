"""What may be asked of a vocabulary. Works for every kind of term: conditions, treatments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import ProtectedError, Q
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

from conditions.words import distinct, fold

if TYPE_CHECKING:
    from conditions.models.term import Term

# SQLite refuses an expression more than 1000 deep; each branch of the tree asked for adds one.
_MOST_BRANCHES = 400


def _with_word(column: str, folded: str) -> Q:
    """Rows whose folded `column` is `folded`, or holds it as whole words."""
    return (
        Q(**{column: folded})
        | Q(**{f"{column}__startswith": f"{folded} "})
        | Q(**{f"{column}__endswith": f" {folded}"})
        | Q(**{f"{column}__contains": f" {folded} "})
    )


def covering_paths(paths: Iterable[str]) -> list[str]:
    """The given tree paths without those that lie below another of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


@dataclass(frozen=True)
class Use:
    """So many rows of one kind that carry a term."""

    kind: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} × {self.kind}"


def uses(model: type[Term], terms: models.QuerySet[Any]) -> list[Use]:
    """What carries any of `terms`, counted by kind: pages, listings, whatever points at the vocabulary."""
    found: list[Use] = []
    for relation in model._meta.related_objects:
        if relation.name in ("names", "codes"):
            continue
        rows = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": terms.values("pk")}
        )
        if count := rows.order_by().values("pk").distinct().count():
            found.append(Use(str(relation.related_model._meta.verbose_name), count))
    return found


class TermQuerySet(MP_NodeQuerySet):
    def with_descendants(self, terms: Term | Iterable[Term]) -> Self:
        """The given terms and everything below them, in the order of the tree. No terms: nothing."""
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
        """Terms whose name, lay name, synonym or abbreviation is `text` or holds it as whole words, or whose
        code it is. Case, accents and punctuation do not count: 'cp' and 'C.P.' find cerebral palsy."""
        folded = fold(text)
        code = re.sub(r"[^A-Z0-9:.]", "", text.upper())
        if not folded:
            return self.none()
        model = self.model._default_manager
        # "C.P." folds to "c p"; the letters together are tried as well.
        together = folded.replace(" ", "") if all(len(word) == 1 for word in folded.split()) else folded
        named = model.filter(
            _with_word("folded", folded) | _with_word("names__folded", folded) | Q(names__folded=together)
        )
        coded = model.filter(codes__code__in=[code, code.removeprefix("ORPHA:"), code.removeprefix("MESH:")])
        return self.filter(Q(pk__in=named.order_by().values("pk")) | Q(pk__in=coded.order_by().values("pk")))

    def suggesting(self, text: str) -> Self:
        """Terms with a name or code in which every word of `text` begins or lies, for lists that are narrowed while
        one types. No text: all."""
        found = self
        for word in fold(text).split():
            code = re.sub(r"[^a-z0-9.]", "", word)
            matches = Q(folded__contains=word) | Q(names__folded__contains=word)
            if code:
                matches |= Q(codes__code__icontains=code)
            pks = self.model._default_manager.filter(matches).order_by().values("pk")
            found = found.filter(pk__in=pks)
        return found

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Deletes the terms and everything below them. Raises ProtectedError when anything uses one of them:
        a page would silently lose what it is found by."""
        doomed = self.model._default_manager.with_descendants(self.all())
        if users := uses(self.model, doomed):
            raise ProtectedError(f"Still in use by {', '.join(map(str, users))}.", set())
        return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def with_words(self) -> Self:
        """With every term's own names at hand: one query more, whatever the number of terms."""
        return self.prefetch_related("names")

    def with_codes(self) -> Self:
        return self.prefetch_related("codes")


class TermManager(MP_NodeManager.from_queryset(TermQuerySet)):  # type: ignore[misc]  # treebeard has no types
    def get_queryset(self) -> TermQuerySet:
        return TermQuerySet(self.model, using=self._db).order_by("path")

    def words_for(self, terms: Iterable[Term]) -> dict[int, list[str]]:
        """Every word that should find each of `terms`, by primary key: what `Term.all_words` says, for many
        terms at once in two queries."""
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
