"""Reads single cells: yes or no, ages, countries, choices, lists, dates.

No database; every error is Refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import Choices
from django.utils import translation
from django_countries import countries

from conditions.words import fold
from importing.records import Refused

OLDEST = 90
YES = {"yes", "y", "true", "1", "x", "ja", "si", "oui", "da"}
NO = {"no", "n", "false", "0", "", "nein", "non", "net"}
_WORD_BREAKS = re.compile(r"\s+")
# C0 controls except tab and line ends, C1 controls, and characters that are none. PostgreSQL refuses NUL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_LIST = re.compile(r"[;|\n]")
# Not 03/04/2026, which is another day in America.
_DATES = ("%Y-%m-%d", "%d.%m.%Y")
OTHER_NAMES = {
    "uk": "GB", "united kingdom": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "usa": "US", "united states": "US", "russia": "RU", "czech republic": "CZ",
    "holland": "NL",
    "south korea": "KR", "vietnam": "VN", "moldova": "MD", "iran": "IR", "syria": "SY", "turkey": "TR",
    "macedonia": "MK", "bosnia": "BA", "tanzania": "TZ", "bolivia": "BO", "venezuela": "VE", "laos": "LA",
}  # fmt: skip


def text(name: str, value: Any, longest: int = 0) -> str:
    """Return words as text, trimmed, without control characters. `longest`: in characters, 0 for any."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(f"‘{name}’ must be text.")
    words = _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if longest and len(words) > longest:
        raise Refused(f"‘{name}’ has {len(words)} characters. Shorten it to {longest}.")
    return words


def line(name: str, value: Any, longest: int = 0) -> str:
    """Return words on one line, with single spaces."""
    return text(name, _WORD_BREAKS.sub(" ", text(name, value)), longest)


def yes_or_no(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = fold(line(name, value))
    if word in YES or word in NO:
        return word in YES
    raise Refused(f"‘{name}’ is ‘{line(name, value)[:40]}’. Write yes or no.")


def age(name: str, value: Any) -> int | None:
    """Return whole years: '6', 'under 1' (0), '90 or over' and everything above 89 (90); None if empty."""
    words = fold(line(name, value))
    if not words:
        return None
    found = re.fullmatch(r"(under |over |from )?(\d{1,3})( years?| yrs?| y)?( old)?( or over)?", words)
    if found is None:
        raise Refused(
            f"‘{name}’ is ‘{line(name, value)[:40]}’. Write whole years, e.g. 6; 0 is under one year."
        )
    years = int(found[2])
    return 0 if found[1] == "under " and years <= 1 else min(years, OLDEST)


def country(name: str, value: Any) -> str:
    """Return the two-letter code of a country written as its code or its English name; '' if empty."""
    words = line(name, value)
    if not words:
        return ""
    code = country_names().get(fold(words), "")
    if not code and len(words) in (2, 3) and words.isascii() and words.isalpha():
        code = str(countries.alpha2(words.upper()) or "")
    if not code:
        raise Refused(
            f"‘{name}’ is ‘{words[:40]}’. Write the English name of a country or its code, e.g. PT."
        )
    return code


@cache
def country_names() -> dict[str, str]:
    """Return the code of each country by its folded English names."""
    with translation.override("en"):
        return {fold(str(known)): str(code) for code, known in countries} | OTHER_NAMES


def choice(name: str, value: Any, choices: type[Choices], also: Mapping[str, str]) -> str:
    """Return one of `choices`, written as its value, its English label, or one of the words of `also`."""
    words = line(name, value)
    if not words:
        return ""
    word = fold(words)
    found = _words_of(choices).get(word) or also.get(word)
    if found is None:
        allowed = ", ".join(str(one) for one in choices.values if one)
        raise Refused(f"‘{name}’ is ‘{line(name, value)[:40]}’. Write one of: {allowed}.")
    return found


@cache
def _words_of(choices: type[Choices]) -> dict[str, str]:
    with translation.override("en"):
        named = {fold(str(label)): str(one) for one, label in choices.choices}
    return named | {fold(str(one)): str(one) for one in choices.values}


def several(name: str, value: Any, longest: int = 255) -> list[str]:
    """Return words of a list, or of a cell with semicolons, bars or line ends between them; each once."""
    given: Iterable[Any] = value if isinstance(value, list) else _LIST.split(text(name, value))
    return list(dict.fromkeys(word for one in given if (word := line(name, one, longest))))


def day(name: str, value: Any) -> dt.date | None:
    """Return a date written 2026-03-31 or 31.03.2026; None if empty."""
    words = line(name, value)
    if not words:
        return None
    for pattern in _DATES:
        try:
            return dt.datetime.strptime(words, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Refused(f"‘{name}’ is ‘{words[:40]}’. Write a date like 2026-03-31.")


def months(name: str, value: Any) -> int:
    """Return whole months from treatment, negative before it."""
    words = line(name, value).replace("−", "-")
    if not re.fullmatch(r"[+-]?\d{1,3}", words, re.ASCII):
        raise Refused(f"‘{name}’ is ‘{words[:40]}’. Write whole months from the treatment, e.g. 6 or -3.")
    return int(words)
