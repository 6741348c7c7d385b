"""No small number can be worked out of what is published: by brute force over every table that agrees with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.suppression import (
    COHORT_SUMS,
    SMALLEST,
    Sum,
    has_second_table,
    is_small,
    shown_of_cohort,
    withheld,
    withheld_of_groups,
)

GROUPS = ("improved", "unchanged", "worse", "lost")


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
    shown = shown_of_cohort(**{name: count for name, count in table.items() if name != "lost"})
    return frozenset(shown.withheld)


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
    """Whoever knows the sums, and even whoever knows this program, is left with two possible values or more."""
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
    shown = shown_of_cohort(treated=1240, followed_up=380, improved=210, unchanged=167, worse=3)
    assert shown.groups == ((("improved",), 210), (("unchanged", "worse"), 170), (("lost",), 860))
    assert shown.followed_up == 380
    # Where few improved, 'worse' stays in sight.
    shown = shown_of_cohort(treated=200, followed_up=103, improved=3, unchanged=60, worse=40)
    assert shown.groups == ((("improved", "unchanged"), 63), (("worse",), 40), (("lost",), 97))


def test_a_small_number_of_lost_people_cannot_be_had_by_subtraction() -> None:
    hidden = hidden_in(cohort(60, 30, 10, 2))
    assert {"lost", "followed_up"} <= hidden
    assert hidden & {"improved", "unchanged", "worse"}


def test_fewer_than_five_treated_are_not_shown_at_all() -> None:
    assert hidden_in(cohort(1, 1, 1, 1)) == frozenset(cohort(1, 1, 1, 1))


def test_numbers_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="parts make 6"):
        withheld({"a": 1, "b": 5, "all": 7}, [Sum("all", ("a", "b"))])
    with pytest.raises(ValueError, match="below 0"):
        withheld({"a": -1})


# Any tables -----------------------------------------------------------------------------------------------

counts = st.integers(min_value=0, max_value=7)


def possible(total: int, parts: int) -> Iterable[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in possible(total - first, parts - 1):
            yield (first, *rest)


@given(st.lists(counts, min_size=2, max_size=4))
@settings(max_examples=300, deadline=None)
def test_groups_beside_their_total(numbers: list[int]) -> None:
    groups = {f"g{place}": number for place, number in enumerate(numbers)}
    hidden = withheld_of_groups(groups)
    assert all(not is_small(number) or name in hidden for name, number in groups.items())
    if sum(numbers) < SMALLEST:
        assert not hidden or hidden == set(groups)
        return
    tables = [
        table
        for table in possible(sum(numbers), len(numbers))
        if all(
            name in hidden or table[place] == number for place, (name, number) in enumerate(groups.items())
        )
    ]
    for place, name in enumerate(groups):
        if name in hidden:
            assert len({table[place] for table in tables}) > 1


@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=2))
@settings(max_examples=120, deadline=None)
def test_two_directions_with_both_kinds_of_totals(rows: list[list[int]]) -> None:
    """Two bands of age by three outcomes, with row totals, column totals and the number of all: solved in whole."""
    wide, high = 3, 2
    table = {f"{r}{c}": rows[r][c] for r in range(high) for c in range(wide)}
    table |= {f"row{r}": sum(rows[r]) for r in range(high)}
    table |= {f"col{c}": sum(rows[r][c] for r in range(high)) for c in range(wide)}
    table["all"] = sum(map(sum, rows))
    if is_small(table["all"]):
        return
    sums = [Sum(f"row{r}", tuple(f"{r}{c}" for c in range(wide))) for r in range(high)]
    sums += [Sum(f"col{c}", tuple(f"{r}{c}" for r in range(high))) for c in range(wide)]
    sums += [
        Sum("all", tuple(f"row{r}" for r in range(high))),
        Sum("all", tuple(f"col{c}" for c in range(wide))),
    ]
    hidden = withheld(table, sums, known=["all"])
    assert all(not is_small(number) or name in hidden for name, number in table.items())
    values: dict[str, set[int]] = defaultdict(set)
    for other in tables_agreeing(table, hidden, wide, high):
        for name in hidden:
            values[name].add(other[name])
    for name in hidden:
        assert len(values[name]) > 1, (name, table, sorted(hidden))


def tables_agreeing(
    table: dict[str, int], hidden: frozenset[str], wide: int, high: int
) -> Iterable[dict[str, int]]:
    """Every table of `high` x `wide` whole numbers that agrees with what is shown of `table`."""

    def rows_like(r: int, at_most: int) -> list[tuple[int, ...]]:
        totals = range(at_most + 1) if f"row{r}" in hidden else (table[f"row{r}"],)
        return [
            row
            for total in totals
            for row in possible(total, wide)
            if all(f"{r}{c}" in hidden or row[c] == table[f"{r}{c}"] for c in range(wide))
        ]

    by_total: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for row in rows_like(1, table["all"]):
        by_total[sum(row)].append(row)
    for first in rows_like(0, table["all"]):
        for second in by_total[table["all"] - sum(first)]:
            columns = [a + b for a, b in zip(first, second, strict=True)]
            if all(f"col{c}" in hidden or columns[c] == table[f"col{c}"] for c in range(wide)):
                yield (
                    {f"0{c}": first[c] for c in range(wide)}
                    | {f"1{c}": second[c] for c in range(wide)}
                    | {"row0": sum(first), "row1": sum(second), "all": table["all"]}
                    | {f"col{c}": columns[c] for c in range(wide)}
                )


def test_a_cell_alone_in_its_sum_is_found_out() -> None:
    table = cohort(210, 150, 3, 860)
    assert not has_second_table(table, COHORT_SUMS, {"worse"}, "worse")
    assert has_second_table(table, COHORT_SUMS, {"worse", "unchanged"}, "worse")
