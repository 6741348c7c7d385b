"""Folding of different spellings, and the format of codes. No database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conditions.systems import SYSTEMS, CodeError, link, normalise
from conditions.words import distinct, fold, slug_of


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Guillain–Barré   Syndrome ", "guillain barre syndrome"),
        ("Parkinson's", "parkinsons"),
        ("Parkinson’s", "parkinsons"),
        ("CP/ICP", "cp icp"),
        ("Straße", "strasse"),
        ("الشَّلَل الدِماغي", "الشلل الدماغي"),
        ("الشـــلل", "الشلل"),
        ("\0?!", ""),
    ],
)
def test_spelling_does_not_count(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_name_has_a_slug_for_an_address(text: str) -> None:
    slug = slug_of(text)
    assert slug
    assert slug.isascii()
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_distinct_keeps_the_first_spelling_and_the_order() -> None:
    assert distinct(["CP", "Cerebral palsy", "cp", "", "cerebral  Palsy"]) == ["CP", "Cerebral palsy"]


@pytest.mark.parametrize(
    ("system", "typed", "stored"),
    [
        ("icd10cm", "g80.1", "G80.1"),
        ("icd10cm", "ICD10CM:G35", "G35"),
        ("icd11", "8D20.10", "8D20.10"),
        ("icd11", "LD90.4", "LD90.4"),
        ("mesh", "MESH:D002547", "D002547"),
        ("mesh", "C000726747", "C000726747"),
        ("doid", "1969", "DOID:1969"),
        ("doid", " doid:0050669 ", "DOID:0050669"),
        ("orpha", "ORPHA:98896", "98896"),
    ],
)
def test_codes_are_tidied(system: str, typed: str, stored: str) -> None:
    assert normalise(system, typed) == stored


@pytest.mark.parametrize(
    ("system", "typed"),
    [
        ("icd10cm", "G80-G83"),
        ("icd10cm", "8D20"),
        ("icd11", "G80.1"),
        ("mesh", "D12"),
        ("doid", "MONDO:0001"),
        ("orpha", "G80"),
        ("orpha", "٣٤"),
        ("mesh", ""),
    ],
)
def test_a_code_in_another_format_is_refused_with_an_example(system: str, typed: str) -> None:
    with pytest.raises(CodeError, match=SYSTEMS[system].example):
        normalise(system, typed)


def test_an_unknown_system_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(CodeError, match="mesh"):
        normalise("snomed", "128188000")


def test_codes_link_to_the_page_about_them() -> None:
    assert link("mesh", "D002547") == "https://meshb.nlm.nih.gov/record/ui?ui=D002547"
    assert link("doid", "DOID:1969") == "https://disease-ontology.org/?id=DOID:1969"
    assert link("orpha", "98896") == "https://www.orpha.net/en/disease/detail/98896"
    assert "G80.1" in link("icd10cm", "G80.1")
    assert "8D20" in link("icd11", "8D20")
    assert link("unknown", "1") == ""


@pytest.mark.parametrize("key", sorted(SYSTEMS))
def test_every_example_is_a_code_of_its_system(key: str) -> None:
    known = SYSTEMS[key]
    assert normalise(known.key, known.example) == known.example


@given(st.sampled_from(sorted(SYSTEMS)), st.text())
def test_no_text_breaks_the_check_of_codes(system: str, text: str) -> None:
    try:
        code = normalise(system, text)
    except CodeError:
        return
    assert normalise(system, code) == code
