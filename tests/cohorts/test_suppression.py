"""No small number can be worked out of what is published: by brute force over every table that agrees with
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.suppression import SMALLEST, ShownOutcomes, is_small, shown_of_cohort, withheld_of_groups
from pages.outcome_counts import OUTCOMES, OutcomeCounts


def cohort(improved: int, unchanged: int, worse: int, lost: int) -> dict[str, int]:
    followed = improved + unchanged + worse
    return {
        "improved": improved,
        "unchanged": unchanged,
        "worse": worse,
        "lost": lost,
        "followed_up": followed,
        "treated": followed + lost,
    }


def hidden_in(table: Mapping[str, int]) -> frozenset[str]:
    shown = shown_of_cohort(OutcomeCounts(*(table[name] for name in OUTCOMES)))
    return frozenset(shown.withheld)


def as_pairs(shown: ShownOutcomes) -> list[tuple[tuple[str, ...], int]]:
    return [(group.names, group.count) for group in shown.groups]


def published(table: Mapping[str, int]) -> tuple[tuple[str, int | None], ...]:
    hidden = hidden_in(table)
    return tuple((name, None if name in hidden else count) for name, count in table.items())


def tables_with(treated: int) -> Iterable[dict[str, int]]:
    for improved, unchanged, worse in product(range(treated + 1), repeat=3):
        if improved + unchanged + worse <= treated:
            yield cohort(improved, unchanged, worse, treated - improved - unchanged - worse)


def agrees(table: Mapping[str, int], shown: Mapping[str, int | None]) -> bool:
    return all(count is None or table[name] == count for name, count in shown.items())


@pytest.mark.parametrize("treated", [5, 6, 9, 12, 16])
def test_every_withheld_cell_of_every_small_cohort_has_a_second_value(treated: int) -> None:
    """A reader who knows the sums, and even one who knows this program, is left with two possible values or
    more.
    """
    tables = list(tables_with(treated))
    by_view: dict[Any, list[dict[str, int]]] = defaultdict(list)
    for table in tables:
        by_view[published(table)].append(table)
    for view, same_view in by_view.items():
        shown = dict(view)
        assert not any(count is not None and is_small(count) for count in shown.values()), view
        secret = [name for name, count in view if count is None]
        consistent = [table for table in tables if agrees(table, shown)] if secret else []
        for name in secret:
            assert len({table[name] for table in consistent}) > 1, (name, view)
            # Only tables that this program would have published in just this way.
            assert len({table[name] for table in same_view}) > 1, (name, view)


def test_the_numbers_that_may_be_published_are() -> None:
    assert hidden_in(cohort(210, 150, 20, 860)) == frozenset()
    assert hidden_in(cohort(210, 170, 0, 860)) == frozenset()
    assert hidden_in(cohort(0, 0, 0, 7)) == frozenset()


def test_worse_is_withheld_with_its_neighbour_and_never_alone() -> None:
    assert hidden_in(cohort(210, 150, 3, 860)) == {"worse", "unchanged"}
    # Their sum would be small as well.
    assert hidden_in(cohort(210, 0, 3, 860)) == {"worse", "unchanged", "improved"}
    shown = shown_of_cohort(OutcomeCounts(210, 167, 3, 860))
    assert as_pairs(shown) == [(("improved",), 210), (("unchanged", "worse"), 170), (("lost",), 860)]
    assert shown.followed_up == 380
    # Where few improved, 'worse' stays in sight.
    shown = shown_of_cohort(OutcomeCounts(3, 60, 40, 97))
    assert as_pairs(shown) == [(("improved", "unchanged"), 63), (("worse",), 40), (("lost",), 97)]


def test_a_small_number_of_lost_people_cannot_be_had_by_subtraction() -> None:
    hidden = hidden_in(cohort(60, 30, 10, 2))
    assert {"lost", "followed_up"} <= hidden
    assert hidden & {"improved", "unchanged", "worse"}


def test_fewer_than_five_treated_are_not_shown_at_all() -> None:
    assert hidden_in(cohort(1, 1, 1, 1)) == frozenset(cohort(1, 1, 1, 1))


def test_a_count_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        withheld_of_groups({"a": -1})


# Groups next to their total -------------------------------------------------------------------------------


def possible(total: int, parts: int) -> Iterable[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in possible(total - first, parts - 1):
            yield (first, *rest)


def named(numbers: Iterable[int]) -> dict[str, int]:
    return {f"g{place}": number for place, number in enumerate(numbers)}


def check_groups(numbers: tuple[int, ...]) -> None:
    """Assert what a table of groups promises, whatever its numbers are."""
    groups = named(numbers)
    hidden = withheld_of_groups(groups)
    assert all(name in hidden for name, number in groups.items() if is_small(number)), numbers
    if is_small(sum(numbers)):
        assert hidden == set(groups), numbers
        return
    # The total is public, so a reader can always work out the sum of the hidden counts.
    assert not is_small(sum(groups[name] for name in hidden)), (numbers, sorted(hidden))
    assert len(hidden) != 1, numbers
    if hidden != set(groups):
        assert all(groups[name] for name in hidden), ("an empty group is hidden", numbers, sorted(hidden))
    if not any(is_small(number) for number in numbers):
        assert not hidden, numbers


@given(st.lists(st.integers(0, 7) | st.integers(0, 5000), max_size=9).map(tuple))
@settings(max_examples=300, deadline=None)
def test_hidden_counts_are_never_few_people_together_and_never_empty(numbers: tuple[int, ...]) -> None:
    check_groups(numbers)


@pytest.mark.parametrize(("groups", "most"), [(1, 40), (2, 40), (3, 30), (4, 20), (5, 12)])
def test_every_hidden_count_of_every_small_table_has_a_second_value(groups: int, most: int) -> None:
    """Solve every table of up to `most` people: neither the sums nor this program's own code tell a hidden
    count.
    """
    for total in range(SMALLEST, most + 1):
        by_view: dict[Any, list[set[int]]] = defaultdict(lambda: [set() for _ in range(groups)])
        for table in possible(total, groups):
            check_groups(table)
            hidden = withheld_of_groups(named(table))
            view = tuple(None if f"g{place}" in hidden else count for place, count in enumerate(table))
            for values, count in zip(by_view[view], table, strict=True):
                values.add(count)
        # The values that a count has in the tables that this program would have published in just this way.
        for view, values_of in by_view.items():
            for shown, values in zip(view, values_of, strict=True):
                assert shown is not None or len(values) > 1, (total, view, values_of)


def test_three_people_in_two_groups_cannot_be_had_by_subtraction() -> None:
    """With 50 published next to the total of 53, a reader would know of 3 people in the two other groups."""
    assert withheld_of_groups({"a": 1, "b": 2, "c": 50}) == {"a", "b", "c"}
    assert withheld_of_groups({"a": 1, "b": 4, "c": 50}) == {"a", "b"}


def test_twice_four_people_are_not_told_by_their_sum() -> None:
    """8 people in two groups that this program hides without a third can only be 4 and 4."""
    assert withheld_of_groups({"a": 4, "b": 50, "c": 4}) == {"a", "b", "c"}
    assert withheld_of_groups({"a": 4, "b": 0, "c": 4}) == {"a", "c"}
    assert withheld_of_groups({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 0}) == set("abcdef")


def test_the_partner_of_a_small_group_is_the_nearest_with_people() -> None:
    assert withheld_of_groups({"a": 3, "b": 0, "c": 40, "d": 60}) == {"a", "c"}
    assert withheld_of_groups({"a": 60, "b": 0, "c": 3, "d": 0, "e": 40}) == {"a", "c"}
    assert withheld_of_groups({"a": 60, "b": 40, "c": 3}) == {"b", "c"}
