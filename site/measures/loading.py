"""Writes the measures that come with the project into the database.

Shared by the migration and `load_measures`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

from measures.models import as_fields
from measures.scales import Scale


@dataclass
class Loaded:
    """What a run did to measures. `kept`: fields that an editor has changed, which were left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0

    def counts(self) -> dict[str, int]:
        """The four counts that all importers report."""
        return {name: count for name, count in asdict(self).items() if name != "kept"}


def load(measures: models.Manager[Any], scales: Iterable[Scale]) -> Loaded:
    """Add measures that are missing, and change only what a loader wrote and no editor has changed since.

    Deletes nothing. `measures`: the manager of `Measure`, also of a migration's model, which may know fewer
    fields. A measure that an editor made under the same name and another key is left alone and counted as
    refused.
    """
    result = Loaded()
    known_fields = {field.name for field in measures.model._meta.get_fields()}
    existing = {measure.key: measure for measure in measures.all()}
    taken = {measure.name.casefold() for measure in existing.values()}
    created = []
    for scale in scales:
        values = {name: value for name, value in as_fields(scale).items() if name in known_fields}
        measure = existing.get(scale.key)
        if measure is not None:
            _update(measure, values, result)
        elif scale.name.casefold() in taken:
            result.refused += 1
        else:
            existing[scale.key] = measures.create(**values, loaded=values)
            created.append(scale)
            result.created += 1
    for scale in created:
        _relate(existing[scale.key], scale, existing)
    return result


def _update(measure: Any, values: dict[str, Any], result: Loaded) -> None:
    """Write the values that differ, except where an editor has changed the field, and count what was done."""
    different = {name: value for name, value in values.items() if value != getattr(measure, name)}
    ours = {name for name in different if getattr(measure, name) == measure.loaded.get(name)}
    result.kept += len(different) - len(ours)
    if not ours:
        result.unchanged += 1
        return
    for name in ours:
        setattr(measure, name, values[name])
    measure.loaded = {**measure.loaded, **values}
    measure.save()
    result.updated += 1


def _relate(measure: Any, scale: Scale, existing: dict[str, Any]) -> None:
    if scale.ceilings_of in existing:
        measure.ceilings_of = existing[scale.ceilings_of]
        measure.save(update_fields=["ceilings_of"])
    measure.never_with.add(*(existing[key] for key in scale.never_with if key in existing))
