"""Which models public pages show without owning them, and which of their fields visitors see.

An app says so for its models once, from `ready()`, with `share`. Rows that belong to such an object (the
captions of a recording, the names of a term) are parts of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from wagtail.models import Page

from mentions import places

# Returns the pages that show an object though no field of theirs refers to it.
PagesOf = Callable[[Any], Iterable[Page]]


@dataclass(frozen=True)
class Shared:
    """One model.

    `fields`: what visitors see. `parts`: by model, the name of the field that leads to the object and the
    fields that visitors see. `pages`: further pages that show an object. `everywhere`: whether every page
    shows it.
    """

    model: type[Model]
    fields: frozenset[str]
    parts: tuple[tuple[type[Model], str, frozenset[str]], ...] = ()
    pages: PagesOf | None = None
    everywhere: bool = False


_shared: dict[type[Model], Shared] = {}
# By the model of a part: the model that it belongs to, the field that leads there, and what visitors see of
# it.
_parts: dict[type[Model], tuple[str, frozenset[str]]] = {}


def share(
    model: type[Model],
    *fields: str,
    parts: dict[type[Model], tuple[str, tuple[str, ...]]] | None = None,
    pages: PagesOf | None = None,
    everywhere: bool = False,
) -> None:
    """State that public pages show `fields` of the objects of `model`; see `Shared`."""
    known = tuple((part, back, frozenset(names)) for part, (back, names) in (parts or {}).items())
    _shared[model] = Shared(model, frozenset(fields), known, pages, everywhere)
    _parts.update({part: (back, names) for part, back, names in known})
    # Where a person may be mentioned, too.
    places.add(model, fields)
    for part, back, names in known:
        places.add(part, names, back)


def shared_models() -> list[type[Model]]:
    """Return the models of shared objects, without parts."""
    return list(_shared)


def shared_of(model: type[Model]) -> Shared | None:
    """Return what is known of a model, None if it is not shared."""
    return _shared.get(model)


def watched_fields(model: type[Model]) -> frozenset[str]:
    """Return the fields that visitors see of a shared object or part; empty for other models."""
    if model in _shared:
        return _shared[model].fields
    return _parts[model][1] if model in _parts else frozenset()


def is_part(model: type[Model]) -> bool:
    """Return whether objects of `model` belong to a shared object."""
    return model in _parts


def root_of(instance: Any) -> Any:
    """Return the shared object that `instance` is or belongs to."""
    return getattr(instance, _parts[type(instance)][0]) if is_part(type(instance)) else instance
