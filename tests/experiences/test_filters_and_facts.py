"""The story index as filtered and sorted, the facts on a story's page, and its share of own words."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiences.filters import formats, row_values, story_facets, story_listing, story_sorts
from experiences.own_words import OwnWords, rate_quotes, total
from experiences.page_facts import about_video, glance, own_words_line, story_contents
from experiences.reading_time import kinds_in, minutes_to_read
from experiences.rows import ExperienceRow
from pages.choices import Outcome
from pages.facet_index import FacetIndex
from pages.listed import Listed
from pages.listing import Listing
from pages.term_places import ListedTerm, TermPlaces
from transcripts.rating import rate

DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TERMS = TermPlaces(
    {
        "0001": ListedTerm("nervous", "Nervous system", 1),
        "00010001": ListedTerm("palsy", "Cerebral palsy", 2),
    },
    {1: "0001", 2: "00010001"},
)
rows = st.lists(
    st.builds(
        ExperienceRow,
        kind=st.sampled_from(["story", "video"]),
        pk=st.integers(1, 10_000),
        outcome=st.sampled_from(Outcome.values),
        age=st.none() | st.integers(0, 99),
        country=st.sampled_from(["", "PT", "DE", "ZZ"]),
        has_audio=st.booleans(),
        has_video=st.booleans(),
        followed_months=st.none() | st.integers(0, 60),
        published=st.none() | st.integers(0, 400).map(lambda days: (DAY + dt.timedelta(days)).timestamp()),
        is_sample=st.booleans(),
        conditions=st.sets(st.sampled_from([1, 2, 9])).map(lambda tags: tuple(sorted(tags))),
    ),
    unique_by=lambda row: row.pk,
    max_size=15,
)
FACETS = {
    "condition": ["nervous", "palsy", "unknown"],
    "age": ["0-2", "18-64", "65"],
    "outcome": [*Outcome.values],
    "format": ["text", "video", "sound"],
    "country": ["PT", "DE", "ZZ"],
}
queries = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), max_size=2) for name, values in FACETS.items()}
)


def on_index(found: list[ExperienceRow], params: dict[str, list[str]]) -> Listing[ExperienceRow]:
    index = FacetIndex(
        found,
        make=ExperienceRow._make,
        key_of=lambda row: row.pk,
        values=row_values(TERMS, TermPlaces()),
        orders={sort.value: sort.key for sort in story_sorts()},
    )
    return story_listing(Listed(index, TERMS, TermPlaces()), params)


def on_rows(found: list[ExperienceRow], params: dict[str, list[str]]) -> Listing[ExperienceRow]:
    values = row_values(TERMS, TermPlaces())
    present = {name: {value for row in found for value in values[name](row)} for name in values}
    return Listing(
        found, story_facets(TERMS, TermPlaces(), present), params, sorts=story_sorts(), per_page=12
    )


def listed(found: list[ExperienceRow], params: dict[str, list[str]]) -> list[ExperienceRow]:
    return list(on_index(found, params).results)


@settings(max_examples=40)
@given(rows, queries, st.sampled_from(["newest", "followed", "youngest", "country"]))
def test_the_index_shows_what_the_rows_one_by_one_show(
    found: list[ExperienceRow], params: dict[str, list[str]], sort: str
) -> None:
    asked = {**params, "sort": [sort]}
    first, second = on_index(found, asked), on_rows(found, asked)
    assert list(first.results) == list(second.results)
    assert [options for _facet, options in first.groups] == [options for _facet, options in second.groups]
    assert first.chips == second.chips


@settings(max_examples=40)
@given(rows, queries)
def test_each_choice_narrows_the_list_and_each_count_is_what_one_more_tick_shows(
    found: list[ExperienceRow], params: dict[str, list[str]]
) -> None:
    listing = on_index(found, params)
    assert {row.pk for row in listing.results} <= {row.pk for row in found}
    for facet, options in listing.groups:
        for option in options:
            alone = listed(found, {**params, facet.name: [option.value]})
            assert len(alone) == option.count
            assert all(option.value in facet.values_of(row) for row in alone)


@given(rows, st.sampled_from(["newest", "followed", "youngest", "country", "outcome", ""]))
def test_every_order_shows_every_story_with_unknown_facts_last(found: list[ExperienceRow], sort: str) -> None:
    results = listed(found, {"sort": [sort]})
    assert sorted(row.pk for row in results) == sorted(row.pk for row in found)
    known = {
        "followed": [bool(row.followed_months) for row in results],
        "youngest": [row.age is not None for row in results],
        "country": [bool(row.country) for row in results],
    }.get(sort, [row.published is not None for row in results])
    assert known == sorted(known, reverse=True)
    ages = [row.age for row in results if row.age is not None]
    assert sort != "youngest" or ages == sorted(ages)
    months = [row.followed_months or 0 for row in results]
    assert sort != "followed" or months == sorted(months, reverse=True)


@settings(max_examples=40)
@given(rows, st.randoms(use_true_random=False))
def test_the_outcome_of_a_story_never_decides_its_place(found: list[ExperienceRow], random: Any) -> None:
    others = [row._replace(outcome=random.choice(Outcome.values)) for row in found]
    for sort in story_sorts():
        places = [[row.pk for row in listed(some, {"sort": [sort.value]})] for some in (found, others)]
        assert places[0] == places[1]


@pytest.mark.parametrize(
    ("kind", "sound", "film", "expected"),
    [
        ("story", False, False, {"text"}),
        ("story", True, True, {"text", "sound", "video"}),
        ("video", False, True, {"video"}),
        ("video", False, False, set()),
    ],
)
def test_only_a_story_can_be_read(kind: str, sound: bool, film: bool, expected: set[str]) -> None:
    row = ExperienceRow(kind, 1, "good", None, "", sound, film, None, None, is_sample=False)
    assert formats(row) == expected


# Facts --------------------------------------------------------------------------------------------------


def story(**fields: Any) -> Any:
    given_fields = {
        "named": "Ines, 6", "age_text": "6", "name_is_pseudonym": False, "country_name": "Portugal",
        "condition_text": "Cerebral palsy", "treatment_text": "Physiotherapy", "followed_months": 12,
        "outcome": "same", "outcome_words": "No <change>", "own_share": 92, "own_omissions": 0,
        "parts": [SimpleNamespace(id="before", title="Before")], "timeline": [],
        "patient_name": "Ines", "told_by": "", "measured_by_clinician": "",
    }  # fmt: skip
    return SimpleNamespace(**{**given_fields, **fields})


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "Ines, 6 at treatment"),
        ({"age_text": "", "named": "Ines"}, "Ines"),
        ({"name_is_pseudonym": True}, "Ines, 6 at treatment (not the real name)"),
    ],
)
def test_a_glance_says_whether_the_name_is_real(fields: dict[str, Any], named: str) -> None:
    facts = {str(label): value for label, value in glance(story(**fields))}
    assert facts["Patient"] == named
    assert facts["Followed for"] == "12 months"
    assert facts["What happened"] == '<span class="out same">No &lt;change&gt;</span>'


@pytest.mark.parametrize("field", ["country_name", "condition_text", "age_text", "treatment_text", "told_by"])
def test_what_is_not_known_of_a_video_is_not_stated(field: str) -> None:
    known = story(told_by="Marta", measured_by_clinician="Yes", condition_text="CP")
    assert "Not stated" not in [value for _label, value in about_video(known)]
    without = story(**{**vars(known), field: ""})
    assert [value for _label, value in about_video(without)].count("Not stated") == 1
    assert dict(glance(story(followed_months=None)))["Followed for"] == "Not stated"


@pytest.mark.parametrize(
    ("share", "left_out", "words"),
    [
        (100, 0, "100 % of the words quoted are as they were said. Nothing is left out inside a quote."),
        (92, 1, "92 % of the words quoted are as they were said. 1 passage is left out inside quotes, shown as […]."),
        (None, 2, "0 % of the words quoted are as they were said. 2 passages are left out inside quotes, each shown as […]."),
    ],
)  # fmt: skip
def test_the_line_about_own_words(share: int | None, left_out: int, words: str) -> None:
    assert own_words_line(story(own_share=share, own_omissions=left_out)) == words


def test_the_contents_list_only_headings_that_the_page_has() -> None:
    assert [name for name, _text in story_contents(story())] == ["before", "everyone", "made"]
    full = story_contents(story(timeline=[1]), has_related=True, has_conversation=True)
    assert [name for name, _text in full][1:] == ["follow-up", "everyone", "conversation1", "made", "related"]


# Own words and reading time -----------------------------------------------------------------------------

SAID = "She climbed the stairs at home and I carried her bag"
ratings = st.sampled_from(
    [SAID, "She climbed the stairs […] and I carried her bag", "I carried her bag up", "Um"]
)


@given(st.lists(ratings, max_size=5))
def test_the_share_of_own_words_is_rounded_down_and_reworded_quotes_keep_none(published: list[str]) -> None:
    rated = [rate(SAID, text) for text in published]
    words = total(rated)
    assert words.quotes == len(published)
    assert (words.share is None) == (not published)
    assert (words.share == 100) == (bool(published) and set(published) == {SAID})
    assert words.omissions == sum("[…]" in text for text in published)
    reworded = [one for one in rated if one.rating == "reworded"]
    assert len(reworded) < len(rated) or words.share in (None, 0)


def test_a_quote_without_its_excerpt_gets_no_rating(db: None) -> None:
    value = {"excerpt": 999_999, "text": "She climbed", "rating": "verbatim"}
    block = {"type": "excerpt_quote", "id": "q", "value": value}
    stream = SimpleNamespace(get_prep_value=lambda: [block], raw_data=[block])
    assert rate_quotes([stream]) == OwnWords(None, 0, 0)
    assert stream.raw_data[0]["value"] == {**value, "rating": ""}
    assert block["value"] is value
    assert value["rating"] == "verbatim", "the block that was read is not changed in place"


@given(st.integers(0, 1000), st.integers(1, 3))
def test_reading_time_counts_the_words_of_all_parts_but_no_markup(words: int, parts: int) -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "text", "value": "<p class='a b'>" + "word " * words + "</p>"},
        {"type": "figure", "value": {"caption": "word " * 5000}},
        {
            "type": "excerpt_quote",
            "value": {"text": "word", "rating": "lightly edited", "compiled": {"text": "word " * 900}},
        },
    ]
    assert minutes_to_read(*[blocks] * parts) == max(1, -(-(words + 1) * parts // 200))
    assert kinds_in(blocks) == {"text", "figure", "excerpt_quote"}
