"""JSON, CSV and JATS as cases: what goes where, and what is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from casestudies.downloads.exchange import packet_of
from casestudies.importing import jats, tables
from casestudies.importing.files import read_file
from casestudies.importing.records import Refused
from casestudies.models import ImportedCase
from tests.casestudies.factories import case_study_index
from tests.casestudies.importing import counts, put, run, the_page
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
def folder(tmp_path: Path, db: None) -> Path:  # a fixture asks for others by its arguments
    case_study_index()
    return tmp_path


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
            (b"external_id,name\n1,2\n", "Unknown columns: name"),
            (b"title\nx\n", "external_id"),
            (b"external_id\n\0\n", "NUL"),
            (b"", "The file is empty"),
        ],
    )
    def test_a_file_that_is_none_is_refused_as_a_whole(self, tmp_path: Path, data: bytes, said: str) -> None:
        (found,) = read_file(put(tmp_path, "a.csv", data))
        assert said in found.problem

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
    @pytest.mark.parametrize(
        ("name", "text"), [("a.csv", "external_id\n1\n"), ("a.json", '{"external_id": "1"}')]
    )
    def test_a_byte_order_mark_tells_the_encoding(
        self, tmp_path: Path, name: str, text: str, encoding: str
    ) -> None:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        (found,) = read_file(path)
        assert found.record
        assert (found.record.external_id, found.record.remarks) == ("1", [])

    def test_a_csv_file_in_another_encoding_is_read_and_the_report_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes("external_id;diagnosis\n1;Guillain-Barré syndrome\n".encode("cp1252"))
        (found,) = read_file(path)
        assert found.record
        assert found.record.fields["diagnosis"] == "Guillain-Barré syndrome"
        assert "it was read as CP125" in found.record.remarks[0]

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
        assert "Section ‘Authors' information’ has no field" in said
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
