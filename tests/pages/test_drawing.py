"""The line and the dots: geometry against the numbers, words against the numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import drawing, wording
from pages.drawing import CELL, COLUMNS, GROUPS, Counts

MOVE = re.compile(r"([MHVz])([\d ]*)")
cells = st.integers(0, 400)
people = st.integers(0, 900)
counts_strategy = st.builds(Counts, people, people, people, people)


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
def test_every_person_is_in_the_picture(counts: Counts) -> None:
    dots = drawing.dots(counts)
    drawn = {group: area(path) / CELL**2 if path else 0 for group, path in dots.paths.items()}
    if counts.treated <= drawing.MOST_DOTS:
        assert drawn == {group: counts.of(group) for group in GROUPS}
    for group in GROUPS:
        assert abs(drawn[group] * dots.people - counts.of(group)) <= dots.people
        assert bool(drawn[group]) == bool(counts.of(group)), "nobody is rounded away"
    assert sum(drawn.values()) == dots.total
    assert dots.total * CELL <= COLUMNS * dots.height < dots.total * CELL + COLUMNS * CELL


@pytest.mark.parametrize(
    ("treated", "to_a_dot"), [(1, 1), (2000, 1), (2001, 10), (20_000, 10), (20_001, 100)]
)
def test_how_many_people_a_dot_stands_for(treated: int, to_a_dot: int) -> None:
    assert drawing.people_to_a_dot(treated) == to_a_dot


def test_the_prototypes_own_figures() -> None:
    dots = drawing.dots(Counts.of_treated(1240, 210, 150, 20), "improved")
    assert dots.paths == {
        "improved": "M0 0H320V40H80V48H0z",
        "unchanged": "M80 40H320V72H0V48H80z",
        "worse": "M0 72H160V80H0z",
        "unknown": "M160 72H320V248H0V80H160z",
    }
    assert dots.marked is not None
    assert holds(dots.paths["improved"], *dots.marked)


@given(counts_strategy, st.sampled_from(GROUPS))
def test_the_highlighted_dot_lies_in_its_own_group(counts: Counts, group: drawing.Group) -> None:
    dots = drawing.dots(counts, group)
    if counts.of(group):
        assert dots.marked is not None
        assert holds(dots.paths[group], *dots.marked)
    else:
        assert dots.marked is None


@pytest.mark.parametrize(("treated", "drawn"), [(29, False), (30, True)])
def test_a_small_group_is_a_table(treated: int, drawn: bool) -> None:
    assert drawing.is_drawn(Counts.of_treated(treated)) is drawn


def test_figures_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="30 people followed up, but only 20 treated"):
        Counts.of_treated(20, 10, 10, 10)
    with pytest.raises(ValueError, match="worse: -1 people"):
        Counts(1, 1, -1, 1)


def numbers_in(sentence: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", sentence)]


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_the_sentence_says_the_numbers_of_the_picture(a: int, b: int, c: int, d: int) -> None:
    counts = Counts(a, b, c, d)
    said = numbers_in(wording.cohort_sentence(counts, condition="cerebral palsy", months=12))
    expected = [counts.treated]
    if counts.followed:
        expected += [counts.followed, counts.improved, counts.unchanged, counts.worse]
        expected += [counts.unknown] if counts.unknown else []
    assert said == expected
    described = numbers_in(wording.dots_description(counts))
    assert described == [counts.of(group) for group in GROUPS]
    assert [numbers_in(row.count) for row in wording.cohort_rows(counts)] == [[counts.of(g)] for g in GROUPS]


def test_the_sentence_reads_as_designed() -> None:
    counts = Counts.of_treated(1240, 210, 150, 20)
    assert wording.cohort_sentence(counts, condition="cerebral palsy", months=12, over=True) == (
        "Of over 1,240 people treated for cerebral palsy, 380 were followed up for a year. "
        "210 improved, 150 did not change and 20 got worse. We do not know how the other 860 are."
    )


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(210, 380, "55%"), (1, 1000, "under 1%"), (0, 1000, "0%"), (1, 0, "–"), (5, 1000, "1%"), (2, 2, "100%")],
)
def test_shares_never_round_somebody_away(part: int, whole: int, said: str) -> None:
    assert wording.share(part, whole) == said


@given(st.one_of(st.none(), st.integers(-3, 60)), st.lists(st.integers(-6, 60), max_size=8))
def test_the_line_has_one_scale(months: int | None, visits: list[int]) -> None:
    line = drawing.followup_line(months, visits)
    ticks = [int(x) for x in re.findall(r"M(\d+) 2v10", line.path)]
    assert drawing.TREATMENT_AT <= line.end <= drawing.LINE_WIDTH
    if months is None or months <= 0:
        assert (line.end, ticks) == (drawing.TREATMENT_AT, [])
    elif months <= drawing.LONGEST_MONTHS:
        assert line.end == drawing.TREATMENT_AT + 8 * months
        assert ticks, "somebody followed was seen at least once"
    assert all(drawing.TREATMENT_AT < tick <= line.end for tick in ticks)
    assert ticks == sorted(set(ticks))


def test_the_lines_of_the_prototype() -> None:
    assert drawing.followup_line(12, [3, 6, 12]).path == "M42 7H138M66 2v10M90 2v10M138 2v10"
    assert drawing.followup_line(1).path == "M42 7H50M50 2v10"


@given(st.dictionaries(st.sampled_from(drawing.OUTCOMES), st.integers(0, 500)))
def test_the_bar_has_no_gap_and_leaves_nobody_out(counts: dict[str, int]) -> None:
    bars = drawing.mix_bars(counts)
    assert {bar.outcome: bar.count for bar in bars} == {key: n for key, n in counts.items() if n}
    reached = 0.0
    for bar in bars:
        assert float(bar.x) == pytest.approx(reached, abs=0.051)
        reached = float(bar.x) + float(bar.width)
    assert not bars or reached == pytest.approx(100)
