"""Searches words for what may identify a person. Pure: it warns with a reason and a neutral form, and alters nothing."""

from __future__ import annotations

from collections.abc import Iterable

import phonenumbers
import regex

from deidentification.identifiers.kinds import REASONS, Finding, Kind, KnownName
from deidentification.identifiers.rules import CAPITAL, RULES, usable
from deidentification.identifiers.words import cities


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

    `names` are the private names that are known; `countries` are names of countries, case-folded, which may
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
                f"Real name of {known.role}, {known.source}" if known.role else f"Real name, {known.source}"
            )
            for match in regex.finditer(
                rf"(?<![\p{{L}}\p{{M}}]){regex.escape(part)}(?![\p{{L}}\p{{M}}])", text
            ):
                put(match.start(), match.end(), "name", known.neutral, role)
    for kind, pattern, neutral in RULES:
        for match in pattern.finditer(text):
            name = "found" if "found" in pattern.groupindex and match["found"] else 0
            if usable(kind, match[name], countries):
                put(*match.span(name), kind, neutral(match[name]))
    for at, end in _phones(text, region):
        put(at, end, "phone", "[phone number]")
    for match in regex.finditer(rf"(?<![\p{{L}}]){CAPITAL}(?: {CAPITAL})?", text):
        whole = match.group()
        for part in (whole, whole.split()[0]):
            if part in cities() and usable("place", part, countries):
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
