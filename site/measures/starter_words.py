"""What the starter measures share: who may report, and the names of levels. Pure."""

from __future__ import annotations

from measures.scales import Level

CLINICAL = frozenset(("clinician", "independent"))
ANYONE = frozenset(("clinician", "patient", "parent", "independent"))
FAMILY = frozenset(("patient", "parent"))

ROMAN = ("I", "II", "III", "IV", "V")


def levels(*names: str, codes: tuple[str, ...] = ROMAN) -> tuple[Level, ...]:
    return tuple(Level(code, name) for code, name in zip(codes, names or [""] * len(codes), strict=True))
