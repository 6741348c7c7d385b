"""What of an imported Phenopacket becomes public: typed fields, no words, no dates, no id of the source."""

from __future__ import annotations

import json

from casestudies.phenopackets.facts import Event
from casestudies.phenopackets.parser import read
from casestudies.phenopackets.writing import public, whole
from tests.casestudies.test_phenopackets import as_imported, facts, valid

SECRET = {
    "id": "MRN 4711",
    "subject": {
        "id": "MRN 4711",
        "alternateIds": ["SSN 123"],
        "dateOfBirth": "2016-05-04T00:00:00Z",
        "sex": "FEMALE",
        "timeAtLastEncounter": {"timestamp": "2024-02-29T00:00:00Z"},
    },
    "phenotypicFeatures": [
        {
            "type": {"id": "HP:0001251", "label": "Ataxia"},
            "description": "Seen by Dr Realname in Townsville",
            "onset": {"timestamp": "2018-03-02T00:00:00Z"},
            "evidence": [{"evidenceCode": {"id": "ECO:1", "label": "x"}, "reference": {"id": "chart 99"}}],
        },
        {"type": {"id": "HP:0000508", "label": "Ptosis"}, "onset": {"age": {"iso8601duration": "P2Y3M11D"}}},
    ],
    "measurements": [
        {
            "assay": {"id": "LOINC:1", "label": "Test"},
            "value": {"quantity": {"unit": {"id": "UO:1", "label": "mg"}, "value": 3}},
            "timeObserved": {"interval": {"start": "2019-01-07T00:00:00Z", "end": "2019-01-08T00:00:00Z"}},
            "procedure": {
                "code": {"id": "X:1", "label": "x"},
                "performed": {"timestamp": "2019-01-09T00:00:00Z"},
            },
        }
    ],
    "diseases": [
        {
            "term": {"id": "OMIM:206700", "label": "Gillespie syndrome"},
        }
    ],
    "interpretations": [
        {
            "id": "MRN 4711 exome",
            "progressStatus": "SOLVED",
            "summary": "Discussed with the mother in Townsville",
            "diagnosis": {
                "disease": {"id": "OMIM:206700", "label": "Gillespie syndrome"},
                "genomicInterpretations": [
                    {
                        "subjectOrBiosampleId": "MRN 4711",
                        "interpretationStatus": "CAUSATIVE",
                        "variantInterpretation": {
                            "variationDescriptor": {
                                "id": "var_1",
                                "label": "ITPR1 variant",
                                "description": "Found by Dr Realname in Townsville",
                                "geneContext": {"valueId": "HGNC:6180", "symbol": "ITPR1"},
                            }
                        },
                    }
                ],
            },
        }
    ],
    "files": [{"uri": "file:///hospital/4711.vcf"}],
    "metaData": {
        "created": "2024-03-01T09:00:00Z",
        "createdBy": "Dr Realname",
        "submittedBy": "Dr Realname",
        "resources": [],
        "phenopacketSchemaVersion": "2.0",
        "updates": [{"timestamp": "2024-03-02T09:00:00Z", "updatedBy": "Dr Realname"}],
    },
}


