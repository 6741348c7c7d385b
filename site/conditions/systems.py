"""The code systems that terms may have codes in, the format of their codes, and their links. Pure.

Only codes are stored, never a system's own texts: MeSH and ICD-11 may be linked but not shipped. SNOMED CT is
missing because it needs a licence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from uploads.errors import EditorError


class CodeError(EditorError):
    """A code in the wrong format; the message says what was expected."""


@dataclass(frozen=True)
class CodeSystem:
    """A code system. `pattern` must match the whole code; `link` has a gap for the code, quoted for a URL."""

    key: str
    label: str
    pattern: re.Pattern[str]
    example: str
    link: str
    prefixes: tuple[str, ...] = ()
    # An identifying code names one disease; a classifying code names a group of them.
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
    """Return `code` as it is stored: upper case, without the system's own prefix (DOID keeps its prefix).

    Raises CodeError when the system is unknown or the code has the wrong format.
    """
    try:
        known = SYSTEMS[system]
    except KeyError:
        raise CodeError(f"“{system}” is not a known code system. Use one of: {', '.join(SYSTEMS)}.") from None
    tidy = "".join(code.split()).upper()
    for prefix in known.prefixes:
        if tidy.startswith(prefix):
            tidy = tidy[len(prefix) :]
            break
    if system == "doid" and tidy.isascii() and tidy.isdigit():
        tidy = f"DOID:{tidy}"
    if not known.pattern.fullmatch(tidy):
        raise CodeError(
            f"“{code.strip()}” is not a {known.label} code. A code in that system looks like {known.example}."
        )
    return tidy


def link(system: str, code: str) -> str:
    """Return the address of the public page about a code; "" when the system is unknown."""
    known = SYSTEMS.get(system)
    return known.link.format(code=quote(code, safe=":")) if known else ""
