"""Cases from files: drafts, once each, and never over what an editor changed."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from google.protobuf.json_format import Parse
from hypothesis import given
from hypothesis import strategies as st
from phenopackets import Phenopacket

from casestudies.downloads.exchange import packet_of
from casestudies.importing import jats, services, tables
from casestudies.importing.files import read_file, text_of
from casestudies.importing.records import Refused
from casestudies.models import CaseStudyPage, ImportedCase
from conditions.models import ConditionCode
from tests.casestudies.factories import case_study_index
from tests.factories import ConditionFactory, TreatmentFactory

ARTICLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.2//EN" "JATS-archivearticle1.dtd">
<article article-type="case-report" xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Example Reports</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">9183258</article-id><article-id pub-id-type="doi">10.1000/abc1</article-id>
<title-group><article-title>Stiff legs in a 7-year-old girl: a case report</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Example</surname><given-names>Anna Berta</given-names></name></contrib>
<contrib contrib-type="editor"><name><surname>Editor</surname><given-names>E</given-names></name></contrib></contrib-group>
<abstract><sec><title>Introduction</title><p>Adds something <xref ref-type="bibr" rid="B2">2</xref>.</p></sec>
<sec><title>Case presentation</title><p>A 7-year-old girl with stiff legs.</p></sec>
<sec><title>Conclusion</title><p>Something was learned.</p></sec></abstract>
<kwd-group><kwd>Spastic diplegia</kwd><kwd>case report</kwd></kwd-group></article-meta></front>
<body><sec><title>Background</title><p>Reports are few [<xref ref-type="bibr" rid="B1">1</xref>].</p></sec>
<sec><title>Case presentation</title><p>She was born early &amp; small: 1 &lt; 2 kg.</p>
<sec><title>Follow-up and outcomes</title><p>She climbed stairs.</p></sec></sec>
<sec><title>Discussion</title><p>Growth alone could explain it.</p></sec>
<sec><title>Authors' information</title><p>AE sees children.</p></sec></body>
<back><sec><title>Consent</title><p>Written consent was obtained.</p></sec>
<sec><title>Competing interests</title><p>None declared.</p></sec>
<ref-list><ref id="B1"><mixed-citation>Riley DS. CARE. <pub-id pub-id-type="doi">10.1016/j.jclinepi.2017.04.026</pub-id></mixed-citation></ref>
<ref id="B2"><element-citation><name><surname>Palisano</surname><given-names>R</given-names></name>
<article-title>A system</article-title><source>DMCN</source><year>1997</year><pub-id pub-id-type="pmid">9183258</pub-id></element-citation></ref>
</ref-list></back></article>"""

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

