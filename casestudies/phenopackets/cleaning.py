"""Times of an imported Phenopacket without what must not become public. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casestudies.phenopackets.times import OLDEST, duration_of, months_of


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
        known = {name: element["ontologyClass"].get(name) for name in ("id", "label")}
        return {"ontologyClass": known} if all(isinstance(one, str) for one in known.values()) else {}
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
