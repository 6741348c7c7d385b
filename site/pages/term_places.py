"""The terms of a vocabulary with which the rows of an index are tagged, and all terms above them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conditions.models import Term

# SQLite admits so many values in one query, and more.
_AT_ONCE = 500
_ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class ListedTerm:
    """A term of a vocabulary. `depth`: its level in the tree, 1 at the top."""

    slug: str
    name: str
    depth: int


@dataclass(frozen=True)
class TermPlaces:
    """`places`: the terms by tree path, in the order of the tree; `paths`: the path of each tag by its id."""

    places: Mapping[str, ListedTerm] = field(default_factory=dict)
    paths: Mapping[int, str] = field(default_factory=dict)
    # By the id of a tag: the slugs of it and of all terms above it.
    lineages: Mapping[int, tuple[str, ...]] = field(init=False)
    labels: Mapping[str, str] = field(init=False)
    depths: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        step = Term.steplen
        lineages = {
            number: tuple(
                self.places[path[:end]].slug
                for end in range(step, len(path) + 1, step)
                if path[:end] in self.places
            )
            for number, path in self.paths.items()
        }
        object.__setattr__(self, "lineages", lineages)
        object.__setattr__(self, "labels", {term.slug: term.name for term in self.places.values()})
        object.__setattr__(self, "depths", {term.slug: term.depth for term in self.places.values()})

    def slugs(self, tags: Sequence[int]) -> Collection[str]:
        """Return the slugs of terms and of all terms above them: what a row with these tags is found by."""
        lineages = self.lineages
        if len(tags) == 1:
            return lineages.get(tags[0], ())
        return {slug for number in tags for slug in lineages.get(number, ())}

    def narrowest(self, tags: Sequence[int]) -> Sequence[str]:
        """Return the slugs of these terms, without those that have another of them below."""
        if len(tags) == 1:
            return self.lineages.get(tags[0], ())[-1:]
        paths = {path for number in tags if (path := self.paths.get(number)) is not None}
        return [
            self.places[path].slug
            for path in paths
            if path in self.places and not any(other != path and other.startswith(path) for other in paths)
        ]


def read_places(model: type[Term], tags: Iterable[int]) -> TermPlaces:
    """Read the terms with these ids and all terms above them: two queries for each 500."""
    paths: dict[int, str] = {}
    for some in _in_batches(sorted(set(tags))):
        paths |= dict(model.objects.order_by().filter(pk__in=some).values_list("pk", "path"))
    step = model.steplen
    wanted = {path[:end] for path in paths.values() for end in range(step, len(path) + 1, step)}
    places: dict[str, ListedTerm] = {}
    for listed in _in_batches(sorted(wanted)):
        found = model.objects.filter(path__in=listed).values_list("path", "slug", "name", "depth")
        places |= {path: ListedTerm(slug, name, depth) for path, slug, name, depth in found}
    return TermPlaces(dict(sorted(places.items())), paths)


def _in_batches(values: list[Any]) -> list[list[Any]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]


def read_tags(model: Any, kind: str, pages: Collection[int] | None = None) -> dict[int, tuple[int, ...]]:
    """Return the ids of the terms of each page of a type that has any: of those pages, or of all.

    `kind`: the field, 'conditions' or 'treatments'. One query.
    """
    through = getattr(model, kind).through
    page, term = f"{model._meta.model_name}_id", f"{kind.removesuffix('s')}_id"
    found = through.objects.order_by().values_list(page, term)
    if pages is not None:
        found = found.filter(**{f"{page}__in": pages})
    tags: dict[int, tuple[int, ...]] = {}
    for number, tag in found.iterator(_ROWS_AT_ONCE):
        tags[number] = (*tags.get(number, ()), tag)
    # Many pages have the same tags: kept once.
    same: dict[tuple[int, ...], tuple[int, ...]] = {}
    for number, found_tags in tags.items():
        ordered = tuple(sorted(found_tags)) if len(found_tags) > 1 else found_tags
        tags[number] = same.setdefault(ordered, ordered)
    return tags
