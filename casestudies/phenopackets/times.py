"""Ages and times of a Phenopacket: ISO 8601 durations from birth, and classes of onset. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DURATION = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
)
# The only classes of the Human Phenotype Ontology that are a moment; all others are spans ('28 days to one
# year').
AT_BIRTH = {"HP:0003577"}
DAYS_A_MONTH = 30.4375
# 45 CFR 164.514(b)(2)(i)(C): no age over 89.
OLDEST = 90


def months_of(duration: str) -> int:
    """Return the whole months of an ISO 8601 duration: 'P2Y3M' is 27, 'P21D' is 0.

    Raises ValueError for any other text.
    """
    found = _DURATION.fullmatch(duration.strip())
    if not found or duration.strip() in {"P", "PT"}:
        raise ValueError(f"‘{duration}’ is not an ISO 8601 duration such as P2Y3M.")
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years * 12 + months + int((weeks * 7 + days) / DAYS_A_MONTH)


def duration_of(months: int) -> str:
    """'P2Y3M' for 27 months; 'P90Y' for every age over 89 years."""
    if months >= OLDEST * 12:
        return f"P{OLDEST}Y"
    years, rest = divmod(max(0, months), 12)
    return f"P{years}Y{rest}M" if years and rest else f"P{years}Y" if years else f"P{rest}M"


def age_months(element: Any) -> int | None:
    """Months from birth of a TimeElement: of an age, the start of a range of ages, or birth itself; else
    None.
    """
    if not isinstance(element, Mapping):
        return None
    age = element.get("age")
    if not isinstance(age, Mapping):
        span = element.get("ageRange")
        age = span.get("start") if isinstance(span, Mapping) else None
    if isinstance(age, Mapping) and isinstance(age.get("iso8601duration"), str):
        try:
            return months_of(age["iso8601duration"])
        except ValueError:
            return None
    class_ = element.get("ontologyClass")
    if isinstance(class_, Mapping) and class_.get("id") in AT_BIRTH:
        return 0
    return None


def onset_in_words(element: Any) -> str:
    """'infantile onset' of a class of onset, '' of everything else."""
    class_ = element.get("ontologyClass") if isinstance(element, Mapping) else None
    label = class_.get("label") if isinstance(class_, Mapping) else ""
    return str(label or "").lower()
