"""The outcome measures that the project comes with: reads `data/measures.toml`, which says what each field
means. Pure.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args

from measures.scales import ASSESSORS, Better, Kind, Level, Scale

FILE = Path(__file__).resolve().parent / "data" / "measures.toml"

_FLAGS = {"is_classification", "needs_side", "needs_part"}
_NUMBERS = {"low", "high", "step", "difference", "least_age", "greatest_age"}
_LISTS = {"other_names", "assessors", "never_with"}
_OTHERS = {"levels", "ceilings"}
# In the file under other names, or as two fields.
_WORDS = (
    {field.name for field in fields(Scale)} - _FLAGS - _NUMBERS - _LISTS - _OTHERS - {"own_levels", "ages"}
)
_KNOWN = {*_FLAGS, *_NUMBERS, *_LISTS, *_OTHERS, *_WORDS}
_REQUIRED = {field.name for field in fields(Scale) if field.default is MISSING} & _WORDS


class FaultyMeasures(ValueError):
    """The file of measures has a mistake. The message names the measure, the field and what to write."""


def scales_in(text: str) -> tuple[Scale, ...]:
    """Return the scales of a TOML text, in its order. Raises FaultyMeasures."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultyMeasures(f"The measures are not valid TOML: {error}.") from error
    given = tables.pop("measure", [])
    if tables:
        raise FaultyMeasures(f"The file has ‘{next(iter(tables))}’. Write each measure under ‘[[measure]]’.")
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise FaultyMeasures("‘measure’ is not a list of tables. Write each measure under ‘[[measure]]’.")
    scales = tuple(_scale(entry, number) for number, entry in enumerate(given, start=1))
    keys = {scale.key for scale in scales}
    if len(keys) < len(scales):
        double = next(scale.key for scale in scales if sum(scale.key == other.key for other in scales) > 1)
        raise FaultyMeasures(f"Two measures have the key ‘{double}’. Give each measure its own key.")
    for scale in scales:
        named = {*scale.never_with, *filter(None, [scale.ceilings_of])}
        if unknown := sorted(named - keys):
            raise FaultyMeasures(
                f"Measure ‘{scale.key}’ names ‘{unknown[0]}’, which is not a key in the file. "
                "Correct the key."
            )
    return scales


def _scale(entry: Mapping[str, Any], number: int) -> Scale:
    name = f"Measure ‘{entry['key']}’" if entry.get("key") else f"Measure number {number}"
    if missing := sorted(_REQUIRED - set(entry)):
        raise FaultyMeasures(f"{name}: the field ‘{missing[0]}’ is missing. Add it.")
    for field, value in entry.items():
        if field not in _KNOWN:
            raise FaultyMeasures(
                f"{name}: the field ‘{field}’ is not known. Use one of: {', '.join(sorted(_KNOWN))}."
            )
        if rule := _rule_broken(field, value):
            raise FaultyMeasures(f"{name}: the field ‘{field}’ must be {rule}, not {value!r}.")
    if conflict := _conflict(entry):
        raise FaultyMeasures(f"{name}: {conflict}")
    plain: dict[str, Any] = {
        field: value for field, value in entry.items() if field in _WORDS | _FLAGS | _NUMBERS
    }
    if "assessors" in entry:
        plain["assessors"] = frozenset(entry["assessors"])
    return Scale(
        ages=(plain.pop("least_age", None), plain.pop("greatest_age", None)),
        **plain,
        other_names=tuple(entry.get("other_names", ())),
        own_levels=tuple(Level(*level) for level in entry.get("levels", ())),
        ceilings=entry.get("ceilings", {}),
        never_with=frozenset(entry.get("never_with", ())),
    )


def _rule_broken(field: str, value: object) -> str:
    """Return what the field must be where `value` is something else, '' where the value can be used."""
    rules = {
        **dict.fromkeys(_REQUIRED, (_is_word(value), "a text that is not empty")),
        "kind": (value in get_args(Kind), f"one of {', '.join(get_args(Kind))}"),
        "better": (value in get_args(Better), "higher, lower or an empty text"),
        "assessors": (_is_list(value, ASSESSORS), f"a list of {', '.join(ASSESSORS)}"),
        "levels": (_are_levels(value), 'a list of ["code"] or ["code", "meaning"]'),
        "ceilings": (_are_numbers(value), "a table of numbers by level, such as { I = 87.7 }"),
    }
    groups = (
        (_FLAGS, isinstance(value, bool), "true or false"),
        (_NUMBERS, _is_number(value), "a number"),
        (_LISTS, _is_list(value), "a list of texts"),
        (_WORDS, isinstance(value, str), "a text"),
    )
    fits, rule = rules.get(field) or next((fits, rule) for names, fits, rule in groups if field in names)
    return "" if fits else rule


def _conflict(entry: Mapping[str, Any]) -> str:
    """Return what does not fit together in a measure whose fields are right one by one, '' where all fits."""
    codes = [level[0].casefold() for level in entry.get("levels", ())]
    if entry["kind"] == "level" and len(codes) < 2:
        return "a measure of the kind ‘level’ needs at least two levels. Add them to ‘levels’."
    if len(codes) != len(set(codes)):
        return "a level is in ‘levels’ twice. Write each level only once."
    for lowest, highest in (("low", "high"), ("least_age", "greatest_age")):
        low, high = entry.get(lowest), entry.get(highest)
        if low is not None and high is not None and low >= high:
            return f"‘{highest}’ must be above ‘{lowest}’. Correct one of them."
    for figure, source in (("difference", "difference_source"), ("ceilings", "ceilings_source")):
        if entry.get(figure) and not entry.get(source, "").strip():
            return f"‘{figure}’ needs its source. Add ‘{source}’."
    return ""


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_list(value: object, of: Sequence[str] = ()) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) and (not of or part in of) for part in value)


def _are_levels(value: object) -> bool:
    return isinstance(value, list) and all(_is_list(level) and len(level) in (1, 2) for level in value)


def _are_numbers(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


STARTER: tuple[Scale, ...] = scales_in(FILE.read_text(encoding="utf-8"))
BY_KEY = {scale.key: scale for scale in STARTER}
