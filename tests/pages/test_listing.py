from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from conditions.words import fold
from pages.age_bands import age_band, age_labels
from pages.listing import Facet, Listing, Sort


@dataclass(frozen=True)
class Person:
    name: str
    country: str
    tags: frozenset[str]


COUNTRIES = {"pt": "Portugal", "ke": "Kenya", "vn": "Vietnam"}
TAGS = {"a": "A", "b": "B", "c": "C"}
people = st.lists(
    st.builds(
        Person,
        st.sampled_from(["Ines", "Daniel", "Linh"]),
        st.sampled_from([*COUNTRIES, ""]),
        st.frozensets(st.sampled_from([*TAGS, "unlisted"])),
    ),
    max_size=40,
)
words = st.sampled_from([*COUNTRIES, *TAGS, "", "nonsense", "\0", "-1", "2", "9" * 5000, "²", "ines"])
queries = st.dictionaries(
    st.sampled_from(["country", "tag", "sort", "page", "q", "other"]), st.lists(words, max_size=4), max_size=6
)


def listing(rows: Sequence[Person], params: Mapping[str, Sequence[str]]) -> Listing[Person]:
    return Listing(
        rows,
        [
            Facet("country", "Country", lambda row: [row.country], COUNTRIES),
            Facet("tag", "Tag", lambda row: row.tags, TAGS, depths={"b": 2}),
        ],
        params,
        sorts=[
            Sort("name", "Name", lambda row: row.name),
            Sort("back", "Back", lambda row: row.name, reverse=True),
        ],
        per_page=5,
        text_of=lambda row: row.name,
    )


def fits(row: Person, listed: Listing[Person], but: str = "") -> bool:
    """Whether a row is to be shown, said as plainly as can be."""
    countries, tags = listed.chosen["country"], listed.chosen["tag"]
    return (
        all(fold(row.name).startswith(word) for word in fold(listed.q).split())
        and (but == "country" or not countries or row.country in countries)
        and (but == "tag" or not tags or any(tag in row.tags for tag in tags))
    )


@given(people, queries)
def test_any_query_string_gives_the_rows_that_fit(rows: list[Person], params: dict[str, list[str]]) -> None:
    listed = listing(rows, params)
    wanted = [row for row in rows if fits(row, listed)]
    assert sorted(listed.results, key=repr) == sorted(wanted, key=repr)
    assert listed.total == len(wanted)
    assert listed.results == sorted(
        listed.results, key=lambda row: row.name, reverse=bool(listed.sort) and listed.sort.value == "back"
    )
    assert 1 <= listed.page.number <= max(1, -(-len(wanted) // 5))
    assert isinstance(listed.url(page=2), str)
    assert isinstance(listed.pages, list)


@given(people, queries)
def test_the_count_of_an_option_is_what_ticking_it_alone_would_show(
    rows: list[Person], params: dict[str, list[str]]
) -> None:
    listed = listing(rows, params)
    shown = {(facet.name, option.value) for facet, options in listed.groups for option in options}
    for facet, options in listed.groups:
        for option in options:
            value = {option.value}
            there = [
                row for row in rows if fits(row, listed, facet.name) and value & set(facet.values_of(row))
            ]
            assert option.count == len(there)
            assert option.chosen == (option.value in listed.chosen[facet.name])
    assert {(name, value) for name, values in listed.chosen.items() for value in values} <= shown


@given(people, queries)
def test_a_chip_takes_away_itself_and_nothing_else(rows: list[Person], params: dict[str, list[str]]) -> None:
    listed = listing(rows, params)
    assert len(listed.chips) == len(listed.hidden)
    for chip, pair in zip(listed.chips, listed.hidden, strict=True):
        left = parse_qs(chip.url.removeprefix("?"))
        again = listing(rows, left)
        assert again.hidden == [other for other in listed.hidden if other != pair]
        assert "page" not in left
        if params.get("sort"):
            assert again.sort == listed.sort or again.sort.value == listed.sort.value


def test_a_narrow_term_is_set_in_under_its_wide_one() -> None:
    rows = [Person("Ines", "pt", frozenset("ab"))]
    (_country, _), (_tag, options) = listing(rows, {}).groups
    assert [option.depth for option in options] == [1, 2]


def test_ages_are_in_one_band_each_and_every_band_has_words() -> None:
    assert age_band(None) == ""
    assert [age_band(years) for years in (0, 2, 3, 5, 6, 11, 12, 17, 18, 64, 65, 120)] == [
        "0-2", "0-2", "3-5", "3-5", "6-11", "6-11", "12-17", "12-17", "18-64", "18-64", "65", "65",
    ]  # fmt: skip
    assert list(age_labels().values()) == [
        "Under 3", "3 to 5", "6 to 11", "12 to 17", "18 to 64", "65 or over",
    ]  # fmt: skip
