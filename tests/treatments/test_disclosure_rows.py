"""The disclosures of a page about a person: what is stated is shown, what is not is said to be not stated."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from treatments.disclosure_rows import (
    balance_words,
    consent_words,
    evidence_words,
    original_words,
    review_words,
    shared_rows,
    site_rows,
    treatment_rows,
)
from treatments.models import TreatmentPage


def treatment(**fields: Any) -> TreatmentPage:
    return TreatmentPage(content_type_id=1, **fields)


def person_page(**fields: Any) -> Any:
    """What the rows read of a page about a person."""
    known = {
        "is_sample": False,
        "last_reviewed": None,
        "next_review_due": None,
        "person_id": 7,
        "clearance_now": object(),
    }
    return SimpleNamespace(**{**known, **fields})


def test_without_anything_stated_every_row_says_so() -> None:
    rows = shared_rows(person_page(), None, None)
    assert [mark for _term, _value, mark in rows] == [
        "D2", "D5", "D7", "D8", "D8", "D8", "D8", "D11", "D12", "D12", "D12",
    ]  # fmt: skip
    for term, value, mark in rows:
        assert term
        if mark not in {"D2", "D5"}:
            assert value in {"Not known", "Not stated"}, term
    assert rows[0][1] == (
        "One person’s experience, not evidence. Strongest kind of study of this treatment: Not known."
    )


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("", "not assessed"),
        ("1", "stories from families"),
        ("4", "trials where chance decides who is treated"),
    ],
)
def test_the_strongest_kind_of_study_is_told_within_the_sentence(
    monkeypatch: pytest.MonkeyPatch, level: str, words: str
) -> None:
    monkeypatch.setattr(TreatmentPage, "url", "/cells/")
    soup = BeautifulSoup(evidence_words(treatment(evidence_level=level)), "html.parser")
    assert soup.get_text().startswith("One person’s experience, not evidence. ")
    assert f"study of this treatment: {words}." in soup.get_text()
    assert soup.a is not None
    assert soup.a["href"] == "/cells/#evidence"


@pytest.mark.parametrize(
    ("is_sample", "words"), [(True, "are invented"), (False, "Not marked as invented or acted.")]
)
def test_invented_people_are_named_as_such(is_sample: bool, words: str) -> None:
    [said] = [
        value
        for _term, value, mark in shared_rows(person_page(is_sample=is_sample), None, None)
        if mark == "D5"
    ]
    assert words in said


FACTS = {"approval_status": "Approved?", "trial_numbers": "Trial numbers", "risks": "Side effects", "cost_bearer": "Who bears the cost"}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_the_treatment_stands_in_its_own_row(name: str) -> None:
    rows = {term: value for term, value, _mark in treatment_rows(treatment(**{name: "As stated."}))}
    assert rows.pop(FACTS[name]) == "As stated."
    assert set(rows.values()) == {"Not stated"}


def test_stories_are_not_compared_before_they_are_counted() -> None:
    assert balance_words(treatment(patients_treated=40)) == "Not known"


@pytest.mark.parametrize(
    ("last", "due", "words"),
    [
        (None, dt.date(2027, 5, 1), "Not stated"),
        (dt.date(2026, 5, 1), None, "1 May 2026. Next check: not stated."),
        (dt.date(2026, 5, 1), dt.date(2027, 5, 1), "1 May 2026. Next check by: 1 May 2027."),
    ],
)
def test_the_last_check_is_told_with_the_next(last: dt.date | None, due: dt.date | None, words: str) -> None:
    assert review_words(person_page(last_reviewed=last, next_review_due=due)) == words


def test_the_publisher_is_named_with_its_interests_and_an_invitation() -> None:
    site = SimpleNamespace(
        publisher="Firsthand", publisher_ties="It sells <cells>.", feedback_link="/a?b=1&c=2"
    )
    (_by, name, _), (_ties, ties, _), (_view, link, _) = site_rows(site)
    assert (name, ties) == ("Firsthand", "It sells <cells>.")
    anchor = BeautifulSoup(link, "html.parser").a
    assert anchor is not None
    assert anchor["href"] == "/a?b=1&c=2"
    hostile = site_rows(SimpleNamespace(feedback_link='"><script>'))[-1][1]
    assert BeautifulSoup(hostile, "html.parser").script is None


@pytest.mark.parametrize("fields", [{"person_id": None}, {"clearance_now": None}])
def test_consent_is_claimed_only_while_it_is_in_force(fields: dict[str, Any]) -> None:
    page = person_page(**fields)
    assert consent_words(page) == original_words(page) == "Not stated"
    assert consent_words(person_page()).startswith("Given in writing")
    assert original_words(person_page()) == "On file, signed and dated; private."
