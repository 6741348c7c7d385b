"""Suggestions of conditions from the words of an interview, lay names included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conditions.suggestions import Lexicon, suggest

NAMES = {
    1: ["Cerebral palsy", "CP"],
    2: ["Spastic diplegia"],
    3: ["Hypertension", "high blood pressure"],
    4: ["Multiple sclerosis", "MS"],
}
LEXICON = Lexicon(NAMES)


def found(*texts: str) -> dict[int, list[str]]:
    return {suggestion.term: [hit.words for hit in suggestion.hits] for suggestion in suggest(texts, LEXICON)}


def test_lay_names_and_abbreviations() -> None:
    assert found("He has CP, they said.", "And high blood pressure since May.") == {
        1: ["CP"],
        3: ["high blood pressure"],
    }


@pytest.mark.parametrize(
    "text",
    [
        "He asked about ms of delay.",
        "Do you have high blood pressure?",
        "She has no hypertension.",
        "I never had MS.",
    ],
)
def test_what_does_not_count(text: str) -> None:
    assert found(text) == {}


def test_a_negation_in_another_sentence_does_not_count() -> None:
    suggestion = suggest(["No, never. He has cerebral palsy. Is it CP?"], LEXICON)[0]
    assert [hit.sentence for hit in suggestion.hits] == ["He has cerebral palsy."]
    assert suggestion.ruled_out == 1


@given(st.text(max_size=200))
def test_mentions_are_in_the_text(text: str) -> None:
    for at, end, terms in LEXICON.find(text):
        assert 0 <= at < end <= len(text)
        assert terms
