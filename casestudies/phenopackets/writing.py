"""Writes a case study as a Phenopacket: from the page, and from the record if the case was imported. Pure.

Two packets can be made. The public one is made of typed fields only (`allowed`): terms, ages, numbers, with
an id of this site. What an editor took off the page is not in it, nor any words, date, id or file of the
source. Entries of the timeline are words and have no term, so none of them is a phenotypic feature; harms are
adverse events of a medical action, values are measurements. The whole one, for the site's own staff, is the
record as it came, with what the page knows better.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from casestudies.phenopackets import SCHEMA_VERSION
from casestudies.phenopackets.allowed import RESOURCE, VITAL_STATUS, public_part
from casestudies.phenopackets.cleaning import clean_time
from casestudies.phenopackets.facts import CaseFacts, Given, Measured
from casestudies.phenopackets.parser import DECEASED, DIED, PLACES
from casestudies.phenopackets.times import duration_of

Term = dict[str, str]
SEXES = {"female": "FEMALE", "male": "MALE", "other": "OTHER_SEX"}
LOCAL = "FIRSTHAND"

_RESOURCES = {
    "HP": ("hp", "human phenotype ontology", "http://purl.obolibrary.org/obo/hp.owl", "http://purl.obolibrary.org/obo/HP_"),
    "DOID": ("doid", "Human Disease Ontology", "http://purl.obolibrary.org/obo/doid.owl", "http://purl.obolibrary.org/obo/DOID_"),
    "ORPHA": ("orpha", "Orphanet", "https://www.orpha.net", "https://www.orpha.net/en/disease/detail/"),
    "MESH": ("mesh", "Medical Subject Headings", "https://meshb.nlm.nih.gov", "https://meshb.nlm.nih.gov/record/ui?ui="),
    "ICD10CM": ("icd10cm", "ICD-10-CM", "https://icd10cmtool.cdc.gov", "https://icd10cmtool.cdc.gov/?query="),
    "NCIT": ("ncit", "NCI Thesaurus", "http://purl.obolibrary.org/obo/ncit.owl", "http://purl.obolibrary.org/obo/NCIT_"),
}  # fmt: skip


def public(facts: CaseFacts) -> dict[str, Any]:
    """The packet that readers may save."""
    packet: dict[str, Any] = {"id": facts.id, "subject": _subject(facts) | _vital_status(facts)}
    kept = {part for part in PLACES if facts.record.get(part) and facts.unchanged(part)}
    for part in kept:
        packet[part] = public_part(part, facts.record[part])
    _name_interpretations(facts, packet.get("interpretations", []))
    if "diseases" not in kept:
        packet["diseases"] = _diseases(facts)
    if "measurements" not in kept:
        packet["measurements"] = [_measurement(one) for one in facts.observations]
    if "medicalActions" not in kept:
        packet["medicalActions"] = [_action(one) for one in facts.treatments]
    packet = {name: value for name, value in packet.items() if value}
    packet["metaData"] = _meta(facts, packet)
    return packet


def _name_interpretations(facts: CaseFacts, interpretations: list[dict[str, Any]]) -> None:
    """Give interpretations and variants ids of this site: theirs may name the person."""
    for number, one in enumerate(interpretations, start=1):
        one["id"] = f"{facts.id}-interpretation-{number}"
        found = one.get("diagnosis", {}).get("genomicInterpretations", [])
        for place, about in enumerate(found, start=1):
            about["subjectOrBiosampleId"] = facts.id
            variant = about.get("variantInterpretation", {}).get("variationDescriptor")
            if variant is not None:
                variant["id"] = f"{one['id']}-variant-{place}"


def _vital_status(facts: CaseFacts) -> dict[str, Any]:
    """Return whether the patient has died, as far as the page still says so."""
    known = VITAL_STATUS((facts.record.get("subject") or {}).get("vitalStatus")) or {}
    if known.get("status") == "DECEASED":
        words = [str(facts.now.get("demographics", ""))]
        words += [str(row.get("text", "")) for row in facts.now.get("timeline") or []]
        if not any(DIED in one or DECEASED in one for one in words):
            return {}
        if not any(DIED in one for one in words):
            known.pop("timeOfDeath", None)
    return {"vitalStatus": known} if "status" in known else {}


def whole(facts: CaseFacts) -> dict[str, Any]:
    """Return the record as it came, with the sex and the age of the page where an editor changed them.

    Not for the public: it may hold dates and identifiers. A case that was not imported as a Phenopacket has
    no more to say than its public packet.
    """
    if not facts.record:
        return public(facts)
    packet = copy.deepcopy(dict(facts.record))
    subject = _subject(facts)
    mine = packet.setdefault("subject", {})
    if facts.now.get("sex") != facts.imported.get("sex"):
        mine["sex"] = subject.get("sex", "UNKNOWN_SEX")
    if (
        facts.now.get("age_at_report") != facts.imported.get("age_at_report")
        and "timeAtLastEncounter" in subject
    ):
        mine["timeAtLastEncounter"] = subject["timeAtLastEncounter"]
    more = {"phenotypicFeatures": _features, "diseases": _diseases}
    for part, make in more.items():
        if not facts.unchanged(part):
            known = {_key(one) for one in packet.get(part, [])}
            packet[part] = [*packet.get(part, []), *(one for one in make(facts) if _key(one) not in known)]
    packet["measurements"] = [
        *packet.get("measurements", []),
        *(_measurement(one) for one in facts.observations),
    ]
    if not facts.unchanged("medicalActions"):
        packet["medicalActions"] = [
            *packet.get("medicalActions", []),
            *(_action(one) for one in facts.treatments),
        ]
    packet = {
        name: value for name, value in packet.items() if value not in ([], None) or name in facts.record
    }
    meta = _meta(facts, packet)
    mine = packet.setdefault("metaData", meta)
    known = {one.get("namespacePrefix") for one in mine.get("resources", [])}
    mine["resources"] = [
        *mine.get("resources", []),
        *(
            one
            for one in meta["resources"]
            if one["namespacePrefix"] not in known and not _uses(facts.record, one["namespacePrefix"])
        ),
    ]
    return packet


def _key(one: Mapping[str, Any]) -> str:
    return str((one.get("term") or one.get("type") or {}).get("id")) + str(one.get("description", ""))


def _subject(facts: CaseFacts) -> dict[str, Any]:
    subject: dict[str, Any] = {"id": facts.id, "sex": SEXES.get(facts.sex, "UNKNOWN_SEX")}
    if facts.age is not None:
        months = facts.age * 12
        if facts.record and facts.now.get("age_at_report") == facts.imported.get("age_at_report"):
            said = clean_time((facts.record.get("subject") or {}).get("timeAtLastEncounter"))
            if said:
                return subject | {"timeAtLastEncounter": said}
        subject["timeAtLastEncounter"] = {"age": {"iso8601duration": duration_of(months)}}
    return subject


def _local(kind: str, words: str) -> Term:
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80] or "unnamed"
    return {"id": f"{LOCAL}:{kind}-{slug}", "label": words}


def _diseases(facts: CaseFacts) -> list[dict[str, Any]]:
    terms = [{"id": id_, "label": label} for id_, label in facts.conditions]
    if not terms and facts.diagnosis:
        terms = [_local("diagnosis", facts.diagnosis)]
    return [{"term": term} for term in terms]


def _time(months: int, *, from_birth: bool) -> dict[str, Any]:
    """Return an age, or how long before or after the treatment: the age is not known to the month."""
    if from_birth:
        return {"age": {"iso8601duration": duration_of(months)}}
    side = "before" if months < 0 else "after"
    count = f"{abs(months)} month{'' if abs(months) == 1 else 's'}"
    label = f"{count} {side} treatment" if months else "at treatment"
    return {"ontologyClass": _local("time", label)}


def _features(facts: CaseFacts) -> list[dict[str, Any]]:
    """Return symptoms, outcomes and harms of the timeline in the page's words: for the site's staff only."""
    classes = {
        "symptom": {"id": "HP:0000118", "label": "Phenotypic abnormality"},
        "adverse": {"id": "NCIT:C41331", "label": "Adverse Event"},
        "outcome": {"id": "NCIT:C20200", "label": "Outcome"},
        "test": {"id": "NCIT:C18020", "label": "Diagnostic Procedure"},
    }
    return [
        {
            "type": classes[one.kind],
            "description": one.text,
            "onset": _time(one.months, from_birth=facts.from_birth),
        }
        for one in facts.timeline
        if one.kind in classes
    ]


def _measurement(one: Measured) -> dict[str, Any]:
    number = one.value.strip().replace(",", ".").replace("−", "-")
    made: dict[str, Any] = {"assay": _local("measure", one.measure)}
    if re.fullmatch(r"-?\d+(\.\d+)?", number):
        unit = _local("unit", one.unit) if one.unit else _local("unit", "not stated")
        made["value"] = {"quantity": {"unit": unit, "value": float(number)}}
    else:
        made["value"] = {"ontologyClass": {"id": f"{LOCAL}:level-{_slug(one.value)}", "label": one.value}}
    if one.months is not None:
        made["timeObserved"] = _time(one.months, from_birth=False)
    return made


def _slug(text: str) -> str:
    """'1-plus' of '1+': levels that differ by a sign are different levels."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("+", " plus")).strip("-") or "unnamed"


