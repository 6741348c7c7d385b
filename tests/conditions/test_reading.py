"""The readers of OBO files and tables. No database."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conditions.obo import escape, read_obo, unescape
from conditions.records import NameRecord, ParsedVocabulary, TermRecord, UnreadableFile, parents_first
from conditions.term_files import read_csv, read_file

OBO = dedent(r"""
    format-version: 1.4
    ontology: example

    ! a comment
    [Term]
    id: DOID:1 ! the root
    name: disease \{of\} all\: kinds {source="x"}

    [Term]
    id: DOID:2
    name: cerebral palsy
    def: "Says \"movement\" and \\posture\\, see \
    [1]." [url:http\://example.org] {comment="y"}
    synonym: "CP" EXACT OMO:0003012 []
    synonym: "Little's disease" RELATED [] {a="b"}
    synonym: "brain disease" BROAD []
    synonym: "Cerebral Palsy" EXACT []
    xref: ICD10CM:G80
    xref: MESH:D002547 "Cerebral Palsy"
    xref: ICD10CM:G80-G83
    xref: UMLS_CUI:C0007789
    is_a: DOID:1 ! disease
    is_a: DOID:4 ! other

    [Term]
    id: DOID:3
    name: old name
    is_obsolete: true

    [Typedef]
    id: part_of
    name: part of

    [Term]
    id: DOID:4
    name: MELAS thing
    is_a: DOID:1

    [Term]
    id: DOID:4
    name: again

    [Term]
    id: DOID:5
    is_a: DOID:1

    [Term]
    name: nameless id
""")


@pytest.fixture
def obo() -> ParsedVocabulary:
    return read_obo(OBO)


def by_key(reading: ParsedVocabulary) -> dict[str, TermRecord]:
    return {record.key: record for record in reading.records}


def test_obo_terms_are_read_with_escapes_comments_and_modifiers(obo: ParsedVocabulary) -> None:
    root, palsy = by_key(obo)["DOID:1"], by_key(obo)["DOID:2"]
    assert root.name == "Disease {of} all: kinds"
    assert palsy.name == "Cerebral palsy"
    assert palsy.description == r'Says "movement" and \posture\, see [1].'
    assert palsy.names == (
        NameRecord("CP", "en", "abbreviation"),
        NameRecord("Little's disease", "en", "synonym"),
    )
    assert palsy.codes == (("doid", "DOID:2"), ("icd10cm", "G80"), ("mesh", "D002547"))
    assert obo.source == "doid"


def test_obo_keeps_the_capitals_of_a_name(obo: ParsedVocabulary) -> None:
    assert by_key(obo)["DOID:4"].name == "MELAS thing"


def test_obo_uses_the_first_of_several_parents_and_reports_it(obo: ParsedVocabulary) -> None:
    assert by_key(obo)["DOID:2"].parent == "DOID:1"
    said = [remark for remark in obo.remarks if "several parents" in remark.reason]
    assert [remark.text for remark in said] == ["DOID:2 cerebral palsy"]
    assert "DOID:4" in said[0].reason


def test_obo_reports_what_was_left_out_and_the_line(obo: ParsedVocabulary) -> None:
    assert {remark.text for remark in obo.refused} == {"DOID:3 old name", "DOID:4", "DOID:5", "nameless id"}
    assert {remark.text for remark in obo.remarks} >= {"brain disease", "ICD10CM:G80-G83"}
    lines = OBO.split("\n")
    code = next(remark for remark in obo.remarks if remark.text.startswith("ICD10CM"))
    assert "ICD10CM:G80-G83" in lines[code.row - 1]


def test_obo_can_be_limited_to_the_terms_below_one_term() -> None:
    assert set(by_key(read_obo(OBO, root="DOID:4"))) == {"DOID:2", "DOID:4"}
    assert by_key(read_obo(OBO, root="DOID:4"))["DOID:2"].parent == "DOID:4"
    with pytest.raises(UnreadableFile, match="DOID:99"):
        read_obo(OBO, root="DOID:99")


@given(st.text())
def test_escaped_text_is_read_unchanged(text: str) -> None:
    assert unescape(escape(text)) == text


PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1)


@given(PRINTED, PRINTED)
def test_any_name_and_definition_can_be_written_and_read(name: str, definition: str) -> None:
    written = f'[Term]\nid: X:1\nname: a{escape(name)}\ndef: "{escape(definition)}" []\n'
    (record,) = read_obo(written).records
    assert record.name in (f"a{name}", f"A{name}")
    assert record.description == definition


@given(st.text() | st.text(alphabet='[]Termidnasyo:"\\!{} \n', max_size=200))
def test_no_text_breaks_the_obo_reader(text: str) -> None:
    try:
        reading = read_obo(f"[Term]\nid: X:1\n{text}")
    except UnreadableFile:
        return
    parents_first(reading)


TABLE = dedent("""\
    slug,parent,name,lay_names,synonyms,abbreviations,icd10cm,doid,description
    brain,,Brain conditions,,,,,,
    cp,brain,Cerebral palsy,es:parálisis cerebral; floppy legs,Little's disease,CP; fr:IMC,G80.9,1969,About movement.
    ,brain,,,,,,,no name
    bad slug!,brain,Name,,,,,,
    cp,brain,Twice,,,,,,
    codes,brain,Codes,,,,not a code,,
    """)


def test_table_is_read_with_languages_kinds_and_codes() -> None:
    reading = read_csv(TABLE)
    palsy = by_key(reading)["cp"]
    assert palsy.names == (
        NameRecord("parálisis cerebral", "es", "lay"),
        NameRecord("floppy legs", "en", "lay"),
        NameRecord("Little's disease", "en", "synonym"),
        NameRecord("CP", "en", "abbreviation"),
    )
    assert palsy.codes == (("icd10cm", "G80.9"), ("doid", "DOID:1969"))
    assert (palsy.parent, palsy.row) == ("brain", 3)


def test_table_rows_that_cannot_be_used_are_reported_with_their_line() -> None:
    reading = read_csv(TABLE)
    assert [(remark.row, remark.reason.split(" ")[0]) for remark in reading.refused] == [
        (4, "no"),
        (5, "the"),
        (6, "this"),
    ]
    assert [(remark.row, remark.text) for remark in reading.remarks] == [(3, "fr:IMC"), (7, "not a code")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_other_programs_are_read(delimiter: str) -> None:
    reading = read_csv(f"\ufeffname{delimiter}parent\nA{delimiter}\nB{delimiter}a\n".lstrip("\ufeff"))
    assert [(record.key, record.parent) for record in reading.records] == [("a", ""), ("b", "a")]


@given(st.text())
def test_no_text_breaks_the_table_reader(text: str) -> None:
    try:
        reading = read_csv(text)
    except UnreadableFile:
        return
    parents_first(reading)


@given(st.text())
def test_no_row_breaks_the_table_reader(text: str) -> None:
    try:
        reading = read_csv(f"name,parent,slug,lay_names,mesh\n{text}")
    except UnreadableFile:
        return
    assert all(record.name for record in parents_first(reading).records)


def test_parents_come_first_and_circles_are_refused() -> None:
    reading = read_csv("slug,parent,name\nc,b,C\nb,a,B\na,,A\nx,y,X\ny,x,Y\nz,y,Z\n")
    ordered = parents_first(reading)
    assert [record.key for record in ordered.records] == ["a", "b", "c"]
    assert {remark.text for remark in ordered.refused} == {"X", "Y", "Z"}


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"\xff\xfe\x00", "a.csv", "columns"),
        (b"just text", "a.csv", "columns"),
        (b"", "a.csv", "is empty"),
        (b"PK\x03\x04" + bytes(60), "a.csv", "CSV UTF-8"),
        (b"name\nA\0B\n", "a.csv", "Line 2"),
        (b"id: 1", "a.obo", "does not look like OBO"),
        (b'name\n"Stroke\nTremor\n', "a.csv", "line 2"),
    ],
)
def test_files_that_are_not_a_vocabulary_are_refused(
    tmp_path: Path, content: bytes, name: str, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        read_file(path)


def test_a_file_in_another_encoding_is_read_with_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("name,lay_names\nMénière’s disease,vertige de Ménière\n".encode("cp1252"))
    parsed = read_file(path)
    assert [record.name for record in parsed.records] == ["Ménière’s disease"]
    assert [remark.reason for remark in parsed.remarks] == [
        "The file is not UTF-8; it was read as CP1252. Save it as UTF-8 if letters look wrong."
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere\.csv"):
        read_file(tmp_path / "nowhere.csv")
