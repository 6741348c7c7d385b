"""Cases from files: drafts, once each, and never over what an editor changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.test import Client
from google.protobuf.json_format import Parse
from phenopackets import Phenopacket

from casestudies.downloads.exchange import packet_of
from casestudies.importing import services
from casestudies.models import CaseStudyPage, ImportedCase
from conditions.models import ConditionCode
from tests.casestudies.factories import case_study_index
from tests.casestudies.importing import counts, put, run, the_page
from tests.factories import ConditionFactory

PACKET: dict[str, Any] = {
    "id": "PMID_1_Patient_1",
    "subject": {"id": "Patient 1", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P7Y2M"}}},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0001251", "label": "Ataxia"}, "onset": {"age": {"iso8601duration": "P1Y3M"}}},
        {"type": {"id": "HP:0000508", "label": "Ptosis"}, "excluded": True},
    ],
    "diseases": [{"term": {"id": "OMIM:206700", "label": "Gillespie syndrome"}}],
    "metaData": {
        "created": "2024-03-01T09:00:00Z",
        "createdBy": "Someone",
        "resources": [{"id": "hp", "name": "HPO", "url": "x", "version": "1", "namespacePrefix": "HP", "iriPrefix": "x"}],
        "phenopacketSchemaVersion": "2.0",
    },
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:  # a fixture asks for others by its arguments
    case_study_index()
    return tmp_path


class TestPhenopackets:
    def test_becomes_a_draft_with_everything_that_has_a_place(self, folder: Path, client: Client) -> None:
        condition = ConditionFactory(name="Gillespie syndrome")
        assert run(put(folder, "a.json", PACKET))[0] == counts(created=1)
        page = the_page()
        assert not page.live
        assert page.get_parent().specific == case_study_index()
        assert list(page.conditions.all()) == [condition]
        assert (page.sex, page.age_at_report, page.diagnosis) == ("female", 7, "Gillespie syndrome")
        assert [(row.months, row.text) for row in page.timeline.all()] == [(15, "Ataxia")]
        assert page.in_order_of_time(list(page.timeline.all()))[0].when == "At 15 months"
        assert "Ptosis" in page.clinical_findings
        assert client.get(page.get_url() or "/").status_code == 404

    def test_a_code_counts_before_a_name(self, folder: Path) -> None:
        ConditionFactory(name="Gillespie syndrome")
        coded = ConditionFactory(name="Aniridia with ataxia")
        ConditionCode.objects.create(term=coded, system="orpha", code="1065")
        packet = {**PACKET, "diseases": [{"term": {"id": "ORPHA:1065", "label": "Gillespie syndrome"}}]}
        run(put(folder, "a.json", packet))
        assert list(the_page().conditions.all()) == [coded]

    def test_a_second_run_changes_nothing(self, folder: Path) -> None:
        path = put(folder, "a.json", PACKET)
        run(path)
        before = (CaseStudyPage.objects.get().latest_revision_id, ImportedCase.objects.get().updated_at)
        assert run(path)[0] == counts(unchanged=1)
        assert (
            CaseStudyPage.objects.get().latest_revision_id,
            ImportedCase.objects.get().updated_at,
        ) == before

    def test_a_dry_run_writes_nothing(self, folder: Path) -> None:
        done, said = run(put(folder, "a.json", PACKET), dry_run=True)
        assert done == counts(created=1)
        assert "Nothing was written" in said
        assert not CaseStudyPage.objects.exists()
        assert not ImportedCase.objects.exists()

    def test_a_changed_record_changes_what_no_editor_has(self, folder: Path, editor: User) -> None:
        path = put(folder, "a.json", PACKET)
        run(path)
        page = the_page()
        page.clinical_findings = "<p>As our own examination found.</p>"
        page.save_revision(user=editor)
        changed = {
            **PACKET,
            "subject": {**PACKET["subject"], "sex": "MALE"},
            "phenotypicFeatures": [
                *PACKET["phenotypicFeatures"],
                {"type": {"id": "HP:1", "label": "Tremor"}},
            ],
        }
        done, said = run(put(folder, "a.json", changed))
        assert done == counts(updated=1)
        assert "Kept as an editor left it: clinical_findings" in said
        page = the_page()
        assert page.sex == "male"
        assert page.clinical_findings == "<p>As our own examination found.</p>"
        # Kept for good: the same run again, and the run after that, leave it alone.
        assert run(path)[0] == counts(unchanged=1)
        run(put(folder, "a.json", {**changed, "subject": PACKET["subject"]}))
        assert the_page().clinical_findings == "<p>As our own examination found.</p>"

    def test_saving_in_the_editor_alone_is_no_change(self, folder: Path, editor: User) -> None:
        path = put(folder, "a.json", PACKET)
        run(path)
        page = the_page()
        page.clinical_findings = page.clinical_findings.replace("<p>", '<p data-block-key="a1b2c">')
        page.save_revision(user=editor)
        features = [*PACKET["phenotypicFeatures"], {"type": {"id": "HP:1", "label": "Tremor"}}]
        assert run(put(folder, "a.json", {**PACKET, "phenotypicFeatures": features}))[0] == counts(updated=1)
        assert "Tremor" in the_page().clinical_findings

    def test_a_case_deleted_here_does_not_come_back_and_its_record_is_gone(self, folder: Path) -> None:
        path = put(folder, "a.json", PACKET)
        run(path)
        CaseStudyPage.objects.get().delete()
        kept = ImportedCase.objects.get()
        assert (kept.external_id, kept.source_record, kept.imported) == ("", {}, {})
        done, said = run(path)
        assert done == counts(unchanged=1)
        assert "deleted here" in said
        assert not CaseStudyPage.objects.exists()

    def test_two_sources_may_use_one_id(self, folder: Path) -> None:
        path = put(folder, "a.json", PACKET)
        run(path, source="one")
        assert run(path, source="two")[0] == counts(created=1)
        assert run(path, source="one")[0] == counts(unchanged=1)

    def test_two_cases_of_one_file_may_not(self, folder: Path) -> None:
        done, said = run(put(folder, "a.json", [PACKET, {**PACKET, "subject": {}}]))
        assert done == counts(created=1, refused=1)
        assert "The same id as a.json, case 1" in said

    def test_a_copy_of_the_page_is_not_the_imported_case(self, folder: Path) -> None:
        path = put(folder, "a.json", PACKET)
        run(path)
        CaseStudyPage.objects.get().copy(update_attrs={"slug": "copy"}, keep_live=False)
        assert run(path)[0] == counts(unchanged=1)
        assert ImportedCase.objects.count() == 1

    def test_a_run_that_is_broken_off_goes_on(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "BATCH", 2)
        paths = [put(folder, f"{n}.json", {**PACKET, "id": f"case {n}"}) for n in range(5)]
        taken = services._create

        def stop_at_the_fourth(record: Any, *rest: Any) -> Any:
            if record.external_id == "case 3":
                raise KeyboardInterrupt
            return taken(record, *rest)

        monkeypatch.setattr(services, "_create", stop_at_the_fourth)
        with pytest.raises(KeyboardInterrupt):
            run(*paths)
        assert CaseStudyPage.objects.count() == 2
        monkeypatch.setattr(services, "_create", taken)
        assert run(*paths)[0] == counts(created=3, unchanged=2)

    def test_who_imported_is_named(self, folder: Path, editor: User) -> None:
        run(put(folder, "a.json", PACKET), by=editor.username)
        page = CaseStudyPage.objects.get()
        assert (page.owner, page.latest_revision.user) == (editor, editor)
        with pytest.raises(CommandError, match="no user"):
            run(folder, by="unknown-user")

    def test_what_cannot_be_used_is_refused_one_by_one(self, folder: Path) -> None:
        put(folder, "a.json", PACKET)
        put(folder, "b.json", '{"id": "x"')
        put(folder, "c.json", b"\xff\xfeno")
        put(folder, "d.json", [{**PACKET, "id": ""}])
        put(folder, "e.json", "[" * 100_000)
        done, said = run(folder)
        assert done == counts(created=1, refused=4)
        for name in ("b.json", "c.json", "d.json, case 1", "e.json"):
            assert f"refused  {name}" in said

    def test_no_case_at_all_is_an_error(self, folder: Path) -> None:
        with pytest.raises(CommandError, match="No case"):
            run(put(folder, "b.json", "no"))
        with pytest.raises(CommandError, match="does not exist"):
            run(folder / "missing.json")
        (folder / "empty").mkdir()
        with pytest.raises(CommandError, match=r"no \.json"):
            run(folder / "empty")


def test_the_150_published_patients(folder: Path, shared_data: Path) -> None:
    import_twice(shared_data / "cases" / "phenopackets", patients=150, with_gillespie=17)


def test_three_invented_patients(folder: Path) -> None:
    """The counterpart in the repository: three packets in the layout of the published ones."""
    import_twice(Path(__file__).parent / "data" / "phenopackets", patients=3, with_gillespie=2)


def import_twice(cases: Path, *, patients: int, with_gillespie: int) -> None:
    gillespie = ConditionFactory(name="Gillespie syndrome")
    assert run(cases, verbosity=0)[0] == counts(created=patients)
    assert CaseStudyPage.objects.filter(conditions=gillespie).count() == with_gillespie
    assert run(cases, verbosity=0)[0] == counts(unchanged=patients)
    for page in CaseStudyPage.objects.all()[:25]:
        record = page.imported_case.source_record
        assert packet_of(page, site_url="https://example.org/", site_name="x", private=True) == record
        Parse(json.dumps(packet_of(page, site_url="https://example.org/", site_name="x")), Phenopacket())
        assert not page.live
