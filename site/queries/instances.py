"""Makes instances of the rows of a query, as Django does, without asking each time what is the same for all.

`Model.__init__` looks at every field of every instance, and Wagtail's pages look at all their relations, too.
Here a model is looked at once. The signal `post_init` is sent as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from inspect import getattr_static
from operator import itemgetter
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import get_related_populators
from django.db.models.signals import post_init, pre_init

# What `__init__` does in these classes concerns new rows only, or `EXTRAS` says what else it sets.
KNOWN = frozenset(
    {
        "django.db.models.base.Model",
        "modelcluster.models.ClusterableModel",
        "wagtail.models.pages.AbstractPage",
        "wagtail.models.pages.ShowInMenusMixin",
        "wagtail.images.models.AbstractImage",
        "publication.mixins.AboutPerson",
    }
)
EXTRAS: dict[str, dict[str, Any]] = {
    "wagtail.images.models.AbstractImage": {"decorative": False, "contextual_alt_text": None}
}

Maker = Callable[[Sequence[Any]], Any]


def maker_of(model: type[Model], names: Sequence[str], alias: str) -> Maker:
    """Return a function that makes an instance of the values of these columns, in this order."""
    initialised = [f"{kind.__module__}.{kind.__name__}" for kind in model.__mro__ if "__init__" in vars(kind)]
    known = set(initialised) - {"builtins.object"} <= KNOWN
    if not known or pre_init.has_listeners(model) or model.from_db.__func__ is not Model.from_db.__func__:  # type: ignore[attr-defined] # a class method
        return lambda values: model.from_db(alias, names, values)
    extras = {name: value for kind in initialised for name, value in EXTRAS.get(kind, {}).items()}
    places = {name: place for place, name in enumerate(names)}
    # In the order of the fields, as Django assigns them; those not read are left out ('deferred').
    fields = [
        (name, places[name]) for field in model._meta.concrete_fields if (name := field.attname) in places
    ]
    plain = [(name, place) for name, place in fields if not _is_watched(model, name)]
    watched = [(name, place) for name, place in fields if _is_watched(model, name)]
    plain_names = [name for name, _place in plain]
    plain_values = _values_at([place for _name, place in plain])

    def make(values: Sequence[Any]) -> Any:
        made = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, alias
        held = made.__dict__
        held["_state"] = state
        held.update(zip(plain_names, plain_values(values), strict=True))
        for name, place in watched:
            setattr(made, name, values[place])
        held.update(extras)
        post_init.send(sender=model, instance=made)
        return made

    return make


def _values_at(places: Sequence[int]) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """Return what takes the values at these places of a row."""
    if len(places) < 2:
        return lambda values: [values[place] for place in places]
    return itemgetter(*places)


def _is_watched(model: type[Model], name: str) -> bool:
    """Return whether something happens when the attribute is set on a new instance."""
    found = type(getattr_static(model, name))
    return hasattr(found, "__set__") and found is not ForeignKeyDeferredAttribute


class _Makes:
    """Stands for a model where Django makes instances of related rows."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def from_db(self, _alias: str, _names: Any, values: Sequence[Any]) -> Any:
        return self.maker(values)


def _with_makers(populators: Any, alias: str) -> Any:
    for populator in populators:
        populator.model_cls = _Makes(maker_of(populator.model_cls, populator.init_list, alias))
        _with_makers(populator.related_populators, alias)
    return populators


@dataclass(frozen=True)
class Instances:
    """What makes instances of the rows of one query."""

    maker: Maker
    columns: slice
    populators: Any
    annotations: Any

    @classmethod
    def of(cls, compiler: Any, alias: str) -> Instances:
        """Return it for a compiled query."""
        start, end = compiler.klass_info["select_fields"][0], compiler.klass_info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[start:end]]
        populators = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg] # of a later Django
        return cls(
            maker_of(compiler.klass_info["model"], names, alias),
            slice(start, end),
            _with_makers(populators, alias),
            tuple((compiler.annotation_col_map or {}).items()),
        )

    def instance(self, row: Sequence[Any]) -> Any:
        """Return the instance of a row, joined with the instances of its related rows."""
        made = self.maker(row[self.columns])
        for populator in self.populators:
            populator.populate(row, made)
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made
