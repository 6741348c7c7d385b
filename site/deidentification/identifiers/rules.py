"""The rules that recognise identifiers: each has a kind, a pattern and a neutral form. Pure."""

from __future__ import annotations

from collections.abc import Callable

import regex

from deidentification.identifiers.kinds import Kind
from deidentification.identifiers.words import COMMON, COUNTRIES

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
CAPITAL = r"\p{Lu}[\p{L}\p{M}'’-]+"


def _year_only(match: str) -> str:
    year = regex.search(r"\d{4}", match)
    return f"[in {year.group()}]" if year else "[a date]"


Rule = tuple[Kind, "regex.Pattern[str]", Callable[[str], str]]

RULES: list[Rule] = [
    ("email", regex.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), lambda _m: "[e-mail address]"),
    (
        "web",
        regex.compile(r"\bhttps?://\S+|\bwww\.\S+|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])", regex.I),
        lambda _m: "[web address]",
    ),
    (
        "file",
        regex.compile(r"\b[\w-]+\.(?:jpe?g|png|heic|gif|mp4|mov|m4a|mp3|wav|pdf|docx?|xlsx?|txt)\b", regex.I),
        lambda _m: "[a file]",
    ),
    (
        "date",
        regex.compile(
            rf"\b(?:{_DAY}(?: of)? (?:{_MONTHS})\b\.?,?(?: \d{{4}})?"
            rf"|(?:{_MONTHS})\b\.? {_DAY}\b(?!:)(?:,? \d{{4}})?"
            rf"|(?:the )?{_DAY} of (?:{_MONTHS})\b"
            rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})(?!\d)"
        ),
        _year_only,
    ),
    (
        "record",
        regex.compile(
            r"\b(?:record|file|hospital|patient|NHS|case|insurance|passport|licen[cs]e|account|policy|plate)"
            r"(?: (?:number|no\.?|id))(?: (?:is|was))?:? (?P<found>[A-Z]{0,4}[ -]?\d[\d -]{3,}\d)",
            regex.I,
        ),
        lambda _m: "[record number]",
    ),
    (
        "age",
        regex.compile(
            r"\b(?P<found>9\d|1[01]\d)(?= ?-?(?:years?|year-old)[ -]?old|-year-old| years of age)"
            r"|\b(?:she|he|I|who|grandmother|grandfather|mother|father)(?:['’]s| is|['’]m| am| was| turned)"
            r" (?P<found>9\d|1[01]\d)\b",
            regex.I,
        ),
        lambda _m: "[90 or over]",
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
    ),
    (
        "place",
        regex.compile(
            rf"(?P<found>{CAPITAL}(?: {CAPITAL})* "
            rf"(?:Hospital|Clinic|School|Street|Road|Avenue|Lane|University"
            rf"|Children['’]s Centre|Medical Cent(?:re|er)))\b"
        ),
        lambda _m: "[a place]",
    ),
    (
        "place",
        regex.compile(
            rf"\b(?:live[ds]?|living|born|moved|came|come|went|flew|travelled|arrived|from|near|outside)"
            rf"(?: (?:in|to|at|from|near|over to|back to))? (?P<found>{CAPITAL}(?: {CAPITAL})?)"
        ),
        lambda _m: "[a town]",
    ),
    ("place", regex.compile(rf"\b[Ii]n (?P<found>{CAPITAL}(?: {CAPITAL})?)"), lambda _m: "[a town]"),
]


def usable(kind: Kind, found: str, countries: frozenset[str]) -> bool:
    """Return whether words that match a rule are a finding: common words and countries are not."""
    first = found.split(maxsplit=1)[0]
    if kind == "name":
        return first not in COMMON
    if kind == "place":
        names = {found.casefold(), first.casefold()}
        return (
            not found.isupper()
            and first not in COMMON
            and names.isdisjoint(countries)
            and names.isdisjoint(COUNTRIES)
        )
    return True
