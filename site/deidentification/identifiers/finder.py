"""Searches text for identifiers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import regex

from deidentification.identifiers.kinds import REASONS, Finding, Kind, KnownName
from deidentification.identifiers.letters import legible
from deidentification.identifiers.names import found_names
from deidentification.identifiers.numbers import as_known, phones_in
from deidentification.identifiers.places import CAPITAL
from deidentification.identifiers.rules import RULES, usable
from deidentification.identifiers.words import cities

FEWEST_DIGITS = 5  # of a known number


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
        words = []
        for known in names:
            digits = "".join(char for char in known.name if char.isdigit())
            if len(digits) >= FEWEST_DIGITS and not any(char.isalpha() for char in known.name):
                for match in as_known(digits).finditer(self.text):
                    kind: Kind = "date" if known.kind == "date" else "record"
                    self.add(*match.span(), kind, known.neutral, _reason(known))
            else:
                words.append(known)
        for at, end, known in found_names(self.text, words):
            self.add(at, end, known.kind, known.neutral, _reason(known))

    def add_rules(self, countries: frozenset[str]) -> None:
        for kind, pattern, neutral, needed in RULES:
            for match in pattern.finditer(self.text) if needed.search(self.text) else ():
                name = "found" if "found" in pattern.groupindex and match["found"] else 0
                if usable(kind, match[name], countries):
                    self.add(*match.span(name), kind, neutral(match[name]))

    def add_phones(self, region: str | None) -> None:
        for at, end in phones_in(self.text, region):
            self.add(at, end, "phone", "[phone number]")

    def add_cities(self, countries: frozenset[str]) -> None:
        for match in regex.finditer(rf"(?<![\p{{L}}]){CAPITAL}(?: {CAPITAL})?", self.text):
            whole = match.group()
            for part in (whole, whole.split()[0]):
                if part in cities() and usable("place", part, countries):
                    self.add(match.start(), match.start() + len(part), "place", "[a town]")
                    break


def _reason(known: KnownName) -> str:
    role = f" of {known.role}" if known.role else ""
    return f"Real name{role}, {known.source}"


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
    plain, positions = legible(text)
    search = _Search(plain)
    names = list(names)
    search.add_names(known for known in names if known.kind != "date")
    search.add_rules(countries)
    # A month of birth is a part of a whole date, which a rule finds.
    search.add_names(known for known in names if known.kind == "date")
    search.add_phones(region)
    search.add_cities(countries)
    found = sorted(search.found, key=lambda finding: finding.at)
    return [_placed(one, text, positions) for one in found]


def _placed(finding: Finding, text: str, positions: list[int] | None) -> Finding:
    """Return a finding with its position and words in the text as it was given."""
    at, end = finding.at, finding.end
    if positions is not None:
        at, end = positions[at], positions[end - 1] + 1
    return replace(finding, at=at, end=end, text=text[at:end])


def replaced(text: str, findings: Iterable[Finding]) -> str:
    """Return `text` with each finding replaced by its neutral form."""
    out, position = "", 0
    for finding in sorted(findings, key=lambda finding: finding.at):
        out += text[position : finding.at] + finding.neutral
        position = finding.end
    return out + text[position:]
