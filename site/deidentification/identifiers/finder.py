"""Searches text for identifiers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import phonenumbers
import regex

from deidentification.identifiers.kinds import REASONS, Finding, Kind, KnownName
from deidentification.identifiers.rules import CAPITAL, RULES, usable
from deidentification.identifiers.words import cities

SHORTEST_NAME = 2


def _phones(text: str, region: str | None) -> Iterable[tuple[int, int]]:
    """Yield (start, end) of each phone number of eight digits or more."""
    for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE):
        if sum(char.isdigit() for char in match.raw_string) >= 8:
            yield match.start, match.end
    for loose in regex.finditer(r"(?<![\w.])\+?\d[\d ()-]{7,}\d(?![\w.])", text):
        if sum(char.isdigit() for char in loose.group()) >= 8:
            yield loose.start(), loose.end()


@dataclass
class _Search:
    """Collects findings in one text, in the order of their certainty; an overlap with an earlier one is
    dropped.
    """

    text: str
    found: list[Finding] = field(default_factory=list)

    def add(self, at: int, end: int, kind: Kind, neutral: str, reason: str = "") -> None:
        if at < end and not any(at < other.end and end > other.at for other in self.found):
            self.found.append(Finding(at, end, self.text[at:end], kind, reason or REASONS[kind], neutral))

    def add_names(self, names: Iterable[KnownName]) -> None:
        for known in names:
            role = f" of {known.role}" if known.role else ""
            for part in dict.fromkeys([known.name, *known.name.split()]):
                if len(part) < SHORTEST_NAME:
                    continue
                whole_word = rf"(?<![\p{{L}}\p{{M}}]){regex.escape(part)}(?![\p{{L}}\p{{M}}])"
                for match in regex.finditer(whole_word, self.text):
                    self.add(*match.span(), "name", known.neutral, f"Real name{role}, {known.source}")

    def add_rules(self, countries: frozenset[str]) -> None:
        for kind, pattern, neutral in RULES:
            for match in pattern.finditer(self.text):
                name = "found" if "found" in pattern.groupindex and match["found"] else 0
                if usable(kind, match[name], countries):
                    self.add(*match.span(name), kind, neutral(match[name]))

    def add_phones(self, region: str | None) -> None:
        for at, end in _phones(self.text, region):
            self.add(at, end, "phone", "[phone number]")

    def add_cities(self, countries: frozenset[str]) -> None:
        for match in regex.finditer(rf"(?<![\p{{L}}]){CAPITAL}(?: {CAPITAL})?", self.text):
            whole = match.group()
            for part in (whole, whole.split()[0]):
                if part in cities() and usable("place", part, countries):
                    self.add(match.start(), match.start() + len(part), "place", "[a town]")
                    break


def find(
    text: str,
    names: Iterable[KnownName] = (),
    *,
    countries: frozenset[str] = frozenset(),
    region: str | None = None,
) -> list[Finding]:
    """Return what may identify a person in `text`, in order and without overlap; the most certain finding
    wins.

    `names`: the private names that are known; `countries`: names of countries, case-folded, which may stay;
    `region`: the country (ISO 3166) whose phone numbers are recognised without a country code.
    """
    search = _Search(text)
    search.add_names(names)
    search.add_rules(countries)
    search.add_phones(region)
    search.add_cities(countries)
    return sorted(search.found, key=lambda finding: finding.at)


def replaced(text: str, findings: Iterable[Finding]) -> str:
    """Return `text` with each finding replaced by its neutral form."""
    out, position = "", 0
    for finding in sorted(findings, key=lambda finding: finding.at):
        out += text[position : finding.at] + finding.neutral
        position = finding.end
    return out + text[position:]