class TestPrivacy:
    def test_no_exact_date_id_or_name_of_the_source_leaves(self) -> None:
        made = json.dumps(public(as_imported(SECRET)))
        valid(json.loads(made))
        for secret in (
            "4711",
            "SSN",
            "2016-",
            "2018-",
            "2019-",
            "2024-",
            "Realname",
            "Townsville",
            "hospital",
            "11D",
            "chart",
        ):
            assert secret not in made, secret
        assert "Ataxia" in made
        assert "P2Y3M" in made

    def test_a_variant_leaves_without_its_description_and_with_the_id_of_the_page(self) -> None:
        made = public(as_imported(SECRET))
        found = made["interpretations"][0]["diagnosis"]["genomicInterpretations"][0]
        assert found["subjectOrBiosampleId"] == made["id"] == "Returning Hope RH-CS-014"
        about = found["variantInterpretation"]["variationDescriptor"]
        assert about == {
            "id": f"{made['id']}-interpretation-1-variant-1",
            "geneContext": {"valueId": "HGNC:6180", "symbol": "ITPR1"},
        }
        assert made["interpretations"][0]["id"] == "Returning Hope RH-CS-014-interpretation-1"

    def test_the_whole_one_keeps_them_for_staff(self) -> None:
        assert whole(as_imported(SECRET)) == SECRET

    def test_what_an_editor_took_off_the_page_is_not_in_the_public_packet(self) -> None:
        edited = as_imported(SECRET, clinical_findings="<p>Ataxia only.</p>", timeline=[])
        assert "Ptosis" not in json.dumps(public(edited))

    def test_what_an_editor_wrote_is_in_both_but_no_words_are_public(self) -> None:
        rows = [*read(SECRET).tables["timeline"], {"months": 36, "kind": "symptom", "text": "Walks alone."}]
        edited = as_imported(SECRET, timeline=rows, sex="male")
        for packet in (public(edited), whole(edited)):
            valid(packet)
            assert packet["subject"]["sex"] == "MALE"
        assert "Walks alone." in json.dumps(whole(edited))
        assert "Walks alone." not in json.dumps(public(edited))

    def test_no_words_of_the_source_leave_however_deep_they_lie(self) -> None:
        """What may leave is a list of typed fields; an unknown field and a sentence in a known one stay."""
        packet = {
            **SECRET,
            "phenotypicFeatures": [
                {
                    "type": {"id": "HP:0001251", "label": "Ataxia", "description": "as her mother says"},
                    "severity": {"id": "HP:0012828", "label": "Severe", "comment": "as her mother says"},
                    "modifiers": [{"id": "as her mother says", "label": "as her mother says"}],
                    "onset": {
                        "ontologyClass": {"id": "HP:1", "label": "Onset", "notes": "as her mother says"}
                    },
                    "note": "as her mother says",
                }
            ],
            "interpretations": [
                {
                    "id": "MRN 4711",
                    "progressStatus": "as her mother says",
                    "diagnosis": {
                        "disease": {"id": "OMIM:206700", "label": "Gillespie syndrome"},
                        "genomicInterpretations": [
                            {
                                "subjectOrBiosampleId": "MRN 4711",
                                "interpretationStatus": "CAUSATIVE",
                                "variantInterpretation": {
                                    "variationDescriptor": {
                                        "id": "MRN-4711-var",
                                        "label": "as her mother says",
                                        "expressions": [
                                            {"syntax": "hgvs.c", "value": "NM_1.1:c.7786_7788del"},
                                            {"syntax": "hgvs.p", "value": "as her mother says"},
                                        ],
                                        "extensions": [{"name": "x", "value": "as her mother says"}],
                                    }
                                },
                            }
                        ],
                    },
                }
            ],
        }
        made = public(as_imported(packet))
        assert "mother" not in json.dumps(made)
        assert "4711" not in json.dumps(made)
        assert "NM_1.1:c.7786_7788del" in json.dumps(made)
        assert made["phenotypicFeatures"][0]["severity"] == {"id": "HP:0012828", "label": "Severe"}

    def test_a_patient_who_has_died_is_deceased_while_the_page_says_so(self) -> None:
        died = {
            "status": "DECEASED",
            "timeOfDeath": {"age": {"iso8601duration": "P6Y3M4D"}},
            "survivalTimeInDays": 9,
        }
        packet = {**SECRET, "subject": {"id": "MRN 4711", "vitalStatus": died}}
        made = public(as_imported(packet))
        valid(made)
        assert made["subject"]["vitalStatus"] == {
            "status": "DECEASED",
            "timeOfDeath": {"age": {"iso8601duration": "P6Y3M"}},
        }
        assert "vitalStatus" not in public(as_imported(packet, timeline=[]))["subject"]
        undated = {**SECRET, "subject": {"vitalStatus": {"status": "DECEASED"}}}
        assert public(as_imported(undated))["subject"]["vitalStatus"] == {"status": "DECEASED"}

    def test_an_event_is_not_a_phenotypic_feature(self) -> None:
        made = public(facts(timeline=[Event(-3, "symptom", "Stroke."), Event(2, "outcome", "Walks.")]))
        assert "phenotypicFeatures" not in made
        assert "Stroke" not in json.dumps(made)

    def test_a_very_old_patient_is_90(self) -> None:
        packet = {**SECRET, "subject": {"timeAtLastEncounter": {"age": {"iso8601duration": "P96Y"}}}}
        assert read(packet).fields["age_at_report"] == 90
        assert public(as_imported(packet))["subject"]["timeAtLastEncounter"] == {
            "age": {"iso8601duration": "P90Y"}
        }