def _action(one: Given) -> dict[str, Any]:
    treatment: dict[str, Any] = {"agent": _local("treatment", ", ".join(filter(None, (one.kind, one.dose))))}
    if one.route:
        treatment["routeOfAdministration"] = _local("route", one.route)
    made: dict[str, Any] = {"treatment": treatment}
    harms = one.side_effects.strip()
    if harms and harms.casefold() != "none":
        made["adverseEvents"] = [_local("side-effect", harms)]
    return made


def _meta(facts: CaseFacts, packet: Mapping[str, Any]) -> dict[str, Any]:
    theirs = [
        one for one in (facts.record.get("metaData") or {}).get("resources", []) if isinstance(one, Mapping)
    ]
    resources = {
        str(one.get("namespacePrefix")): RESOURCE(one)
        for one in theirs
        if _uses(packet, str(one.get("namespacePrefix"))) and RESOURCE(one)
    }
    for prefix, (id_, name, url, iri) in _RESOURCES.items():
        if prefix not in resources and _uses(packet, prefix):
            resources[prefix] = {
                "id": id_,
                "name": name,
                "url": url,
                "version": "not stated",
                "namespacePrefix": prefix,
                "iriPrefix": iri,
            }
    if _uses(packet, LOCAL):
        resources[LOCAL] = {
            "id": LOCAL.lower(),
            "name": facts.created_by or "Firsthand",
            "url": facts.site_url,
            "version": "1",
            "namespacePrefix": LOCAL,
            "iriPrefix": f"{facts.site_url}#",
        }
    return {
        "created": facts.created,
        "createdBy": facts.created_by or "Firsthand",
        "resources": list(resources.values()),
        "phenopacketSchemaVersion": SCHEMA_VERSION,
        "externalReferences": [
            *({"id": id_, "description": text} for id_, text in facts.references),
            *(
                {"id": f"{LOCAL}:{name}", "reference": facts.site_url, "description": text}
                for name, text in facts.statements
            ),
        ],
    }


def _uses(value: Any, prefix: str) -> bool:
    """Whether any id below starts with `prefix:`."""
    if isinstance(value, Mapping):
        return any(
            (name in {"id", "valueId"} and isinstance(one, str) and one.startswith(f"{prefix}:"))
            or _uses(one, prefix)
            for name, one in value.items()
        )
    return isinstance(value, list) and any(_uses(one, prefix) for one in value)