CASE = {
    "external_id": "R-7",
    "title": "Stiff legs: a case study",
    "sex": "F",
    "age_at_treatment": "7",
    "country": "pt",
    "diagnosis": "Spastic diplegia",
    "treatment_date": "2023-03-15",
    "history": "Born early.\n\nNo seizures <b>.",
    "timeline": [{"when": "2023-06-15", "kind": "outcome", "text": "Climbs stairs."},
                 {"when": "-3", "kind": "test", "text": "MRI.", "source": "record"}],
    "treatments_given": [{"day": "2023-03-15", "kind": "Cord blood cells", "dose": "1 packet", "route": "IV"}],
    "observations": [{"measure": "GMFM-66", "when": "0", "value": "51.2", "assessed_by": "clinician"}],
    "references": [{"text": "Riley DS.", "doi": "doi:10.1016/j.jclinepi.2017.04.026"}],
    "treatments": ["Cord blood cells"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    case_study_index()
    return tmp_path


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def run(*paths: Path, **options: Any) -> tuple[dict[str, int], str]:
    """The last line of the command as JSON, and everything it said."""
    out = io.StringIO()
    call_command("import_cases", *map(str, paths), json=True, stdout=out, stderr=out, **options)
    said = out.getvalue()
    return json.loads(said.strip().splitlines()[-1]), said


def counts(**given_: int) -> dict[str, int]:
    return {"created": 0, "updated": 0, "unchanged": 0, "refused": 0} | given_


def the_page() -> CaseStudyPage:
    return CaseStudyPage.objects.get().get_latest_revision_as_object()


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
            run(folder, by="nobody")

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
        with pytest.raises(CommandError, match="no such file"):
            run(folder / "missing.json")
        (folder / "empty").mkdir()
        with pytest.raises(CommandError, match=r"no \.json"):
            run(folder / "empty")


def test_the_150_published_patients(folder: Path, shared_data: Path) -> None:
    gillespie = ConditionFactory(name="Gillespie syndrome")
    cases = shared_data / "cases" / "phenopackets"
    assert run(cases, verbosity=0)[0] == counts(created=150)
    assert CaseStudyPage.objects.filter(conditions=gillespie).count() == 17
    assert run(cases, verbosity=0)[0] == counts(unchanged=150)
    for page in CaseStudyPage.objects.all()[:25]:
        record = page.imported_case.source_record
        assert packet_of(page, site_url="https://example.org/", site_name="x", private=True) == record
        Parse(json.dumps(packet_of(page, site_url="https://example.org/", site_name="x")), Phenopacket())
        assert not page.live


class TestOwnFormat:
    def test_json_with_exact_dates_keeps_them_private(self, folder: Path) -> None:
        treatment, condition = (
            TreatmentFactory(name="Cord blood cells"),
            ConditionFactory(name="Spastic diplegia"),
        )
        assert run(put(folder, "a.json", [CASE]))[0] == counts(created=1)
        page = the_page()
        assert sorted((row.months, row.text) for row in page.timeline.all()) == [
            (-3, "MRI."),
            (3, "Climbs stairs."),
        ]
        assert [row.day for row in page.treatments_given.all()] == [1]
        assert page.references.get().doi == "10.1016/j.jclinepi.2017.04.026"
        assert page.history == "<p>Born early.</p><p>No seizures &lt;b&gt;.</p>"
        assert (page.sex, page.country.code, page.age_at_treatment) == ("female", "PT", 7)
        assert list(page.conditions.all()) == [condition]
        assert list(page.treatments.all()) == [treatment]
        packet = json.dumps(packet_of(page, site_url="https://example.org/", site_name="x"))
        assert "2023" not in packet
        assert page.imported_case.source_record["treatment_date"] == "2023-03-15"

    def test_csv_reads_the_same_case(self, folder: Path) -> None:
        text = (
            "external_id;title;sex;age_at_treatment;diagnosis;treatment_date;timeline;conditions\n"
            'R-7;Stiff legs: a case study;f;7;Spastic diplegia;2023-03-15;"2023-06-15 | outcome | Climbs stairs.\n'
            '-3 | test | MRI. | record";Spastic diplegia; \n'
        ).replace("; \n", "\n")
        assert run(put(folder, "a.csv", text.encode("utf-8-sig")))[0] == counts(created=1)
        assert sorted((row.months, row.source) for row in the_page().timeline.all()) == [
            (-3, "record"),
            (3, ""),
        ]

    def test_bad_rows_are_reported_by_line_and_the_others_come_in(self, folder: Path) -> None:
        rows = "external_id,title,age_at_treatment,sex\n1,A: case study,7,f\n2,B: case study,seven,f\n3,C: case study,7\n4,D: case study,7,x\n"
        done, said = run(put(folder, "a.csv", rows))
        assert done == counts(created=1, refused=3)
        assert "a.csv, line 3" in said
        assert "‘age_at_treatment’ is ‘seven’" in said
        assert "a.csv, line 4" in said
        assert "‘sex’ is ‘x’" in said

    def test_an_impossible_value_is_refused_with_the_rule(self, folder: Path) -> None:
        call_command("load_measures", verbosity=0)
        bad = {
            **CASE,
            "observations": [{"measure": "GMFCS", "when": "0", "value": "0"}],
            "references": [{"text": "x", "doi": "see the journal"}],
        }
        done, said = run(put(folder, "a.json", [bad, {**CASE, "external_id": "R-8"}]))
        assert done == counts(created=1, refused=1)
        assert "observations, entry 1" in said
        assert "GMFCS" in said
        assert "references, entry 1" in said

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"external_id,name\n1,2\n", "not known: name"),
            (b"title\nx\n", "external_id"),
            ("external_id,title\n1,Caf\xe9\n".encode("latin-1"), "UTF-8"),
            (b"external_id\n\0\n", "NUL"),
            (b"", "external_id"),
        ],
    )
    def test_a_file_that_is_none_is_refused_as_a_whole(self, tmp_path: Path, data: bytes, said: str) -> None:
        (found,) = read_file(put(tmp_path, "a.csv", data))
        assert said in found.problem

    def test_utf_16_is_read_where_it_says_so(self) -> None:
        assert text_of("external_id\n1\n".encode("utf-16")) == "external_id\n1\n"

    def test_a_file_that_is_too_large_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xml"
        with path.open("wb") as file:
            os.truncate(file.fileno(), 21_000_000)
        (found,) = read_file(path)
        assert "at most 20" in found.problem

    @given(
        st.dictionaries(
            st.sampled_from(sorted(tables.KNOWN)),
            st.none()
            | st.text(max_size=9)
            | st.integers()
            | st.lists(
                st.text(max_size=5)
                | st.dictionaries(
                    st.sampled_from(["when", "kind", "text", "day", "measure"]), st.text(max_size=8)
                ),
                max_size=3,
            ),
        )
    )
    def test_anything_is_read_or_refused(self, case: dict[str, Any]) -> None:
        try:
            record = tables.read({"external_id": "a", **case}, "json")
        except Refused as refused:
            said = str(refused)
        else:
            said = record.external_id
        assert said


