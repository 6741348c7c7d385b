"""The rules that recognise identifiers: each has a kind, a pattern and a neutral form. Pure."""

from __future__ import annotations

from collections.abc import Callable

import regex

from deidentification.identifiers import dates, numbers, places
from deidentification.identifiers.kinds import Kind
from deidentification.identifiers.places import CAPITAL
from deidentification.identifiers.words import COMMON, COUNTRIES, INSTITUTIONS

# The last pattern: what every match contains. Most texts lack it, and are not searched for the rest.
Rule = tuple[Kind, "regex.Pattern[str]", Callable[[str], str], "regex.Pattern[str]"]
ANY, DIGIT, CAPITALS = regex.compile(""), regex.compile(r"\d"), regex.compile(r"\p{Lu}|\p{Arabic}|\d")
AT = regex.compile(r"@|\b(?i:at)\b")

RULES: list[Rule] = [
    ("email", numbers.EMAIL, lambda _m: "[e-mail address]", AT),
    ("web", numbers.WEB, lambda _m: "[web address]", regex.compile(r"[@/]|(?i:www)|\d\.")),
    (
        "file",
        regex.compile(
            r"\b[\w-]+\.(?:jpe?g|png|heic|webp|gif|mp4|mov|m4a|mp3|wav|pdf|docx?|xlsx?|pptx?|odt|txt)\b",
            regex.I,
        ),
        lambda _m: "[a file]",
        regex.compile(r"\.\w"),
    ),
    ("record", numbers.RECORD, lambda _m: "[record number]", DIGIT),
    ("date", dates.DATE, dates.year_only, DIGIT),
    ("date", dates.IN_WORDS, dates.year_only, CAPITALS),
    ("date", dates.BORN, dates.year_only, ANY),
    (
        "age",
        regex.compile(
            r"\b(?P<found>9\d|1[01]\d)(?= ?-?(?:years?|year-old)[ -]?old|-year-old| years of age)"
            r"|\b(?:she|he|I|who|grandmother|grandfather|mother|father)(?:['’]s| is|['’]m| am| was| turned)"
            r" (?P<found>9\d|1[01]\d)\b",
            regex.I,
        ),
        lambda _m: "[90 or over]",
        DIGIT,
    ),
    (
        "name",
        regex.compile(
            rf"\b(?:(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Tt]he) name(?: is|['’]s| was)|I['’]m called"
            rf"|(?:is|was|are) called|"
            rf"(?:Doctor|Dr\.?|Professor|Prof\.?|Mrs?\.?|Ms\.?|Miss|Nurse|Sister|Aunt(?:ie)?|Uncle)) "
            rf"(?P<found>(?!(?:Doctor|Nurse)\b){CAPITAL}(?: {CAPITAL})?)"
        ),
        lambda _m: "[name]",
        CAPITALS,
    ),
    ("place", numbers.PLACE, lambda _m: "[a place]", regex.compile(r"\d|///")),
    ("place", places.NUMBERED, lambda _m: "[a place]", DIGIT),
    ("place", places.AFTER_A_NAME, lambda _m: "[a place]", CAPITALS),
    ("place", places.OF, lambda _m: "[a place]", CAPITALS),
    ("place", places.SCHOOLS, lambda _m: "[a place]", CAPITALS),
    ("place", places.STREETS, lambda _m: "[a place]", CAPITALS),
    ("place", places.VILLAGES, lambda _m: "[a town]", CAPITALS),
    ("place", places.NEAR, lambda _m: "[a town]", CAPITALS),
    ("place", places.IN, lambda _m: "[a town]", CAPITALS),
]
_WITH_DIGIT = regex.compile(r"\d")


def usable(kind: Kind, found: str, countries: frozenset[str]) -> bool:
    """Return whether words that match a rule are a finding: common words and countries are not."""
    first = found.split(maxsplit=1)[0]
    if kind == "name":
        return first not in COMMON
    if kind == "place":
        if _WITH_DIGIT.search(found):
            return True
        names = {found.casefold(), first.casefold()}
        return (
            not found.isupper()
            and first not in COMMON
            and found not in INSTITUTIONS
            and names.isdisjoint(countries)
            and names.isdisjoint(COUNTRIES)
        )
    return True
