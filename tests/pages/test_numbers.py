"""Numbers, shares, ages and bars as visitors see them, and the rules that numbers of people must keep."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pages.age_bands import AGES, OLDEST, age_band, age_in_words, age_labels
from pages.cohort_figure import cohort_figure
from pages.numbers import figure, share
from pages.outcome_counts import OUTCOMES, SHAPES, ImpossibleCounts, OutcomeCounts, OutcomeGroup, problems
from pages.stacked_bar import bar_parts, segments
from uploads.errors import EditorError

people = st.integers(0, 100_000)


# Ages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "label"),
    [
        (0, "Under 3"),
        (2, "Under 3"),
        (3, "3 to 5"),
        (5, "3 to 5"),
        (6, "6 to 11"),
        (11, "6 to 11"),
        (12, "12 to 17"),
        (17, "12 to 17"),
        (18, "18 to 64"),
        (64, "18 to 64"),
        (65, "65 or over"),
        (120, "65 or over"),
        (1000, "65 or over"),
    ],
)
def test_an_age_is_in_the_band_whose_label_names_it(years: int, label: str) -> None:
    assert age_labels()[age_band(years)] == label


def test_bands_are_listed_from_young_to_old_and_an_unknown_age_has_none() -> None:
    assert list(age_labels()) == list(AGES)
    assert list(AGES.values()) == sorted(AGES.values())
    assert age_band(None) == ""
    assert "" not in age_labels()


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_person_who_is_older_is_never_in_a_younger_band(one: int, other: int) -> None:
    order = list(AGES)
    assert (order.index(age_band(one)) - order.index(age_band(other))) * (one - other) >= 0


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (None, ""),
        (-1, "under 1"),
        (0, "under 1"),
        (1, "1"),
        (89, "89"),
        (OLDEST, "90 or over"),
        (104, "90 or over"),
    ],
)
def test_an_age_in_words_hides_those_that_are_too_old_to_show(years: int | None, words: str) -> None:
    assert age_in_words(years) == words


# Numbers and shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "1,234,567"), ("es", "1 234 567"), ("ro", "1.234.567"), ("ru", "1 234 567")],
)
def test_a_number_has_the_separators_of_the_readers_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert figure(1_234_567).replace("\xa0", " ") == shown
        assert figure(999) == "999"


@given(people, people)
def test_a_share_is_rounded_to_the_nearest_per_cent(one: int, other: int) -> None:
    part, whole = sorted((one, other))
    said = share(part, whole)
    if not whole:
        assert said == "–"
    elif said == "under 1%":
        assert 0 < 200 * part < whole
    else:
        percent = int(said.removesuffix("%"))
        assert abs(percent * whole - 100 * part) * 2 <= whole
        assert (percent == 0) == (part == 0), "0% is said of no one only"


def test_half_a_per_cent_is_rounded_up() -> None:
    assert [share(part, 200) for part in (0, 1, 3, 199, 200)] == ["0%", "1%", "2%", "100%", "100%"]


# Counts ---------------------------------------------------------------------------------------------------


def test_each_outcome_has_its_own_shape_and_a_combined_group_another() -> None:
    groups = OutcomeCounts(4, 3, 2, 1).groups
    assert [(group.names, group.count) for group in groups] == [
        (("improved",), 4),
        (("unchanged",), 3),
        (("worse",), 2),
        (("lost",), 1),
    ]
    assert [group.shape for group in groups] == [SHAPES[name] for name in OUTCOMES]
    assert OutcomeGroup(("unchanged", "worse"), 5).shape == "mixed"
    assert len({*SHAPES.values(), "mixed"}) == 5


@pytest.mark.parametrize("name", OUTCOMES)
def test_no_outcome_is_below_zero(name: str) -> None:
    numbers: dict[str, int] = {**dict.fromkeys(map(str, OUTCOMES), 1), name: -1}
    with pytest.raises(ImpossibleCounts, match="cannot be below zero"):
        OutcomeCounts(**numbers)
    assert issubclass(ImpossibleCounts, EditorError), "an editor reads the message"


def test_a_sentence_that_two_numbers_break_is_said_once() -> None:
    with pytest.raises(ImpossibleCounts) as refused:
        OutcomeCounts(-1, -1, 0, 0)
    assert str(refused.value).count("below zero") == 1
    both = dict.fromkeys(("treated", "followed_up", "improved", "unchanged", "worse"), -1)
    assert [problem.field for problem in problems(**both)] == list(both)


def test_all_rules_that_figures_break_are_named_together() -> None:
    found = problems(treated=10, followed_up=12, improved=5, unchanged=5, worse=5, lost=3)
    assert [problem.field for problem in found] == ["followed_up", "followed_up"]
    found = problems(treated=12, followed_up=10, improved=5, unchanged=5, worse=5, lost=3)
    assert [(problem.field, "12 minus 10 is 2" in problem.text) for problem in found] == [
        ("followed_up", False),
        ("lost", True),
    ]


# Bars -----------------------------------------------------------------------------------------------------


@given(st.lists(people, min_size=1, max_size=6), st.sampled_from([100, 364, 464]))
def test_each_segment_is_as_wide_as_its_count(counts: list[int], length: int) -> None:
    total = sum(counts)
    placed = segments(counts, length)
    assert round(sum(width for _start, width in placed), 1) == (length if total else 0)
    for count, (_start, width) in zip(counts, placed, strict=True):
        assert width == pytest.approx(length * count / total if total else 0, abs=0.11)


def test_labels_stay_with_their_parts_and_parts_without_people_are_left_out() -> None:
    parts = bar_parts([("good", 1, "1 improved"), ("same", 0, "0 no change"), ("worse", 2, "2 worse")])
    assert [(part.shape, part.words, part.x, part.width) for part in parts] == [
        ("good", "1 improved", "0", "33.3"),
        ("worse", "2 worse", "33.3", "66.7"),
    ]
    assert bar_parts([]) == bar_parts([("good", 0, "0 improved")]) == []


# The figure of everyone treated ---------------------------------------------------------------------------


def test_numbers_that_contradict_each_other_are_shown_as_not_known(caplog: pytest.LogCaptureFixture) -> None:
    shown = cohort_figure(treated=5, improved=6, condition="autism")
    assert "counts" not in shown
    assert "'autism' contradict each other" in caplog.text
    assert "counts" not in cohort_figure(treated=None)
    assert "dots" not in cohort_figure(treated=29, improved=20)


def test_a_story_has_its_own_dot_only_where_a_dot_is_one_person() -> None:
    small = cohort_figure(treated=100, improved=20, unchanged=5, highlight="improved", name="Ines")
    assert (small["mark"].name, small["name"], small["people"]) == ("improved", "Ines", "")
    assert cohort_figure(treated=100, improved=20, highlight="worse")["mark"] is None
    large = cohort_figure(treated=3000, improved=400, highlight="improved")
    assert (large["mark"], large["people"]) == (None, "10")