class TestArticles:
    def test_sections_and_references_go_where_care_wants_them(self, folder: Path) -> None:
        assert run(put(folder, "a.xml", ARTICLE))[0] == counts(created=1)
        page = the_page()
        assert page.title == "Stiff legs in a 7-year-old girl: a case report"
        assert (page.sex, page.age_at_report) == ("female", 7)
        assert page.abstract_adds == "Adds something [2]."
        assert page.abstract_findings == "A 7-year-old girl with stiff legs."
        assert page.abstract_conclusion == "Something was learned."
        assert page.introduction == "<p>Reports are few [1].</p>"
        assert page.clinical_findings == "<p>She was born early &amp; small: 1 &lt; 2 kg.</p>"
        assert page.outcomes == "<p>She climbed stairs.</p>"
        assert page.rationale == "<p>Growth alone could explain it.</p>"
        assert page.consent_statement == "Written consent was obtained."
        assert page.competing_interests == "None declared."
        assert [author.name for author in page.authors.all()] == ["Example AB"]
        cited = list(page.references.all())
        assert (cited[0].text, cited[0].doi) == ("Riley DS. CARE.", "10.1016/j.jclinepi.2017.04.026")
        assert (cited[1].text, cited[1].pmid) == ("Palisano R. A system. DMCN. 1997", "9183258")
        assert cited[2].doi == "10.1000/abc1"

    def test_what_has_no_place_is_kept_word_for_word_and_named(self, folder: Path) -> None:
        _done, said = run(put(folder, "a.xml", ARTICLE))
        assert "Section ‘Authors' information’ has no place" in said
        sections = ImportedCase.objects.get().source_record["sections"]
        assert {
            "heading": "Authors' information",
            "paragraphs": ["AE sees children."],
            "field": "",
        } in sections

    @pytest.mark.parametrize(
        "hostile",
        [
            '<!DOCTYPE article [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><article>&b;</article>',
            '<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/passwd">]><article>&a;</article>',
            '<!DOCTYPE article [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x.dtd">%a;]><article/>',
            "<html/>",
            "not xml",
            "",
            '<?xml version="1.0" encoding="nonsense"?><article/>',
            "<article>" * 5000,
            "<article><front>" + "<sec>" * 20_000 + "</sec>" * 20_000 + "</front></article>",
        ],
        ids=["entities", "file", "address", "another kind", "no xml", "empty", "encoding", "cut off", "deep"],
    )
    def test_hostile_and_broken_files_are_refused(self, hostile: str) -> None:
        with pytest.raises(Refused, match=r"\w+"):
            jats.read(hostile.encode())
