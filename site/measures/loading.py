"""Writes the measures that come with the project into the database. Shared by the migration and `load_measures`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from measures.models import as_fields
from measures.scales import Refused, Scale, recognised


@dataclass
class Loaded:
    """What a run did to measures. `kept`: fields that an editor has changed, and that were left as they are."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0

    def counts(self) -> dict[str, int]:
        """The four counts that all importers report."""
        return {name: count for name, count in asdict(self).items() if name != "kept"}


def load(measures: Any, scales: Iterable[Scale]) -> Loaded:
    """Add what is missing, and change only what a loader wrote and nobody has altered since; delete nothing.

    `measures`: the manager of `Measure`, also of a migration's model, which may know fewer fields. A measure that an
    editor made under the same name and another key is left alone and counted as refused.
    """
    result, given = Loaded(), list(scales)
    known_fields = {field.name for field in measures.model._meta.get_fields()}
    existing = {measure.key: measure for measure in measures.all()}
    taken = {measure.name.casefold(): measure.key for measure in existing.values()}
    fresh = []
    for scale in given:
        offered = {name: value for name, value in as_fields(scale).items() if name in known_fields}
        measure = existing.get(scale.key)
        if measure is None:
            if scale.name.casefold() in taken:
                result.refused += 1
                continue
            existing[scale.key] = measures.create(**offered, loaded=offered)
            fresh.append(scale)
            result.created += 1
            continue
        changed = False
        for name, value in offered.items():
            if value == getattr(measure, name):
                continue
            if getattr(measure, name) == measure.loaded.get(name):
                setattr(measure, name, value)
                changed = True
            else:
                result.kept += 1
        if changed:
            measure.loaded = {**measure.loaded, **offered}
            measure.save()
        result.updated += changed
        result.unchanged += not changed
    for scale in fresh:
        measure = existing[scale.key]
        if scale.ceilings_of in existing:
            measure.ceilings_of = existing[scale.ceilings_of]
            measure.save(update_fields=["ceilings_of"])
        measure.never_with.add(*(existing[key] for key in scale.never_with if key in existing))
    return result


def match(observations: Any, measures: Any, scales: Iterable[Scale]) -> int:
    """Give measurements whose measure was written in words the measure that the words name; how many it was.

    Only where the value is one that the measure can have and nothing is lost: everything else stays in words. Takes
    the managers of a migration's models as well as the real ones.
    """
    given = list(scales)
    pks = dict(measures.values_list("key", "pk"))
    matched = 0
    for row in observations.filter(outcome_measure=None).exclude(measure="").order_by("pk"):
        for scale in given:
            found = recognised(row.measure, scale) if scale.key in pks else None
            if found is None:
                continue
            side, part = found
            try:
                value = scale.read(row.value)
            except Refused:
                break
            if (scale.needs_side and not side) or (scale.needs_part and not part):
                break
            if row.assessed_by and row.assessed_by not in scale.assessors:
                break
            observations.filter(pk=row.pk).update(
                outcome_measure_id=pks[scale.key],
                measure=scale.name,
                unit=scale.unit_in_words[:40],
                better=scale.better,
                value=value,
                side=side,
                part=part,
            )
            matched += 1
            break
    return matched


def unmatch(observations: Any) -> None:
    """The way back: side and part into the words again."""
    for row in observations.exclude(side="", part=""):
        where = " ".join(word for word in (row.side, row.part) if word)
        observations.filter(pk=row.pk).update(measure=f"{row.measure}, {where}"[:120])
