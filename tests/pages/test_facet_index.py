"""A list on an index shows what the same list on its rows shows, after any changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.facet_index import FacetIndex
from pages.listing import Facet, Listing, Sort

COUNTRIES = {"ke": "Kenya", "pt": "Portugal", "vn": "Vietnam"}
TAGS = {tag: tag.upper() for tag in "abcdefgh"}


class Person(NamedTuple):
    number: int
    country: str
    tags: frozenset[str]
    age: int


def facets() -> list[Facet[Person]]:
    return [
        Facet("country", "Country", lambda row: [row.country], COUNTRIES),
        Facet("tag", "Tag", lambda row: row.tags, TAGS),
    ]


SORTS = [
    Sort[Person]("oldest", "Oldest", lambda row: (-row.age, row.number)),
    Sort[Person]("number", "Number", lambda row: row.number),
    Sort[Person]("country", "Country", lambda row: (row.age, row.number), grouped_by="country"),
]


def indexed(rows: Sequence[Person]) -> FacetIndex[Person]:
    return FacetIndex(
        rows,
        make=Person._make,
        key_of=lambda row: row.number,
        values={facet.name: facet.values_of for facet in facets()},
        orders={sort.value: sort.key for sort in SORTS},
    )


def shown(rows: Any, params: Mapping[str, Sequence[str]], **options: Any) -> dict[str, Any]:
    """Everything a template takes from a list."""
    listing = Listing(rows, facets(), params, sorts=SORTS, per_page=3, **options)
    return {
        "total": listing.total,
        "all": list(listing.results),
        "page": (listing.page.number, list(listing.page.object_list)),
        "pages": listing.pages,
        "groups": [(facet.name, list(options), options.more) for facet, options in listing.groups],
        "chips": listing.chips,
        "counts": {
            name: {k: n for k, n in listing.counts(name).items() if k and n} for name in ("country", "tag")
        },
    }


def person(number: int) -> st.SearchStrategy[Person]:
    return st.builds(
        Person, st.just(number), st.sampled_from([*COUNTRIES, "", "xx"]),
        st.frozensets(st.sampled_from([*TAGS, "unlisted"])), st.integers(0, 5),
    )  # fmt: skip


numbers = st.integers(0, 120)
people = st.dictionaries(numbers, st.none(), max_size=90).flatmap(
    lambda chosen: st.tuples(*(person(number) for number in chosen))
)
changes = st.lists(numbers, max_size=6, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries({number: st.none() | person(number) for number in chosen})
)
values = st.lists(st.sampled_from([*COUNTRIES, *TAGS, "", "nonsense"]), max_size=3)
queries = st.fixed_dictionaries(
    {},
    optional={
        "country": values, "tag": values, "page": st.lists(st.sampled_from(["1", "2", "7", "99", "-1", "x"]), max_size=1),
        "sort": st.lists(st.sampled_from([*(sort.value for sort in SORTS), "none"]), max_size=1),
    },
)  # fmt: skip


@given(people, st.lists(changes, max_size=5), queries)
def test_an_index_answers_as_its_rows_do_after_any_changes(
    rows: Sequence[Person], edits: Sequence[dict[int, Person | None]], params: dict[str, list[str]]
) -> None:
    index = indexed(rows)
    plain = {row.number: row for row in rows}
    for edit in edits:
        before, had = index, dict(plain)
        index = index.replaced(edit)
        plain = {number: row for number, row in {**plain, **edit}.items() if row is not None}
        # A reader of the old one still sees what was there.
        assert shown(before, params) == shown(list(had.values()), params)
        assert {number: index.get(number) for number in plain} == plain
        assert len(index) == len(plain)
    assert shown(index, params) == shown(list(plain.values()), params)


@pytest.mark.parametrize("share", [1, 2, 30, 300])
@pytest.mark.parametrize("sort", ["oldest", "number", "country"])
def test_every_page_of_a_long_list_is_the_same(share: int, sort: str) -> None:
    """Few found rows are sorted, many are walked along from either end."""
    rows = [
        Person(number, [*COUNTRIES][number % 3], frozenset("a" if number % share == 0 else "b"), number % 7)
        for number in range(3000)
    ]
    index = indexed(rows[100:]).replaced({row.number: row for row in rows[:100]})
    for page in (1, 2, 5, 400, 700, 1000):
        params = {"tag": ["a"], "sort": [sort], "page": [str(page)]}
        plain = Listing(rows, facets(), params, sorts=SORTS, per_page=3).page
        found = Listing(index, facets(), params, sorts=SORTS, per_page=3).page
        assert (found.number, list(found.object_list)) == (plain.number, list(plain.object_list))


@given(people, queries, st.integers(1, 3))
def test_a_long_facet_shows_the_most_frequent_options_and_the_chosen_until_all_are_asked_for(
    rows: Sequence[Person], params: dict[str, list[str]], most: int
) -> None:
    every = shown(rows, params)
    fewer = shown(rows, params, most_options=most)
    for (name, options, _more), (_name, some, more) in zip(every["groups"], fewer["groups"], strict=True):
        assert len(some) + more == len(options)
        assert [option for option in options if option in some] == some
        left_out = [option for option in options if option not in some]
        assert not any(option.chosen for option in left_out)
        assert not left_out or len(options) > most + 5
        if left_out:
            ranked = sorted((option.count for option in options), reverse=True)
            assert max(option.count for option in left_out) <= ranked[most - 1]
            listing = Listing(rows, facets(), params, sorts=SORTS, per_page=3, most_options=most)
            url = next(o.all_url for facet, o in listing.groups if facet.name == name)
            again = parse_qs(url.removeprefix("?").partition("#")[0])
            assert again["all"] == [name]
            whole = shown(rows, {**params, **again}, most_options=most)
            assert len(next(o for n, o, _m in whole["groups"] if n == name)) == len(options)


def test_what_lies_above_a_chosen_narrow_term_is_shown_with_it() -> None:
    tree = {f"wide{n}": "Wide" for n in range(12)} | {"narrow": "Narrow"}
    rows = [
        Person(n, "", frozenset({f"wide{n % 12}"} | ({"narrow"} if n == 11 else set())), 0) for n in range(60)
    ]
    facet: Facet[Person] = Facet("tag", "Tag", lambda row: row.tags, tree, depths={"narrow": 2})
    ((_facet, options),) = Listing(rows, [facet], {"tag": ["narrow"]}, most_options=2).groups
    assert [option.value for option in options] == ["wide0", "wide1", "wide11", "narrow"]
    assert options.total == 13


def test_to_replace_a_row_by_itself_changes_nothing() -> None:
    rows = [Person(number, "pt", frozenset("a"), 1) for number in range(5)]
    index = indexed(rows)
    assert index.replaced({}) is index.replaced({3: rows[3], 77: None}) is index
