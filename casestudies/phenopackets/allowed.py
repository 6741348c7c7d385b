"""What of an imported Phenopacket may become public: a list of typed fields. Pure.

A field that is not listed here is left out, whatever a later version of the schema calls it. Listed are terms
of ontologies (id and label), ages, numbers, flags, values of enumerations, and variants in notations without
blanks. No free text is listed, no date, no file, and no id of the source. Fields are those of Phenopacket
Schema 2.0 (GA4GH; ISO 4454:2022).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from casestudies.phenopackets.cleaning import clean_time

# Returns a value that may leave, None for one that may not.
Keep = Callable[[Any], Any]
_EMPTY: tuple[Any, ...] = ({}, [], None)
LONGEST_LABEL = 200


def fields(**kept: Keep) -> Keep:
    """Return a rule for an object: the fields named, each by its rule; the others are left out."""

    def keep(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return None
        found = {name: rule(value[name]) for name, rule in kept.items() if name in value}
        return {name: one for name, one in found.items() if one not in _EMPTY} or None

    return keep


def each(rule: Keep) -> Keep:
    """Return a rule for a list: what is left of its entries."""

    def keep(value: Any) -> Any:
        return [one for one in map(rule, value) if one not in _EMPTY] if isinstance(value, list) else None

    return keep


def text(pattern: str) -> Keep:
    """Return a rule for a string that fits a pattern completely."""
    known = re.compile(pattern)
    return lambda value: value if isinstance(value, str) and known.fullmatch(value) else None


def _flag(value: Any) -> bool | None:
    return value if value is True else None


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: Any) -> Any:
    """A position: in JSON, 64-bit numbers may be text."""
    return value if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None


CURIE = text(r"[A-Za-z][A-Za-z0-9_.-]{0,30}:[^\s]{1,80}")


def term(value: Any) -> dict[str, str] | None:
    """Return an OntologyClass with its id and its label."""
    if not isinstance(value, Mapping) or CURIE(value.get("id")) is None:
        return None
    label = value.get("label")
    return {"id": value["id"]} | ({"label": label[:LONGEST_LABEL]} if isinstance(label, str) else {})


ENUM = text(r"[A-Z][A-Z0-9_]{1,60}")
# A variant, a gene symbol, an assembly: never a sentence.
NOTATION = text(r"[^\s]{1,300}")
QUANTITY = fields(unit=term, value=_number, referenceRange=fields(unit=term, low=_number, high=_number))
VARIATION = fields(
    label=NOTATION,
    geneContext=fields(valueId=CURIE, symbol=NOTATION),
    expressions=each(fields(syntax=NOTATION, value=NOTATION, version=NOTATION)),
    vcfRecord=fields(genomeAssembly=NOTATION, chrom=NOTATION, pos=_whole, ref=NOTATION, alt=NOTATION),
    moleculeContext=ENUM,
    structuralType=term,
    allelicState=term,
)
PARTS: Mapping[str, Keep] = {
    "phenotypicFeatures": fields(
        type=term, excluded=_flag, severity=term, modifiers=each(term), onset=clean_time,
        resolution=clean_time,
    ),
    "diseases": fields(
        term=term, excluded=_flag, onset=clean_time, resolution=clean_time, diseaseStage=each(term),
        clinicalTnmFinding=each(term), primarySite=term, laterality=term,
    ),
    "interpretations": fields(
        progressStatus=ENUM,
        diagnosis=fields(
            disease=term,
            genomicInterpretations=each(
                fields(
                    interpretationStatus=ENUM,
                    gene=fields(valueId=CURIE, symbol=NOTATION),
                    variantInterpretation=fields(
                        acmgPathogenicityClassification=ENUM,
                        therapeuticActionability=ENUM,
                        variationDescriptor=VARIATION,
                    ),
                )
            ),
        ),
    ),
    "measurements": fields(
        assay=term,
        value=fields(
            quantity=QUANTITY,
            ontologyClass=term,
            complexValue=fields(typedQuantities=each(fields(type=term, quantity=QUANTITY))),
        ),
        timeObserved=clean_time,
    ),
    "medicalActions": fields(
        procedure=fields(code=term, bodySite=term, performed=clean_time),
        treatment=fields(
            agent=term,
            routeOfAdministration=term,
            doseIntervals=each(fields(quantity=QUANTITY, scheduleFrequency=term)),
            drugType=ENUM,
            cumulativeDose=QUANTITY,
        ),
        treatmentTarget=term, treatmentIntent=term, responseToTreatment=term, adverseEvents=each(term),
        treatmentTerminationReason=term,
    ),
}  # fmt: skip
RESOURCE = fields(
    id=NOTATION,
    name=text(r"[^\n]{1,120}"),
    url=text(r"https?://[^\s]{1,300}"),
    version=text(r"[^\n]{1,60}"),
    namespacePrefix=NOTATION,
    iriPrefix=text(r"https?://[^\s]{1,300}"),
)
VITAL_STATUS = fields(status=text("ALIVE|DECEASED"), timeOfDeath=clean_time, causeOfDeath=term)


def public_part(part: str, entries: Any) -> list[dict[str, Any]]:
    """Return the entries of one part of a record as they may become public."""
    found = each(PARTS[part])(entries)
    return found if isinstance(found, list) else []
