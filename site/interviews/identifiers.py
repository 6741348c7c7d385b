"""Finds what may identify a person in words. Pure: it warns with a reason and a neutral form, and alters nothing.

What counts as identifying follows HIPAA Safe Harbor, 45 CFR 164.514(b)(2): names; places below country; dates but
for the year; ages over 89; phone, e-mail, web and network addresses; record numbers; file names. A rule can miss and
can be wrong: an editor decides on each finding, and dismisses with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal
from zoneinfo import available_timezones

import phonenumbers
import regex

Kind = Literal["name", "date", "place", "phone", "email", "web", "record", "age", "file"]

REASONS: dict[Kind, str] = {
    "name": "Name of a person",
    "date": "Full date: only the year may stay",
    "place": "Place below country",
    "phone": "Phone number",
    "email": "E-mail address",
    "web": "Web or network address",
    "record": "Record number",
    "age": "Age over 89: say 90 or over",
    "file": "File name",
}


@dataclass(frozen=True)
class KnownName:
    """A private name given on the interview, e.g. 'Hannah', whose role is 'her sister' and neutral form '[my sister]'."""

    name: str
    role: str = ""
    neutral: str = "[name]"


@dataclass(frozen=True)
class Finding:
    """`text[at:end]` (code points) may identify somebody: why, and the neutral form to show instead."""

    at: int
    end: int
    text: str
    kind: Kind
    reason: str
    neutral: str


_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CAPITAL = r"\p{Lu}[\p{L}\p{M}'’-]+"

# Capitalised words that follow 'this is', 'in' or 'from' and are no name and no place.
_COMMON = frozenset(
    [
        "I",
        "It",
        "The",
        "A",
        "An",
        "My",
        "Our",
        "Your",
        "His",
        "Her",
        "Their",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "Here",
        "We",
        "You",
        "They",
        "He",
        "She",
        "And",
        "But",
        "Or",
        "So",
        "If",
        "When",
        "What",
        "Who",
        "Why",
        "How",
        "Yes",
        "No",
        "Not",
        "Okay",
        "OK",
        "Well",
        "Um",
        "Uh",
        "Just",
        "Like",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Christmas",
        "Easter",
        "Ramadan",
        "Spring",
        "Summer",
        "Autumn",
        "Winter",
        "English",
        "Spanish",
        "Arabic",
        "French",
        "Chinese",
        "Portuguese",
        "Russian",
        "Romanian",
        "Turkish",
        "Parkinson",
        "Alzheimer",
        "Down",
        "Botox",
        "MRI",
        "CT",
        "EEG",
        "ICU",
        "IV",
        "LP",
        "GP",
        "CP",
        "MS",
        "ADHD",
        "NHS",
        "COVID",
        "Covid",
        "God",
        "Internet",
        "Google",
        "Facebook",
        "WhatsApp",
        "Hospital",
        "Europe",
        "Asia",
        "Africa",
        "America",
        "Oceania",
        "Doctor",
        "Nurse",
        "Mum",
        "Mom",
        "Dad",
        "Grandma",
        "Grandpa",
        "Sir",
        "Madam",
    ]
)


@cache
def _cities() -> frozenset[str]:
    """Cities that time zones are named after: a list every Python has."""
    zones = {zone.split("/")[-1].replace("_", " ") for zone in available_timezones() if zone.count("/")}
    return frozenset(zone for zone in zones if zone.istitle() and not zone.isupper())


def _year_only(match: str) -> str:
    year = regex.search(r"\d{4}", match)
    return f"[in {year.group()}]" if year else "[a date]"


_Rule = tuple[Kind, "regex.Pattern[str]", Callable[[str], str]]

_RULES: list[_Rule] = [
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
            rf"\b(?:{_DAY}(?: of)? (?:{_MONTHS})\b\.?,?(?: \d{{4}})?|(?:{_MONTHS})\b\.? {_DAY}\b(?!:)(?:,? \d{{4}})?"
            rf"|(?:the )?{_DAY} of (?:{_MONTHS})\b|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})(?!\d)"
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
            r"|\b(?:she|he|I|who|grandmother|grandfather|mother|father)(?:['’]s| is|['’]m| am| was| turned) (?P<found>9\d|1[01]\d)\b",
            regex.I,
        ),
        lambda _m: "[90 or over]",
    ),
    (
        "name",
        regex.compile(
            rf"\b(?:(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Tt]he) name(?: is|['’]s| was)|I['’]m called|(?:is|was|are) called|"
            rf"(?:Doctor|Dr\.?|Professor|Prof\.?|Mrs?\.?|Ms\.?|Miss|Nurse|Sister|Aunt(?:ie)?|Uncle)) "
            rf"(?P<found>(?!(?:Doctor|Nurse)\b){_CAPITAL}(?: {_CAPITAL})?)"
        ),
        lambda _m: "[name]",
    ),
    (
        "place",
        regex.compile(
            rf"(?P<found>{_CAPITAL}(?: {_CAPITAL})* "
            rf"(?:Hospital|Clinic|School|Street|Road|Avenue|Lane|University|Children['’]s Centre|Medical Cent(?:re|er)))\b"
        ),
        lambda _m: "[a place]",
    ),
    (
        "place",
        regex.compile(
            rf"\b(?:live[ds]?|living|born|moved|came|come|went|flew|travelled|arrived|from|near|outside)"
            rf"(?: (?:in|to|at|from|near|over to|back to))? (?P<found>{_CAPITAL}(?: {_CAPITAL})?)"
        ),
        lambda _m: "[a town]",
    ),
    ("place", regex.compile(rf"\b[Ii]n (?P<found>{_CAPITAL}(?: {_CAPITAL})?)"), lambda _m: "[a town]"),
]


# What people call a country that a list of countries may not.
_COUNTRIES = frozenset(
    [
        "usa",
        "us",
        "uk",
        "america",
        "england",
        "scotland",
        "wales",
        "britain",
        "turkey",
        "russia",
        "korea",
        "holland",
    ]
)


def _usable(kind: Kind, found: str, countries: frozenset[str]) -> bool:
    first = found.split(maxsplit=1)[0]
    if kind == "name":
        return first not in _COMMON
    if kind == "place":
        names = {found.casefold(), first.casefold()}
        return (
            not found.isupper()
            and first not in _COMMON
            and names.isdisjoint(countries)
            and names.isdisjoint(_COUNTRIES)
        )
    return True


def _phones(text: str, region: str | None) -> Iterable[tuple[int, int]]:
    for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE):
        if sum(char.isdigit() for char in match.raw_string) >= 8:
            yield match.start, match.end
    for loose in regex.finditer(r"(?<![\w.])\+?\d[\d ()-]{7,}\d(?![\w.])", text):
        if sum(char.isdigit() for char in loose.group()) >= 8:
            yield loose.start(), loose.end()


def find(
    text: str,
    names: Iterable[KnownName] = (),
    *,
    countries: frozenset[str] = frozenset(),
    region: str | None = None,
) -> list[Finding]:
    """What may identify a person in `text`, in order and without overlap; what is surest is kept first.

    `names` are the private names given on the interview; `countries` are names of countries, case-folded, which may
    stay; `region` is the country (ISO 3166) whose phone numbers are
    read without their country code.
    """
    found: list[Finding] = []

    def put(at: int, end: int, kind: Kind, neutral: str, reason: str = "") -> None:
        if at < end and not any(at < other.end and end > other.at for other in found):
            found.append(Finding(at, end, text[at:end], kind, reason or REASONS[kind], neutral))

    for known in names:
        for part in dict.fromkeys([known.name, *known.name.split()]):
            if len(part) < 2:
                continue
            role = (
                f"Real name of {known.role}, given on the interview"
                if known.role
                else "Real name, given on the interview"
            )
            for match in regex.finditer(
                rf"(?<![\p{{L}}\p{{M}}]){regex.escape(part)}(?![\p{{L}}\p{{M}}])", text
            ):
                put(match.start(), match.end(), "name", known.neutral, role)
    for kind, pattern, neutral in _RULES:
        for match in pattern.finditer(text):
            name = "found" if "found" in pattern.groupindex and match["found"] else 0
            if _usable(kind, match[name], countries):
                put(*match.span(name), kind, neutral(match[name]))
    for at, end in _phones(text, region):
        put(at, end, "phone", "[phone number]")
    for match in regex.finditer(rf"(?<![\p{{L}}]){_CAPITAL}(?: {_CAPITAL})?", text):
        whole = match.group()
        for part in (whole, whole.split()[0]):
            if part in _cities() and _usable("place", part, countries):
                put(match.start(), match.start() + len(part), "place", "[a town]")
                break
    return sorted(found, key=lambda finding: finding.at)


def replaced(text: str, findings: Iterable[Finding]) -> str:
    """`text` with each finding's neutral form in its place."""
    out, position = "", 0
    for finding in sorted(findings, key=lambda finding: finding.at):
        out += text[position : finding.at] + finding.neutral
        position = finding.end
    return out + text[position:]
