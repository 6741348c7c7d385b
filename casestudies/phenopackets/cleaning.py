"""Values of an imported Phenopacket without what must not become public. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casestudies.phenopackets.times import OLDEST, duration_of, months_of

# Anywhere below: a date, words that no one has checked for identifiers, ids and files of the source.
_NEVER = {
    "timestamp",
    "interval",
    "dateOfBirth",
    "description",
    "evidence",
    "alternateIds",
    "uri",
    "files",
    "biosamples",
    "creationDate",
}


def repeated(one: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    found = {name: _clean(one[name]) for name in names if name in one}
    return {name: value for name, value in found.items() if value not in ({}, [], None)}


def _clean(value: Any) -> Any:
    """A value of a record without what must not leave; ages rounded to months, and none over 89 years."""
    if isinstance(value, Mapping):
        if set(value) & {"age", "ageRange", "timestamp", "interval"} and not set(value) & {"id", "label"}:
            return clean_time(value)
        made = {name: _clean(one) for name, one in value.items() if name not in _NEVER}
        return {name: one for name, one in made.items() if one not in ({}, None)}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def clean_time(element: Any) -> dict[str, Any]:
    """An age or a class of onset; {} of a date."""
    if not isinstance(element, Mapping):
        return {}
    if isinstance(element.get("age"), Mapping):
        age = _clean_age(element["age"])
        return {"age": age} if age else {}
    if isinstance(element.get("ageRange"), Mapping):
        ends = {end: _clean_age(element["ageRange"].get(end)) for end in ("start", "end")}
        return {"ageRange": ends} if all(ends.values()) else {}
    if isinstance(element.get("ontologyClass"), Mapping):
        return {"ontologyClass": dict(element["ontologyClass"])}
    return {}


def _clean_age(age: Any) -> dict[str, str]:
    said = age.get("iso8601duration") if isinstance(age, Mapping) else None
    try:
        months = months_of(said) if isinstance(said, str) else None
    except ValueError:
        months = None
    if months is None or not isinstance(said, str):
        return {}
    exact = "D" in said or "W" in said or "T" in said
    return {"iso8601duration": duration_of(months) if exact or months >= OLDEST * 12 else said}
