"""Rounding that adds up, quantiles that are nobody's value, means that no one person can be told from."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_control.counts import add_up, rounded
from disclosure_control.rules import DEFAULT, OFF, Rules
from disclosure_control.values import change, quantiles, to_step
from disclosure_control.versions import Difference, difference, holds
from figures.statistics import change_from_baseline


@given(st.lists(st.integers(0, 400), min_size=1, max_size=9), st.booleans())
def test_cells_add_up_and_each_is_next_to_its_count(cells: list[int], down: bool) -> None:
    total = rounded(sum(cells), DEFAULT, down=down)
    shown = add_up(cells, total, DEFAULT)
    assert sum(shown) == total
    for cell, one in zip(cells, shown, strict=True):
        assert one % 5 == 0
        assert abs(one - cell) < 5
        assert (one == 0) == (cell == 0) or 0 < cell < 5
    assert add_up(cells, sum(cells), OFF) == cells


def test_a_total_out_of_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be rounded"):
        add_up([5, 5], 20, DEFAULT)
    with pytest.raises(ValueError, match="1 or more"):
        Rules(base=0)


@given(st.lists(st.integers(0, 200).map(lambda number: number / 2), max_size=70))
def test_a_published_quantile_is_shared_by_five_people(values: list[float]) -> None:
    shown = quantiles(values, DEFAULT)
    assert bool(shown) == (len(values) >= 20)
    assert not shown or bool(shown["first_quartile"]) == (len(values) >= 40)
    for name in ("median", "first_quartile", "third_quartile"):
        if shown.get(name):
            half = float(shown["step"]) / 2 + 1e-9
            assert sum(abs(value - float(shown[name])) <= half for value in values) >= 5


def test_quartiles_of_five_people_are_three_peoples_values() -> None:
    values = [41.0, 47.5, 52.0, 58.5, 66.0]
    assert quantiles(values, DEFAULT) == {}
    exact = quantiles(values, OFF)
    assert [exact["first_quartile"], exact["median"], exact["third_quartile"]] == ["47.5", "52", "58.5"]


def shown_change(changes: list[float], rules: Rules = DEFAULT) -> dict[str, str]:
    return change(changes, change_from_baseline([(50, 50 + one) for one in changes]), rules)


def test_a_mean_moves_by_less_than_a_step_when_one_person_comes() -> None:
    chance = random.Random(3)
    for _number in range(200):
        changes = [chance.choice([-8.5, -3, 0, 2, 4.5, 9]) for _one in range(chance.randint(10, 60))]
        before, after = shown_change(changes), shown_change([*changes, -8.5])
        if before and after:
            step = max(float(one["change_step"]) for one in (before, after))
            assert abs(float(before["change"]) - float(after["change"])) <= 2 * step


def test_a_mean_is_not_shown_of_few_people_or_of_people_who_are_alike() -> None:
    assert shown_change([1, 2, 3, 4, 5, 6, 7, 8, 9]) == {}
    assert shown_change([3.0] * 30) == {}
    assert shown_change([3.0] * 30 + [4.0] * 4) == {}
    assert shown_change([3.0] * 30 + [4.0] * 5)["change"] == "3.15"


@pytest.mark.parametrize(
    ("value", "step", "text"), [(-0.2, 0.5, "0"), (12.26, 0.5, "12.5"), (70, 20, "80"), (3, 0.01, "3")]
)
def test_a_value_is_rounded_to_its_step(value: float, step: float, text: str) -> None:
    assert to_step(value, step) == text


def test_a_difference_counts_people() -> None:
    assert difference({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}, left=2) == Difference(
        1, 1, 3
    )


def test_figures_hold_while_each_is_the_same_or_the_next() -> None:
    shown = {"n": 25, "none": 0, "change": "4.5", "change_step": "0.5", "groups": [["a", None], ["b", 10]]}
    assert holds(shown, shown | {"n": 20, "change": "4"}, DEFAULT)
    for other in (
        {"n": 15},
        {"none": 5},
        {"change": "3.5"},
        {"groups": [["a", 5], ["b", 10]]},
        {"change": ""},
    ):
        assert not holds(shown, shown | other, DEFAULT)
    assert not holds(shown, {"n": 25}, DEFAULT)
