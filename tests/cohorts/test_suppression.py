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

from cohorts.suppression import ShownOutcomes, shown_groups, shown_of_cohort, shown_seen, withheld_of_groups
from disclosure_control.rules import DEFAULT
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


def counts_of(table: Mapping[str, int]) -> OutcomeCounts:
    return OutcomeCounts(*(table[name] for name in OUTCOMES))


def hidden_in(table: Mapping[str, int]) -> frozenset[str]:
    return frozenset(shown_of_cohort(counts_of(table)).withheld)


def as_pairs(shown: ShownOutcomes) -> list[tuple[tuple[str, ...], int]]:
    return [(group.names, group.count) for group in shown.groups]


def tables_with(treated: int) -> Iterable[dict[str, int]]:
    for improved, unchanged, worse in product(range(treated + 1), repeat=3):
        if improved + unchanged + worse <= treated:
            yield cohort(improved, unchanged, worse, treated - improved - unchanged - worse)


@pytest.mark.parametrize("published", [10, 15, 20])
def test_every_count_of_every_small_cohort_has_other_values(published: int) -> None:
    """Even a reader who knows this program is left with three values or more for every count but a zero."""
    by_view: dict[Any, list[dict[str, int]]] = defaultdict(list)
    for treated in range(max(DEFAULT.fewest, published - 2), published + 3):
        for table in tables_with(treated):
            by_view[shown_of_cohort(counts_of(table))].append(table)
    for view, same in by_view.items():
        assert view.treated == published
        assert sum(group.count for group in view.groups) == published
        assert not any(DEFAULT.is_small(group.count) for group in view.groups), view
        for name in (*OUTCOMES, "followed_up", "treated"):
            values = {table[name] for table in same}
            assert len(values) >= 3 or view.count(name) == 0 == max(values) or _only_zero_left(name, view), (
                name,
                view,
                values,
            )


def _only_zero_left(name: str, view: ShownOutcomes) -> bool:
    """Whether everyone is in the lost: then no one was followed up, and zeros are published."""
    return name == "followed_up" and view.followed_up == 0


def test_the_numbers_that_may_be_published_are() -> None:
    assert hidden_in(cohort(210, 150, 20, 860)) == frozenset()
    assert hidden_in(cohort(210, 170, 0, 860)) == frozenset()
    assert hidden_in(cohort(0, 0, 0, 12)) == frozenset()


def test_worse_is_withheld_with_its_neighbour_and_never_alone() -> None:
    assert hidden_in(cohort(210, 150, 3, 860)) == {"worse", "unchanged"}
    # Their sum would be small as well.
    assert hidden_in(cohort(210, 0, 3, 860)) == {"worse", "unchanged", "improved"}
    shown = shown_of_cohort(OutcomeCounts(210, 167, 3, 860))
    assert as_pairs(shown) == [(("improved",), 210), (("unchanged", "worse"), 170), (("lost",), 860)]
    assert shown.followed_up == 380
    # Where few improved, 'worse' stays in sight.
    shown = shown_of_cohort(OutcomeCounts(3, 60, 40, 97))
    assert as_pairs(shown) == [(("improved", "unchanged"), 65), (("worse",), 40), (("lost",), 95)]


def test_a_small_number_of_lost_people_cannot_be_had_by_subtraction() -> None:
    hidden = hidden_in(cohort(60, 30, 10, 2))
    assert {"lost", "followed_up"} <= hidden
    assert hidden & {"improved", "unchanged", "worse"}


def test_fewer_than_ten_treated_are_not_shown_at_all() -> None:
    assert hidden_in(cohort(5, 0, 0, 4)) == frozenset(cohort(1, 1, 1, 1))


def test_people_seen_without_a_result_are_rounded_with_the_others() -> None:
    counts = OutcomeCounts(21, 11, 8, 23)
    shown = shown_of_cohort(counts)
    assert (shown.treated, shown.followed_up) == (65, 40)
    assert shown_seen(shown, counts, 52) == 55
    assert shown_seen(shown, counts, 43) is None  # 3 people without a result


def test_a_lower_bound_is_rounded_down() -> None:
    assert shown_of_cohort(OutcomeCounts(30, 20, 10, 39), at_least=True).treated == 95
    assert shown_of_cohort(OutcomeCounts(30, 20, 10, 39)).treated == 100


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
    assert all(name in hidden for name, number in groups.items() if DEFAULT.is_small(number)), numbers
    if DEFAULT.is_small(sum(numbers)):
        assert hidden == set(groups), numbers
        return
    # The total is public, so a reader can always work out the sum of the hidden counts.
    assert not DEFAULT.is_small(sum(groups[name] for name in hidden)), (numbers, sorted(hidden))
    assert len(hidden) != 1, numbers
    if hidden != set(groups):
        assert all(groups[name] for name in hidden), ("an empty group is hidden", numbers, sorted(hidden))
    if not any(DEFAULT.is_small(number) for number in numbers):
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
    for total in range(DEFAULT.smallest, most + 1):
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


def test_groups_add_up_to_the_rounded_total() -> None:
    """Four groups of 12, rounded one by one, would be 10 each of 50, which only four groups of 12 can be."""
    assert shown_groups(dict.fromkeys("abcd", 12), 50) == [("a", 15), ("b", 15), ("c", 10), ("d", 10)]
    assert shown_groups({"a": 3, "b": 22, "c": 0, "d": 40}, 65) == [
        ("a", None),
        ("b", None),
        ("c", 0),
        ("d", 40),
    ]
