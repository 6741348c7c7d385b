"""A Phenopacket as a case study: what has a place on the page, the rest stays in the record. Pure.

Without a treatment there is nothing to count months from but birth, so the timeline counts ages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from casestudies.importing.records import CaseRecord, Refused, names_of_systems
from casestudies.phenopackets.times import OLDEST, age_months, onset_in_words

SEXES = {"FEMALE": "female", "MALE": "male", "OTHER_SEX": "other"}
# Parts of a packet that have a place on the page, by the page's fields and tables: phenopackets.writing asks,
# too.
PLACES: dict[str, tuple[str, ...]] = {
    "phenotypicFeatures": ("clinical_findings", "timeline"),
    "diseases": ("diagnosis", "timeline"),
    "interpretations": ("diagnostic_reasoning",),
    "measurements": ("diagnostic_methods", "timeline"),
    "medicalActions": ("intervention", "treatments_given", "adverse_events"),
}
LONGEST_ENTRY = 600
# How the page says that the patient has died: phenopackets.writing looks for it.
DIED = "Died."
DECEASED = "Deceased at the time of the report."


def is_phenopacket(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and "metaData" in value
        and ("subject" in value or "phenotypicFeatures" in value)
    )


def read(packet: Any) -> CaseRecord:
    """The case in one packet, as JSON gives it.

    Raises Refused with the part that is not as the schema wants it.
    """
    if not isinstance(packet, Mapping):
        raise Refused("A Phenopacket is a JSON object.")
    id_ = packet.get("id")
    if not isinstance(id_, str) or not id_.strip():
        raise Refused("The Phenopacket has no ‘id’: without one a second import could not know it again.")
    if len(id_) > 200:
        raise Refused("The ‘id’ is longer than 200 characters.")
    record = CaseRecord(external_id=id_.strip(), format="phenopacket", source_record=dict(packet))
    subject = {} if packet.get("subject") is None else packet["subject"]
    if not isinstance(subject, Mapping):
        raise Refused("‘subject’ must be an object.")
    record.fields["timeline_from"] = "birth"
    _subject(record, subject)
    _diseases(record, _objects(packet, "diseases"))
    _features(record, _objects(packet, "phenotypicFeatures"))
    _interpretations(record, _objects(packet, "interpretations"))
    _measurements(record, _objects(packet, "measurements"))
    _actions(record, _objects(packet, "medicalActions"))
    _references(record, packet.get("metaData"))
    name = record.fields.get("diagnosis") or "an undiagnosed condition"
    record.put("title", f"{name}: a case report", 200)
    record.tables.get("timeline", []).sort(key=lambda row: row["months"])
    left = sorted(set(packet) - {"id", "subject", "metaData", *PLACES})
    if left:
        record.remarks.append(f"No place on the page, kept with the record: {', '.join(left)}.")
    return record


def _objects(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = [] if value.get(name) is None else value[name]
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Refused(f"‘{name}’ must be a list of objects.")
    return found


def _term(value: Any) -> tuple[str, str]:
    """(id, label) of an OntologyClass, ('', '') of anything else."""
    if not isinstance(value, Mapping):
        return "", ""
    return str(value.get("id") or ""), str(value.get("label") or "")


def _subject(record: CaseRecord, subject: Mapping[str, Any]) -> None:
    record.fields["sex"] = SEXES.get(str(subject.get("sex")), "")
    months = age_months(subject.get("timeAtLastEncounter"))
    if months is not None:
        record.fields["age_at_report"] = min(months // 12, OLDEST)
    vital = subject.get("vitalStatus")
    if isinstance(vital, Mapping) and vital.get("status") == "DECEASED":
        when = age_months(vital.get("timeOfDeath"))
        if when is None:
            record.put_paragraphs("demographics", [DECEASED])
        else:
            _entry(record, when, "outcome", DIED)


def _entry(record: CaseRecord, months: int, kind: str, text: str) -> None:
    if len(text) > LONGEST_ENTRY:
        record.remarks.append("An entry of the timeline was cut; the whole is kept with the record.")
    record.add("timeline", months=min(months, OLDEST * 12), kind=kind, text=text[:LONGEST_ENTRY], source="")


def _diseases(record: CaseRecord, diseases: Iterable[Mapping[str, Any]]) -> None:
    labels = []
    for disease in diseases:
        id_, label = _term(disease.get("term"))
        if disease.get("excluded"):
            record.put_paragraphs("diagnostic_reasoning", [f"Considered and excluded: {label or id_}."])
            continue
        labels.append(label or id_)
        record.names += [label] if label else []
        if known := names_of_systems(id_):
            record.codes.append(known)
        months = age_months(disease.get("onset"))
        if months is not None:
            _entry(record, months, "symptom", f"Onset of {label or id_}.")
        elif words := onset_in_words(disease.get("onset")):
            record.put_paragraphs("history", [f"{label or id_}: {words}."])
    record.put("diagnosis", "; ".join(labels), 200)


def _features(record: CaseRecord, features: Iterable[Mapping[str, Any]]) -> None:
    seen: list[str] = []
    absent: list[str] = []
    dated: dict[int, list[str]] = {}
    for feature in features:
        _id, label = _term(feature.get("type"))
        label = label or _id
        if not label:
            continue
        if feature.get("excluded"):
            absent.append(label)
            continue
        about = [_term(one)[1] for one in (feature.get("severity"), *(feature.get("modifiers") or []))]
        words = label + "".join(f", {part.lower()}" for part in about if part)
        months = age_months(feature.get("onset"))
        if months is not None:
            dated.setdefault(months, []).append(words)
        elif onset := onset_in_words(feature.get("onset")):
            words = f"{words} ({onset})"
        seen.append(words)
    record.put_list("clinical_findings", seen, "Found:")
    record.put_list("clinical_findings", absent, "Looked for and not found:")
    for months, found in sorted(dated.items()):
        text = "; ".join(found)
        while text:
            cut = text if len(text) <= LONGEST_ENTRY else text[:LONGEST_ENTRY].rsplit("; ", 1)[0]
            _entry(record, months, "symptom", cut)
            text = text[len(cut) :].removeprefix("; ")


def _interpretations(record: CaseRecord, interpretations: Iterable[Mapping[str, Any]]) -> None:
    for one in interpretations:
        diagnosis = one.get("diagnosis")
        if not isinstance(diagnosis, Mapping):
            continue
        id_, label = _term(diagnosis.get("disease"))
        lines = [_variant(found) for found in _objects(diagnosis, "genomicInterpretations")]
        about = f"Diagnosis: {label or id_}" + (f" ({id_})." if label and id_ else ".")
        record.put_paragraphs("diagnostic_reasoning", [about])
        record.put_list("diagnostic_reasoning", [line for line in lines if line])


def _variant(found: Mapping[str, Any]) -> str:
    """'ITPR1: NM_001378452.1:c.7786_7788del, heterozygous (causative)', as far as it is said."""
    interpretation = found.get("variantInterpretation")
    about = interpretation.get("variationDescriptor") if isinstance(interpretation, Mapping) else None
    if not isinstance(about, Mapping):
        return ""
    gene = about.get("geneContext")
    symbol = str(gene.get("symbol") or "") if isinstance(gene, Mapping) else ""
    ways = {
        str(one.get("syntax")): str(one.get("value"))
        for one in about.get("expressions") or []
        if isinstance(one, Mapping)
    }
    variant = (
        ways.get("hgvs.c")
        or ways.get("hgvs.g")
        or next(iter(ways.values()), "")
        or str(about.get("label") or "")
    )
    state = _term(about.get("allelicState"))[1]
    status = str(found.get("interpretationStatus") or "").lower().replace("_", " ")
    named = ": ".join(part for part in (symbol, variant) if part)
    return ", ".join(part for part in (named, state) if part) + (f" ({status})" if status else "")


def _measurements(record: CaseRecord, measurements: Iterable[Mapping[str, Any]]) -> None:
    undated = []
    for one in measurements:
        id_, assay = _term(one.get("assay"))
        words = f"{assay or id_}: {_value(one.get('value'))}"
        months = age_months(one.get("timeObserved"))
        if months is None:
            undated.append(words)
        else:
            _entry(record, months, "test", words)
    record.put_list("diagnostic_methods", undated)


def _value(value: Any) -> str:
    if not isinstance(value, Mapping):
        return "no value stated"
    quantity = value.get("quantity")
    if isinstance(quantity, Mapping):
        unit = _term(quantity.get("unit"))[1]
        return f"{quantity.get('value', '')} {unit}".strip()
    _id, label = _term(value.get("ontologyClass"))
    return label or _id or "see the record"


def _actions(record: CaseRecord, actions: Iterable[Mapping[str, Any]]) -> None:
    for one in actions:
        treatment, procedure = one.get("treatment"), one.get("procedure")
        if isinstance(treatment, Mapping):
            kind = _term(treatment.get("agent"))
            route = _term(treatment.get("routeOfAdministration"))[1]
            doses = [
                _dose(dose) for dose in treatment.get("doseIntervals") or [] if isinstance(dose, Mapping)
            ]
            row = {"dose": "; ".join(filter(None, doses))[:120], "route": route[:120]}
        elif isinstance(procedure, Mapping):
            kind, row = _term(procedure.get("code")), {"dose": "", "route": ""}
        else:
            record.remarks.append(
                "A medical action of a kind that has no place on the page is kept with the record."
            )
            continue
        label = kind[1] or kind[0]
        harms = [_term(event)[1] or _term(event)[0] for event in one.get("adverseEvents") or []]
        record.add("treatments_given", day=None, kind=label[:160], side_effects="; ".join(harms)[:300], **row)
        record.put_paragraphs("adverse_events", [f"{label}: {'; '.join(harms)}"] if harms else [])
        record.treatments.append(label)


def _dose(dose: Mapping[str, Any]) -> str:
    return _value({"quantity": dose["quantity"]}) if isinstance(dose.get("quantity"), Mapping) else ""


def _references(record: CaseRecord, meta: Any) -> None:
    found = meta.get("externalReferences") if isinstance(meta, Mapping) else None
    for one in found if isinstance(found, list) else []:
        if not isinstance(one, Mapping):
            continue
        id_, text = str(one.get("id") or ""), str(one.get("description") or "")
        row = {"text": (text or id_)[:600], "doi": "", "pmid": ""}
        system, _colon, code = id_.partition(":")
        if system.upper() == "PMID" and code.isdigit() and len(code) <= 9:
            row["pmid"] = code
        elif system.upper() == "DOI" and code.startswith("10."):
            row["doi"] = code[:200]
        if row["text"]:
            record.add("references", **row)
