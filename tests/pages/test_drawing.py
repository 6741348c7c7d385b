"""The line and the dots: geometry against the numbers, words against the numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import drawing, wording
from pages.choices import Outcome
from pages.drawing import CELL, COLUMNS
from pages.numbers import share
from pages.outcome_counts import (
    OUTCOMES,
    ImpossibleCounts,
    OutcomeCounts,
    OutcomeGroup,
    OutcomeName,
    problems,
)
from pages.stacked_bar import bar_parts, segments

MOVE = re.compile(r"([MHVz])([\d ]*)")
cells = st.integers(0, 400)
people = st.integers(0, 900)
counts_strategy = st.builds(OutcomeCounts, people, people, people, people)


def corners(path: str) -> list[tuple[int, int]]:
    """The corners of an outline written with M, H, V and z."""
    x = y = 0
    found = []
    for command, numbers in MOVE.findall(path):
        values = [int(number) for number in numbers.split()]
        if command == "M":
            x, y = values
        elif command == "H":
            x = values[0]
        elif command == "V":
            y = values[0]
        else:
            break
        found.append((x, y))
    return found


def area(path: str) -> float:
    points = corners(path)
    return abs(sum(a * d - b * c for (a, b), (c, d) in zip(points, points[1:] + points[:1], strict=True))) / 2


def holds(path: str, x: float, y: float) -> bool:
    """Whether a point lies inside, by counting the edges to its left."""
    points = corners(path)
    edges = zip(points, points[1:] + points[:1], strict=True)
    return sum(a == c and min(b, d) < y < max(b, d) and a < x for (a, b), (c, d) in edges) % 2 == 1


@given(cells, cells)
def test_a_staircase_covers_its_cells_and_no_other(first: int, second: int) -> None:
    start, stop = sorted((first, second))
    path = drawing.staircase(start, stop)
    if start == stop:
        assert path == ""
        return
    assert area(path) == (stop - start) * CELL**2
    for cell in range(max(0, start - COLUMNS - 1), stop + COLUMNS + 1):
        row, column = divmod(cell, COLUMNS)
        centre = column * CELL + CELL / 2, row * CELL + CELL / 2
        assert holds(path, *centre) == (start <= cell < stop), cell


@given(counts_strategy)
def test_every_person_is_in_the_picture(counts: OutcomeCounts) -> None:
    dots = drawing.dots(counts)
    drawn = {group: area(path) / CELL**2 if path else 0 for group, path in dots.paths.items()}
    if counts.treated <= drawing.MOST_DOTS:
        assert drawn == {group: counts.of(group) for group in OUTCOMES}
    for group in OUTCOMES:
        assert abs(drawn[group] * dots.people - counts.of(group)) <= dots.people
        assert bool(drawn[group]) == bool(counts.of(group)), "a group with people is drawn"
    assert sum(drawn.values()) == dots.total
    assert dots.total * CELL <= COLUMNS * dots.height < dots.total * CELL + COLUMNS * CELL


@pytest.mark.parametrize(
    ("treated", "to_a_dot"), [(1, 1), (2000, 1), (2001, 10), (20_000, 10), (20_001, 100)]
)
def test_how_many_people_a_dot_stands_for(treated: int, to_a_dot: int) -> None:
    assert drawing.people_to_a_dot(treated) == to_a_dot


def test_the_prototypes_own_figures() -> None:
    dots = drawing.dots(OutcomeCounts.of_treated(1240, 210, 150, 20), "improved")
    assert dots.paths == {
        "improved": "M0 0H320V40H80V48H0z",
        "unchanged": "M80 40H320V72H0V48H80z",
        "worse": "M0 72H160V80H0z",
        "lost": "M160 72H320V248H0V80H160z",
    }
    assert dots.marked is not None
    assert holds(dots.paths["improved"], *dots.marked)


@given(counts_strategy, st.sampled_from(OUTCOMES))
def test_the_highlighted_dot_lies_in_its_own_group(counts: OutcomeCounts, group: OutcomeName) -> None:
    dots = drawing.dots(counts, group)
    if counts.of(group):
        assert dots.marked is not None
        assert holds(dots.paths[group], *dots.marked)
    else:
        assert dots.marked is None


@pytest.mark.parametrize(("treated", "drawn"), [(29, False), (30, True)])
def test_a_small_group_is_a_table(treated: int, drawn: bool) -> None:
    assert drawing.is_drawn(OutcomeCounts.of_treated(treated)) is drawn


def numbers_in(sentence: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", sentence)]


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_the_sentence_says_the_numbers_of_the_picture(a: int, b: int, c: int, d: int) -> None:
    counts = OutcomeCounts(a, b, c, d)
    said = numbers_in(wording.cohort_sentence(counts, condition="cerebral palsy", months=12))
    expected = [counts.treated]
    if counts.followed_up:
        expected += [counts.followed_up, counts.improved, counts.unchanged, counts.worse]
        expected += [counts.lost] if counts.lost else []
    assert said == expected
    described = numbers_in(wording.dots_description(counts))
    assert described == [counts.of(group) for group in OUTCOMES]
    assert [numbers_in(row.count) for row in wording.cohort_rows(counts)] == [
        [counts.of(g)] for g in OUTCOMES
    ]


def test_the_sentence_reads_as_designed() -> None:
    counts = OutcomeCounts.of_treated(1240, 210, 150, 20)
    assert wording.cohort_sentence(counts, condition="cerebral palsy", months=12, over=True) == (
        "More than 1,240 people were treated for cerebral palsy. 380 of them were followed up for a year: "
        "210 improved, 150 did not change and 20 got worse. "
        "The other 860 or more were lost to follow-up: we do not know how they are."
    )


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(210, 380, "55%"), (1, 1000, "under 1%"), (0, 1000, "0%"), (1, 0, "–"), (5, 1000, "1%"), (2, 2, "100%")],
)
def test_shares_never_hide_people(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said


def test_those_lost_to_follow_up_are_not_part_of_those_followed_up() -> None:
    """41 of 96 were followed up: the 55 others must not be listed among them."""
    groups = [
        OutcomeGroup(("improved",), 12),
        OutcomeGroup(("unchanged", "worse"), 29),
        OutcomeGroup(("lost",), 55),
    ]
    assert wording.outcome_sentences(96, groups, followed_up=41, condition="autism", months=6) == (
        "About 96 people were treated for autism. "
        "41 of them were followed up for 6 months: improved: 12; no change or worse: 29. "
        "The other 55 were lost to follow-up: we do not know how they are. "
        "Numbers under five are combined, so that no one can be identified."
    )


def test_of_people_treated_without_follow_up_nothing_is_said() -> None:
    assert wording.outcome_sentences(400, [], followed_up=None, months=12) == (
        "About 400 people were treated. We do not know how any of them are today."
    )


# Counts ---------------------------------------------------------------------------------------------------

numbers = st.integers(0, 9000)


@given(numbers, numbers, numbers, numbers)
def test_figures_that_add_up_are_taken(improved: int, unchanged: int, worse: int, lost: int) -> None:
    followed_up = improved + unchanged + worse
    figures = {
        "treated": followed_up + lost, "followed_up": followed_up, "improved": improved, "unchanged": unchanged,
        "worse": worse,
    }  # fmt: skip
    assert not problems(**figures, lost=lost)
    counts = OutcomeCounts.of_figures(**figures)
    assert (counts.lost, counts.followed_up, counts.treated) == (lost, followed_up, followed_up + lost)
    assert counts == OutcomeCounts.of_treated(followed_up + lost, improved, unchanged, worse)
    assert sum(group.count for group in counts.groups) == counts.treated


@given(*[st.integers(-3, 12)] * 5)
def test_figures_are_refused_exactly_where_they_break_a_rule(
    treated: int, followed_up: int, improved: int, unchanged: int, worse: int
) -> None:
    figures = (treated, followed_up, improved, unchanged, worse)
    is_possible = min(figures) >= 0 and improved + unchanged + worse == followed_up <= treated
    if is_possible:
        assert OutcomeCounts.of_figures(*figures).lost == treated - followed_up
    else:
        with pytest.raises(ImpossibleCounts):
            OutcomeCounts.of_figures(*figures)


@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            ("treated", "followed_up", "improved", "unchanged", "worse", "lost"),
            st.none() | st.integers(-2, 9),
        )
    )
)
def test_a_number_that_is_not_given_breaks_no_rule(figures: dict[str, int | None]) -> None:
    for problem in problems(**figures):
        assert figures[problem.field] is not None
        assert problem.text


def test_what_is_wrong_is_said_with_the_numbers() -> None:
    with pytest.raises(ImpossibleCounts, match=r"followed up \(30\) than were treated \(20\)"):
        OutcomeCounts.of_treated(20, 10, 10, 10)
    with pytest.raises(ImpossibleCounts, match="add up to 6, but 7"):
        OutcomeCounts.of_figures(9, 7, 1, 5, 0)
    with pytest.raises(ImpossibleCounts, match="below zero"):
        OutcomeCounts(1, 1, -1, 1)


@given(st.one_of(st.none(), st.integers(-3, 60)), st.lists(st.integers(-6, 60), max_size=8))
def test_the_line_has_one_scale(months: int | None, visits: list[int]) -> None:
    line = drawing.followup_line(months, visits)
    ticks = [int(x) for x in re.findall(r"M(\d+) 2v10", line.path)]
    assert drawing.TREATMENT_AT <= line.end <= drawing.LINE_WIDTH
    if months is None or months <= 0:
        assert (line.end, ticks) == (drawing.TREATMENT_AT, [])
    elif months <= drawing.LONGEST_MONTHS:
        assert line.end == drawing.TREATMENT_AT + 8 * months
        assert ticks, "a person followed was seen at least once"
    assert all(drawing.TREATMENT_AT < tick <= line.end for tick in ticks)
    assert ticks == sorted(set(ticks))


def test_the_lines_of_the_prototype() -> None:
    assert drawing.followup_line(12, [3, 6, 12]).path == "M42 7H138M66 2v10M90 2v10M138 2v10"
    assert drawing.followup_line(1).path == "M42 7H50M50 2v10"


@given(st.dictionaries(st.sampled_from(Outcome.values), st.integers(0, 500)))
def test_the_bar_has_no_gap_and_leaves_no_one_out(counts: dict[str, int]) -> None:
    parts = bar_parts((name, count, f"{count} {name}") for name, count in counts.items())
    assert {part.shape: part.count for part in parts} == {key: n for key, n in counts.items() if n}
    reached = 0.0
    for part in parts:
        assert float(part.x) == pytest.approx(reached, abs=0.051)
        reached = float(part.x) + float(part.width)
    assert not parts or reached == pytest.approx(100)


@given(st.lists(st.integers(0, 5000), max_size=6), st.sampled_from([100, 364]))
def test_segments_meet_exactly_and_fill_the_length(counts: list[int], length: int) -> None:
    placed = segments(counts, length)
    assert len(placed) == len(counts)
    for (start, width), (after, _width) in pairwise(placed):
        assert start + width == pytest.approx(after)
    if sum(counts):
        assert sum(width for _start, width in placed) == pytest.approx(length)
    else:
        assert all(width == 0 for _start, width in placed)
