"""The rating rule: shared cases with the editor's browser, properties, and the real transcripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.rating import Rating, rate, sure, tidy
from transcripts.words import language, tokens

CASES = json.loads((Path(__file__).parent / "rating_cases.json").read_text(encoding="utf-8"))
SMALL = Path(__file__).parent / "data"

WORDS = st.sampled_from(
    [
        "we",
        "went",
        "home",
        "um",
        "uh",
        "and",
        "and",
        "not",
        "sort",
        "of",
        "two",
        "3",
        "I",
        "was,",
        "you",
        "know,",
        "like",
        "water.",
        "[laughs]",
        "[inaudible]",
        "[?um?]",
        "wen-",
        "[…]",
        "so",
        "well",
    ]
)
SAID = st.lists(WORDS, max_size=25).map(" ".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_cases(case: dict[str, str]) -> None:
    rated = rate(case["said"], case["published"])
    assert rated.rating == case["rating"], rated.reasons


def test_a_protected_word_inside_an_omission_is_reported() -> None:
    assert "not" in rate("She did not walk before and now she walks.", "She […] walks.").meaning


def test_marking_the_omission_fixes_it() -> None:
    said, slip = "We went home on the bus and slept.", "We went home and slept."
    assert rate(said, slip).reasons[0].is_fixable
    assert rate(said, "We went home […] and slept.").rating is Rating.LIGHTLY_EDITED


def test_without_a_language_file_nothing_is_a_filler() -> None:
    assert not language("xx").fillers
    assert rate("Um, we went home.", "We went home.", "xx").rating is Rating.REWORDED


@pytest.mark.parametrize("code", ["../en", "e/n", "", "..", "en\0"])
def test_a_language_code_is_never_a_path(code: str) -> None:
    assert not language(code).fillers or code.startswith("en")


@given(SAID)
def test_the_same_words_are_verbatim(said: str) -> None:
    # A transcript may have a gap itself. Publishing one is an edit that must be shown.
    if "[…]" not in said:
        assert rate(said, said).rating is Rating.VERBATIM


@given(SAID)
def test_tidying_is_never_rewording(said: str) -> None:
    rated = rate(said, tidy(said))
    assert rated.rating is not Rating.REWORDED, rated.reasons


@given(SAID, st.integers(0, 24), st.sampled_from(["banana", "always", "7"]))
def test_an_added_word_is_always_found(said: str, at: int, word: str) -> None:
    words = said.split()
    words.insert(min(at, len(words)), word)
    assert rate(said, " ".join(words)).rating is Rating.REWORDED


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_rated(said: str, published: str) -> None:
    rated = rate(said, published)
    assert 0 <= rated.share <= 100
    assert all(said[token.at : token.end] for token in tokens(said, said=True))


def test_doubt_is_taken_off() -> None:
    assert sure("[?Um?] we [?went?]home") == "Um we went home"


@pytest.mark.parametrize("transcripts", ["2 invented", "57 real"])
def test_whole_transcripts(request: pytest.FixtureRequest, transcripts: str) -> None:
    """Mock consultations; the invented ones in the repository are laid out like the real ones."""
    invented = transcripts == "2 invented"
    folder = SMALL if invented else request.getfixturevalue("shared_data") / "interviews"
    cues = [
        re.sub(r"<[^>]*>", "", line).strip()
        for path in sorted(folder.glob("*.vtt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("<v ")
    ]
    assert len(cues) == (39 if invented else 6742)
    for said in cues if invented else cues[::5]:
        assert rate(said, said).rating is Rating.VERBATIM, said
        assert rate(said, tidy(said)).rating is not Rating.REWORDED, said
