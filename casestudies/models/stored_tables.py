"""The rows of a saved case study's tables, read together."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import JSONObject

from casestudies.models.entries import CaseAuthor, Reference, TimelineEntry, TreatmentGiven
from casestudies.models.observation import Observation

# Each has numbers, words and dates only, which JSON keeps as they are.
READ_TOGETHER: dict[str, type[models.Model]] = {
    "authors": CaseAuthor,
    "timeline": TimelineEntry,
    "treatments_given": TreatmentGiven,
    "observations": Observation,
    "references": Reference,
}


def read_together(page: int) -> dict[str, list[Any]]:
    """Return the rows of a page by table, in the editor's order: one query."""
    each = [
        model._default_manager.filter(page=page)
        .order_by()
        .values_list(
            Value(name, output_field=models.CharField()),
            JSONObject(**{field.attname: F(field.attname) for field in model._meta.concrete_fields}),
        )
        for name, model in READ_TOGETHER.items()
    ]
    found: dict[str, list[Any]] = {name: [] for name in READ_TOGETHER}
    for name, row in each[0].union(*each[1:], all=True):
        found[name].append(_instance(READ_TOGETHER[name], row))
    return {name: sorted(rows, key=lambda row: (row.sort_order, row.pk)) for name, rows in found.items()}


def _instance(model: type[models.Model], row: dict[str, Any]) -> models.Model:
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return model.from_db("default", names, [field.to_python(row[field.attname]) for field in fields])
