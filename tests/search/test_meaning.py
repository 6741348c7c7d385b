"""What a search means: which words name a condition or a treatment, and which stay words."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conditions.words import fold
from search.excerpt import Match, excerpt, matches, opening
from search.meaning import MOST_CONCEPTS, Concept, Meaning, meaning_of, near_names
from search.text import page_texts
from search.words import WORD, asked, runs, words_in
from tests.factories import ConditionFactory, StandardPageFactory, TreatmentFactory

LETTERS = "abc ABC éÉ.-'\"ش"


@pytest.fixture
def terms(db: None) -> dict[str, Any]:
    palsy = ConditionFactory(name="Cerebral palsy", names=["CP", "Little's disease"])
    return {
        "palsy": palsy,
        "diplegia": ConditionFactory(name="Spastic diplegia", parent=palsy),
        "autism": ConditionFactory(name="Autism"),
        "cells": TreatmentFactory(name="Cord blood cells", names=["stem cells", "CP"]),
    }


def named(typed: str) -> list[list[str]]:
    return [sorted(concept.names) for concept in meaning_of(asked(typed)).concepts]


BOTH = ["Cerebral palsy", "Cord blood cells"]


@pytest.mark.parametrize(
    ("typed", "concepts", "rest"),
    [
        ("cerebral palsy", [["Cerebral palsy"]], ()),
        ("CÉREBRAL  PALSY", [["Cerebral palsy"]], ()),
        ("palsy", [], ("palsy",)),
        ("cp", [BOTH], ()),
        ("C.P.", [BOTH], ()),
        ("autism in boys", [["Autism"]], ("in", "boys")),
        ("stem cells for autism", [["Cord blood cells"], ["Autism"]], ("for",)),
        ("autism autism autism", [["Autism"], ["Autism"]], ("autism",)),
        ("littles disease", [["Cerebral palsy"]], ()),
        ("nothing of the kind", [], ("nothing", "of", "the", "kind")),
    ],
)
def test_whole_names_are_concepts_and_the_rest_stays(
    terms: Any, typed: str, concepts: list[list[str]], rest: tuple[str, ...]
) -> None:
    meaning = meaning_of(asked(typed))
    assert named(typed) == concepts
    assert meaning.rest == rest
    assert len(meaning.concepts) <= MOST_CONCEPTS


def test_other_names_are_looked_for_too_but_not_those_typed(terms: Any) -> None:
    assert meaning_of(asked("cerebral palsy")).also == ()
    assert set(meaning_of(asked("CP")).also) == set(BOTH)
    assert meaning_of(asked("stem cells")).needles == [("Cord", "blood", "cells")]
    assert meaning_of(asked("stem cells for cerebral palsy")).also == ("Cord blood cells",)


def test_no_words_mean_nothing_and_ask_nothing(terms: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert meaning_of(asked(' "" ')) == Meaning()
    with django_assert_num_queries(2):
        meaning_of(asked("stem cells for autism"))


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("cerebal palsy", ["Cerebral palsy"]),
        ("autsim", ["Autism"]),
        ("stem cell", ["stem cells"]),
        ("bicycle", []),
    ],
)
def test_a_misspelt_name_is_guessed(terms: Any, typed: str, near: list[str]) -> None:
    assert near_names(asked(typed)) == near


def test_at_most_so_many_names_are_guessed(terms: Any) -> None:
    for number in range(6):
        ConditionFactory(name=f"Autism {number}")
    assert len(near_names(asked("autism 9"))) == 4
    assert len(near_names(asked("autism 9"), most=2)) == 2


def test_a_concept_names_its_conditions_and_its_treatments(terms: Any) -> None:
    concept = Concept((terms["palsy"],), (terms["cells"],))
    assert concept.names == BOTH


# Without a database -------------------------------------------------------------------------------


@given(words=st.lists(st.text("abc", min_size=1, max_size=3), max_size=7), longest=st.integers(0, 8))
def test_runs_are_neighbours_each_once(words: list[str], longest: int) -> None:
    found = list(runs(tuple(words), longest))
    lengths = [end - start for start, end, _folded in found]
    assert lengths == sorted(lengths, reverse=True)
    assert len({(start, end) for start, end, _folded in found}) == len(found)
    assert len(found) == sum(len(words) - size + 1 for size in range(1, min(longest, len(words)) + 1))
    assert all(folded == fold(" ".join(words[start:end])) for start, end, folded in found)


@given(
    text=st.text(LETTERS, max_size=120),
    needles=st.lists(st.text(LETTERS, min_size=1, max_size=6), max_size=4),
)
def test_matches_are_whole_words_in_order_and_apart(text: str, needles: list[str]) -> None:
    wanted = [words_in(needle) for needle in needles]
    starts = {found.start() for found in WORD.finditer(text)}
    ends = {found.end() for found in WORD.finditer(text)}
    reached = 0
    for match in matches(text, wanted):
        assert match.start >= reached
        assert match.start in starts
        assert match.end in ends
        # Word by word: between two words of a needle there may be anything that is not a word.
        hit = [fold(word) for word in words_in(text[match.start : match.end])]
        assert hit == [fold(word) for word in wanted[match.needle]]
        reached = match.end


@given(
    before=st.lists(st.sampled_from(["a", "bb", "ccc"]), max_size=20),
    word=st.sampled_from(["stairs", "Stairs"]),
)
def test_a_word_that_is_there_is_found(before: list[str], word: str) -> None:
    text = " ".join([*before, word])
    assert matches(text, [("STAIRS",)]) == [Match(len(text) - 6, len(text), 0)]


@given(text=st.text(LETTERS + "\n<&", max_size=600), length=st.integers(20, 200))
def test_an_opening_is_short_and_cut_at_an_end(text: str, length: int) -> None:
    shown = unescape(opening(text, length))
    assert len(shown) <= length + 2
    assert text.strip().startswith(shown.removesuffix(" …").rstrip())
    assert shown.endswith(" …") == bool(text[length:].strip()) or len(text.strip()) <= length


@given(text=st.text(LETTERS, max_size=300))
def test_without_needles_there_is_no_excerpt(text: str) -> None:
    assert excerpt(text, []) == ""
    assert excerpt([], [("a",)]) == ""


@pytest.mark.django_db
def test_a_page_gives_its_own_columns_and_no_title(home: Any) -> None:
    page = StandardPageFactory(
        title="Notitle", slug="noslug", body=[("text", "<p>Fourteen <b>stairs</b>.</p>")]
    )
    words = " ".join(page_texts(page))
    assert "Fourteen stairs." in words
    assert "Notitle" not in words
    assert "noslug" not in words
    assert all(page_texts(page)), "no empty texts"


@pytest.mark.django_db
def test_a_word_of_a_longer_name_is_not_a_concept_of_its_own(terms: Any) -> None:
    ConditionFactory(name="Disease")
    meaning = meaning_of(asked("littles disease in boys"))
    assert [concept.names for concept in meaning.concepts] == [["Cerebral palsy"]]
    assert meaning.rest == ("in", "boys")


def test_a_word_is_marked_once() -> None:
    assert matches("a b a", [("a", "b"), ("b", "a")]) == [Match(0, 3, 0)]
