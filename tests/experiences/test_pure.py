"""What needs no database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiences.naming import why_not_public_name
from experiences.reading_time import kinds_in, minutes_to_read
from experiences.related import ELSEWHERE, SAME_BRANCH, SAME_CONDITION, Candidate, choose
from experiences.wording import iso_duration, when


@pytest.mark.parametrize("name", ["Ines", "Anne Marie", "María del Mar", "Jean-Luc", "Ana M.", ""])
def test_first_names_may_be_shown(name: str) -> None:
    assert why_not_public_name(name) is None


@pytest.mark.parametrize(
    ("name", "private", "is_pseudonym"),
    [
        ("Anna Maria Schmidt", "", False),
        ("Anna Schmidt", "Anna Maria Schmidt", False),
        ("anna schmidt", "Anna Schmidt", False),
        ("Wei Li", "Li Wei", False),
        ("Little Schmidt", "Anna Schmidt", True),
    ],
)
def test_full_names_may_not(name: str, private: str, is_pseudonym: bool) -> None:
    assert why_not_public_name(name, private_name=private, is_pseudonym=is_pseudonym)


def test_names_that_only_resemble_the_record_may_be_shown() -> None:
    assert why_not_public_name("Wei", private_name="Li Wei") is None
    assert why_not_public_name("Anne Marie", private_name="Anne Marie Dupont") is None
    assert why_not_public_name("A father from Nairobi", private_name="John Otieno", is_pseudonym=True) is None


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (-3, "3 months before"),
        (-1, "1 month before"),
        (0, "Treatment"),
        (1, "1 month"),
        (12, "12 months"),
        (None, ""),
    ],
)
def test_times_are_relative_to_treatment(months: int | None, words: str) -> None:
    assert when(months) == words


@pytest.mark.parametrize(
    ("seconds", "iso"), [(0, "PT0S"), (92.4, "PT1M32S"), (3600, "PT1H"), (3661, "PT1H1M1S")]
)
def test_a_length_for_search_engines(seconds: float, iso: str) -> None:
    assert iso_duration(seconds) == iso


def test_minutes_and_kinds_are_read_from_what_is_stored() -> None:
    part: list[dict[str, Any]] = [
        {"type": "text", "value": "<p>" + "word " * 401 + "</p>"},
        {"type": "video", "value": {"recording": 3}},
    ]
    assert minutes_to_read(part) == 3
    assert minutes_to_read([]) == 1
    assert kinds_in(part) == {"text", "video"}


OWN = Candidate("own", "good", SAME_CONDITION, True, 6, 12)
endings = st.sampled_from(["good", "mixed", "same", "worse", "none"])
candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(),
        endings,
        st.sampled_from([ELSEWHERE, SAME_BRANCH, SAME_CONDITION]),
        st.booleans(),
        st.none() | st.integers(0, 90),
        st.none() | st.integers(1, 60),
    ),
    max_size=12,
)


@given(candidates)
def test_one_related_story_ends_differently_if_there_is_one(others: list[Candidate]) -> None:
    chosen = choose(OWN, others)
    assert len(chosen) <= 3
    assert all(why for _one, why in chosen)
    if any(one.outcome != OWN.outcome for one in others):
        assert chosen[0][0].outcome != OWN.outcome
    if any(one.outcome not in {OWN.outcome, "none"} for one in others):
        assert chosen[0][0].outcome != "none"


def test_the_reason_is_stated() -> None:
    other = Candidate("daniel", "same", SAME_CONDITION, True, 11, 12)
    older = Candidate("tomasz", "good", SAME_BRANCH, False, 14, 24)
    assert [why for _one, why in choose(OWN, [older, other])] == [
        "Same treatment, no change",
        "A related condition, older",
    ]
