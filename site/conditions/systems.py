"""The code systems a term may carry codes of, what a code looks like in each, and where it links to. Pure.

Only identifiers are held, never a system's own texts: MeSH and ICD-11 may be linked but not shipped,
SNOMED CT may not be used without a licence and is therefore absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote


class CodeError(ValueError):
    """A code that its system cannot hold; the message says what was expected."""


@dataclass(frozen=True)
class CodeSystem:
    """`pattern` is matched against the whole code; `link` is filled with the code, quoted for an address."""

    key: str
    label: str
    pattern: re.Pattern[str]
    example: str
    link: str
    prefixes: tuple[str, ...] = ()
    # An identifying code names one disease; a classifying code names a drawer that several share.
    identifies: bool = False


SYSTEMS: dict[str, CodeSystem] = {
    system.key: system
    for system in (
        CodeSystem(
            key="icd10cm",
            label="ICD-10-CM",
            pattern=re.compile(r"[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?"),
            example="G80.1",
            link="https://icd10cmtool.cdc.gov/?query={code}",
            prefixes=("ICD10CM:", "ICD-10-CM:", "ICD10:"),
        ),
        CodeSystem(
            key="icd11",
            label="ICD-11",
            pattern=re.compile(r"[0-9A-HJ-NP-Z][A-HJ-NP-Z][0-9][0-9A-HJ-NP-Z](\.[0-9A-HJ-NP-Z]{1,2})?"),
            example="8D20.10",
            link="https://icd.who.int/browse/latest-release/mms/en#{code}",
            prefixes=("ICD11:", "ICD-11:"),
        ),
        CodeSystem(
            key="mesh",
            label="MeSH",
            pattern=re.compile(r"[CD][0-9]{6}([0-9]{3})?"),
            example="D002547",
            link="https://meshb.nlm.nih.gov/record/ui?ui={code}",
            prefixes=("MESH:", "MSH:"),
            identifies=True,
        ),
        CodeSystem(
            key="doid",
            label="DOID",
            pattern=re.compile(r"DOID:[0-9]{1,7}"),
            example="DOID:1969",
            link="https://disease-ontology.org/?id={code}",
            identifies=True,
        ),
        CodeSystem(
            key="orpha",
            label="ORPHA",
            pattern=re.compile(r"[0-9]{1,6}"),
            example="98896",
            link="https://www.orpha.net/en/disease/detail/{code}",
            prefixes=("ORPHA:", "ORPHANET:", "ORDO:", "ORPHA"),
            identifies=True,
        ),
    )
}


def normalise(system: str, code: str) -> str:
    """`code` as it is stored: upper case, without the system's own prefix (DOID keeps its prefix).

    Raises CodeError when the system is unknown or the code has not its shape.
    """
    try:
        known = SYSTEMS[system]
    except KeyError:
        raise CodeError(
            f"“{system}” is not a code system we know. Known are: {', '.join(SYSTEMS)}."
        ) from None
    tidy = "".join(code.split()).upper()
    for prefix in known.prefixes:
        if tidy.startswith(prefix):
            tidy = tidy[len(prefix) :]
            break
    if system == "doid" and tidy.isascii() and tidy.isdigit():
        tidy = f"DOID:{tidy}"
    if not known.pattern.fullmatch(tidy):
        raise CodeError(
            f"“{code.strip()}” does not look like {known.label}: a code there looks like {known.example}."
        )
    return tidy


def link(system: str, code: str) -> str:
    """The public page about a code, or "" when the system is unknown."""
    known = SYSTEMS.get(system)
    return known.link.format(code=quote(code, safe=":")) if known else ""
