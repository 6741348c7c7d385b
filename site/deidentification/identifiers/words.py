"""Capitalised words that are not names, well-known cities, and country names. Pure data."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from deidentification.identifiers.vocabulary import words

# Capitalised words that can follow 'this is', 'in' or 'from' without being a name or a place.
COMMON = frozenset(words("common"))
# Names that are ordinary words too, as words are compared: in small letters they are not taken for the name.
WORDS_AS_NAMES = frozenset(words("words as names"))
INSTITUTIONS = frozenset(words("institutions"))
# Everyday names of countries that a list of countries may lack.
COUNTRIES = frozenset(words("countries"))


@cache
def cities() -> frozenset[str]:
    """Return the cities that time zones are named after, a list that comes with Python."""
    zones = {zone.split("/")[-1].replace("_", " ") for zone in available_timezones() if zone.count("/")}
    return frozenset(zone for zone in zones if zone.istitle() and not zone.isupper())
