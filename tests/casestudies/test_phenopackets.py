"""Phenopackets in and out: the published ones, against the schema's own protobuf classes."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, Parse
from hypothesis import given
from hypothesis import strategies as st
from phenopackets import Phenopacket

from casestudies.importing.records import Refused
from casestudies.phenopackets import times
from casestudies.phenopackets.facts import CaseFacts, Event, Given, Measured
from casestudies.phenopackets.parser import read
from casestudies.phenopackets.writing import public, whole

SMALL = Path(__file__).parent / "data" / "phenopackets"


def packets(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def valid(packet: dict[str, Any]) -> Phenopacket:
    """The packet as the schema reads it: unknown fields and wrong types are errors."""
    return Parse(json.dumps(packet), Phenopacket())


def facts(**more: Any) -> CaseFacts:
    return CaseFacts(
        **{
            "id": "Returning Hope RH-CS-014",
            "created": "2026-04-08T12:00:00Z",
            "created_by": "Returning Hope",
            "site_url": "https://example.org/case/",
            **more,
        }
    )


def as_imported(packet: dict[str, Any], **edited: Any) -> CaseFacts:
    """The facts of a page just imported from `packet`, `edited` by field since."""
    record = read(packet)
    written = {**record.fields, **record.tables}
    now = {**written, **edited}
    return facts(
        sex=now.get("sex", ""),
        age=now.get("age_at_report"),
        from_birth=True,
        diagnosis=now.get("diagnosis", ""),
        timeline=[Event(row["months"], row["kind"], row["text"]) for row in now.get("timeline", [])],
        record=packet,
        imported=written,
        now=now,
    )


class TestTimes:
    @pytest.mark.parametrize(
        ("duration", "months"),
        [("P2Y", 24), ("P3Y6M", 42), ("P21D", 0), ("P2M14D", 2), ("P0Y3M", 3), ("P40W", 9), ("P1DT12H", 0)],
    )
    def test_reads_durations(self, duration: str, months: int) -> None:
        assert times.months_of(duration) == months

    @pytest.mark.parametrize("junk", ["", "P", "2Y", "P-2Y", "PY", "P2Y3", "p2y", "P99999999999Y"])
    def test_refuses_what_is_none(self, junk: str) -> None:
        with pytest.raises(ValueError, match="duration"):
            times.months_of(junk)

    @given(st.integers(0, 90 * 12 - 1))
    def test_writes_what_it_reads(self, months: int) -> None:
        assert times.months_of(times.duration_of(months)) == months

    @given(st.integers(90 * 12, 200 * 12))
    def test_no_age_over_89_leaves(self, months: int) -> None:
        assert times.duration_of(months) == "P90Y"


class TestReading:
    def test_age_sex_condition_and_dated_findings_have_their_place(self) -> None:
        record = read(
            {
                "id": "A 1",
                "subject": {"id": "Patient 1", "sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P6Y9M"}}},
                "phenotypicFeatures": [
                    {"type": {"id": "HP:1", "label": "Ataxia"}, "onset": {"age": {"iso8601duration": "P1Y3M"}}},
                    {"type": {"id": "HP:2", "label": "Ptosis"}, "excluded": True},
                    {"type": {"id": "HP:3", "label": "Hypotonia"},
                     "onset": {"ontologyClass": {"id": "HP:0003593", "label": "Infantile onset"}}},
                ],
                "diseases": [
                    {"term": {"id": "ORPHA:98", "label": "Example disease"},
                     "onset": {"ontologyClass": {"id": "HP:0003577", "label": "Congenital onset"}}}
                ],
                "medicalActions": [{"treatment": {"agent": {"id": "X:1", "label": "Baclofen"},
                                                  "routeOfAdministration": {"id": "X:2", "label": "oral"}}}],
                "metaData": {"externalReferences": [{"id": "PMID:9183258", "description": "Example."}]},
            }
        )  # fmt: skip
        assert record.external_id == "A 1"
        assert record.fields["sex"] == "male"
        assert record.fields["age_at_report"] == 6
        assert record.fields["timeline_from"] == "birth"
        assert record.fields["title"] == "Example disease: a case report"
        assert [(row["months"], row["text"]) for row in record.tables["timeline"]] == [
            (0, "Onset of Example disease."),
            (15, "Ataxia"),
        ]
        assert "Looked for and not found:</p><ul><li>Ptosis" in record.fields["clinical_findings"]
        assert "Hypotonia (infantile onset)" in record.fields["clinical_findings"]
        assert record.codes == [("orpha", "98")]
        assert record.names == ["Example disease"]
        assert record.tables["treatments_given"][0]["route"] == "oral"
        assert record.tables["references"] == [{"text": "Example.", "doi": "", "pmid": "9183258"}]

    @pytest.mark.parametrize(
        "junk",
        [[], {}, {"id": ""}, {"id": 7}, {"id": "a", "subject": []}, {"id": "a", "diseases": {}}, {"id": "a", "diseases": [1]},
         {"id": "x" * 201}],
    )  # fmt: skip
    def test_what_is_no_packet_is_refused_with_a_sentence(self, junk: Any) -> None:
        with pytest.raises(Refused, match=r"\w+"):
            read(junk)

    @given(
        st.dictionaries(
            st.sampled_from(
                ["subject", "phenotypicFeatures", "diseases", "interpretations", "measurements", "medicalActions", "metaData"]
            ),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                lambda inner: st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["id", "label", "type", "term", "onset", "age", "iso8601duration", "treatment", "agent",
                                     "adverseEvents", "diagnosis", "genomicInterpretations", "value", "quantity", "excluded"]),
                    inner, max_size=4),
                max_leaves=12,
            ),
        )
    )  # fmt: skip
    def test_anything_at_all_is_read_or_refused(self, parts: dict[str, Any]) -> None:
        with contextlib.suppress(Refused):
            assert read({"id": "a", **parts}).external_id == "a"


class TestFiles:
    """Three invented patients, and the 150 published ones where the shared data is there."""

    @pytest.fixture(params=["3 invented", "150 published"])
    def found(self, request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
        invented = request.param == "3 invented"
        folder = SMALL if invented else request.getfixturevalue("shared_data") / "cases" / "phenopackets"
        found = packets(folder)
        assert len(found) == (3 if invented else 150)
        return found

    def test_whole_export_loses_nothing_and_is_valid(self, found: dict[str, dict[str, Any]]) -> None:
        for name, packet in found.items():
            assert whole(as_imported(packet)) == packet, name
            assert MessageToDict(valid(whole(as_imported(packet)))) == MessageToDict(valid(packet)), name

    def test_public_export_is_valid_and_keeps_the_findings(self, found: dict[str, dict[str, Any]]) -> None:
        for name, packet in found.items():
            made = public(as_imported(packet))
            valid(made)
            assert len(made["phenotypicFeatures"]) == len(packet["phenotypicFeatures"]), name
            assert [one["term"] for one in made["diseases"]] == [one["term"] for one in packet["diseases"]], (
                name
            )
            assert packet["subject"]["id"] != made["subject"]["id"]
            assert packet["id"] not in json.dumps(made), name

    def test_every_prefix_that_is_used_has_its_resource(self, found: dict[str, dict[str, Any]]) -> None:
        packet = next(iter(found.values()))
        made = public(as_imported(packet))
        prefixes = {one["namespacePrefix"] for one in made["metaData"]["resources"]}
        used = {feature["type"]["id"].partition(":")[0] for feature in made["phenotypicFeatures"]}
        assert used <= prefixes


class TestOfAPage:
    def test_a_case_written_here_is_valid_and_relative(self) -> None:
        made = public(
            facts(
                sex="female",
                age=7,
                diagnosis="Spastic diplegia",
                conditions=[("DOID:0050669", "spastic cerebral palsy")],
                timeline=[
                    Event(-66, "test", "MRI."),
                    Event(1, "adverse", "Headache."),
                    Event(0, "treatment", "Given."),
                ],
                treatments=[
                    Given("Cord blood cells", 1, "1 packet", "IV", "none"),
                    Given("Cells", 8, "", "LP", "headache"),
                ],
                observations=[
                    Measured("GMFM-66", 12, "55.6"),
                    Measured("Ashworth", 0, "1+"),
                    Measured("GMFCS", -3, "III"),
                ],
                references=[("PMID:9183258", "Example.")],
            )
        )
        message = valid(made)
        assert message.subject.time_at_last_encounter.age.iso8601duration == "P7Y"
        assert message.measurements[0].value.quantity.value == 55.6
        assert message.measurements[0].time_observed.ontology_class.label == "12 months after treatment"
        assert message.measurements[1].value.ontology_class.id == "FIRSTHAND:level-1-plus"
        assert len(message.medical_actions) == 2
        assert message.medical_actions[1].adverse_events[0].label == "headache"
        assert "FIRSTHAND" in {one.namespace_prefix for one in message.meta_data.resources}

    @given(
        st.lists(st.tuples(st.integers(-1200, 1200), st.sampled_from(["symptom", "test", "treatment", "adverse", "outcome"]),
                           st.text(max_size=20)), max_size=4),
        st.lists(st.tuples(st.text(max_size=10), st.none() | st.integers(-1200, 600), st.text(max_size=10)), max_size=4),
        st.booleans(),
    )  # fmt: skip
    def test_whatever_is_typed_the_packet_is_valid(
        self,
        events: list[tuple[int, str, str]],
        values: list[tuple[str, int | None, str]],
        from_birth: bool,
    ) -> None:
        made = public(
            facts(
                timeline=[Event(*one) for one in events],
                observations=[Measured(*one) for one in values],
                from_birth=from_birth,
                diagnosis=values[0][0] if values else "",
            )
        )
        valid(made)
