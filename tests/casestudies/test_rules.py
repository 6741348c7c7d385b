"""The rules of one person's measurements, references and the list of contents, without a database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from casestudies.contents import PARTS, contents
from casestudies.measurement_rules import faults, phase_of, problems, warnings
from casestudies.references import citation, link_markers, plain_doi, plain_pmid
from measures.scales import Level, Scale
from measures.starter import BY_KEY, STARTER

GMFM66, GMFM88, GMFCS = BY_KEY["gmfm-66"], BY_KEY["gmfm-88"], BY_KEY["gmfcs"]
RATING, ASHWORTH = BY_KEY["family-rating"], BY_KEY["modified-ashworth"]


@dataclass
class Row:
    scale: Scale | None
    value: str = ""
    months: int = 0
    phase: str = ""
    assessed_by: str = ""
    side: str = ""
    part: str = ""
    observed_on: dt.date | None = None


def of_ages(least: int | None, greatest: int | None) -> Scale:
    return Scale(key="walk", name="Walk", kind="interval", ages=(least, greatest))


# One measurement ------------------------------------------------------------------------------------------


@given(st.integers(-60, 60), st.sampled_from(["", "baseline", "follow_up"]))
@example(0, "follow_up")
@example(0, "baseline")
def test_a_stated_phase_counts_and_must_fit_the_months(months: int, phase: str) -> None:
    row = Row(None, "5", months, phase)
    assert phase_of(row) == (phase or ("baseline" if months <= 0 else "follow_up"))
    contradicts = (phase == "baseline" and months > 0) or (phase == "follow_up" and months < 0)
    assert set(faults(row)) == ({"months"} if contradicts else set())


@pytest.mark.parametrize("scale", STARTER, ids=lambda scale: scale.key)
def test_each_measure_names_what_it_lacks_and_who_cannot_assess_it(scale: Scale) -> None:
    lacking = faults(Row(scale, assessed_by="a stranger"))
    needed = {"side"} if scale.needs_side else set()
    needed |= {"part"} if scale.needs_part else set()
    assert set(lacking) == needed | {"assessed_by"}
    for field, rule in lacking.items():
        assert scale.name in rule or (scale.kind == "rating" and field == "assessed_by")
    for who in scale.assessors:
        assert faults(Row(scale, assessed_by=who, side="left", part="calf")) == {}


def test_a_rating_and_a_muscle_are_asked_for_in_their_own_words() -> None:
    assert "what was rated" in faults(Row(RATING))["part"]
    assert "which muscle" in faults(Row(ASHWORTH))["part"]


def test_problems_name_the_row_of_each() -> None:
    rows = [
        Row(GMFM66, "50"),
        Row(GMFM66, "150", 3),
        Row(None, "whatever", 6),
        Row(ASHWORTH, "9", side="left"),
    ]
    found = problems(rows, age=7)
    assert [(one.row, one.field) for one in found] == [(1, "value"), (3, "value"), (3, "part")]
    assert found[0].message == "GMFM-66 runs from 0 to 100: 150 is outside."


@pytest.mark.parametrize(
    ("scale", "age", "months", "message"),
    [
        (of_ages(4, 18), 2, 6, "Walk is for ages 4 to 18. This patient was about 2 (6 months after)."),
        (of_ages(4, None), 2, -36, "Walk is for ages from 4. This patient was about 0 (3 years before)."),
        (of_ages(None, 12), 13, 0, "Walk is for ages up to 12. This patient was about 13 (Treatment)."),
    ],
)
def test_an_age_outside_the_measure_is_named_with_its_limits(
    scale: Scale, age: int, months: int, message: str
) -> None:
    assert [one.message for one in problems([Row(scale, "5", months)], age=age)] == [message]
    assert problems([Row(scale, "5", months)], age=None) == []


# Dates ----------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-24, 60), min_size=1, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_dates_in_the_order_of_months_are_never_refused(months: list[int], random: object) -> None:
    rows = [
        Row(None, "5", month, observed_on=dt.date(2020, 1, 1) + dt.timedelta(30 * month)) for month in months
    ]
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert problems(rows, age=7) == []


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6, unique=True))
def test_dates_in_the_opposite_order_are_refused_at_all_but_the_first(months: list[int]) -> None:
    rows = [
        Row(None, "5", month, observed_on=dt.date(2030, 1, 1) - dt.timedelta(30 * month)) for month in months
    ]
    found = problems(rows, age=7)
    assert {one.row for one in found} == set(range(len(rows))) - {months.index(min(months))}
    assert all(one.field == "observed_on" for one in found)
    assert all("Months and date disagree" in one.message for one in found)


# Warnings -------------------------------------------------------------------------------------------------


def test_each_change_of_a_classification_is_warned_of_in_order_of_time() -> None:
    rows = [Row(GMFCS, "I", 24), Row(GMFCS, "III", 0), Row(GMFCS, "II", 12), Row(GMFCS, "", 18)]
    first, second = warnings(rows)
    assert first.startswith("GMFCS changes from III (Treatment) to II (12 months after).")
    assert second.startswith("GMFCS changes from II (12 months after) to I (2 years after).")


def test_two_sides_of_a_classification_are_two_series() -> None:
    scale = Scale(
        key="hand", name="Hand", kind="level", own_levels=(Level("I"), Level("II")), is_classification=True
    )
    assert warnings([Row(scale, "I", 0, side="left"), Row(scale, "II", 12, side="right")]) == []
    assert len(warnings([Row(scale, "I", 0, side="left"), Row(scale, "II", 12, side="left")])) == 1


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [(GMFM66, GMFM88, 1), (GMFM88, GMFM66, 1), (GMFM66, GMFM66, 0), (GMFM66, ASHWORTH, 0)],
)
def test_two_measures_that_do_not_compare_are_warned_of_both_ways(
    before: Scale, after: Scale, count: int
) -> None:
    found = warnings([Row(before, "3", 0), Row(after, "3", 12)])
    assert len(found) == count
    assert all(before.name in said.split(" and ")[0] for said in found)


# References -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("28529185", "28529185"),
        (" PMID: 28529185 ", "28529185"),
        ("pmid28529185", "28529185"),
        ("https://pubmed.ncbi.nlm.nih.gov/28529185/", "28529185"),
    ],
)
def test_a_pubmed_number_is_kept_alone(typed: str, kept: str) -> None:
    assert plain_pmid(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "PMC28529185", "1234567890", "28 529", "١٢٣", "https://example.org/28529185"]
)
def test_what_is_not_a_pubmed_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match=r"It has one to nine digits, e\.g\. 28529185"):
        plain_pmid(typed)


@pytest.mark.parametrize(
    "typed", ["", "11.1016/x", "10.1016", "10.1016/", "10.12/x", "10.١٢٣٤/x", "10.1016/a b"]
)
def test_what_is_not_a_doi_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"‘{typed}’ is not a DOI.")):
        plain_doi(typed)


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=5),
    st.integers(0, 150),
    st.sampled_from([", ", "-", "–", ","]),
)
def test_only_numbers_that_have_a_reference_become_links(
    numbers: list[int], count: int, between: str
) -> None:
    text = f"A gain [{between.join(map(str, numbers))}]."
    soup = BeautifulSoup(link_markers(text, count), "html.parser")
    assert soup.get_text() == text
    assert [link["href"] for link in soup.find_all("a")] == [f"#r{n}" for n in numbers if 1 <= n <= count]
    assert all(link["aria-label"] == f"Reference {link.get_text()}" for link in soup.find_all("a"))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/x">see [1]</a>',
        '<img alt="[1]">',
        "[a]",
        "[1",
        "[]",
        "[1;2]",
        "[1234]",
        '<A HREF="/x">[1]</A>',
    ],
)
def test_markers_inside_links_and_tags_and_other_brackets_stay(html: str) -> None:
    assert link_markers(html, 9) == html


@pytest.mark.parametrize(
    ("given_parts", "words"),
    [
        (
            {"authors": ["Example A", "Example B"], "number": "CS-14", "version": 2, "year": 2026},
            "Example A, Example B. Walking? Firsthand case study CS-14, version 2. 2026.",
        ),
        ({"authors": ["Example A."]}, "Example A. Walking? Firsthand case study, version 1."),
        ({"authors": []}, "Walking? Firsthand case study, version 1."),
    ],
)
def test_a_citation_leaves_out_what_is_not_known(given_parts: dict[str, object], words: str) -> None:
    assert citation(title="Walking?", site="Firsthand", **given_parts) == words  # type: ignore[arg-type]


# Contents -------------------------------------------------------------------------------------------------

ALWAYS = [id_ for id_, _heading, fields in PARTS if not fields]
ALL_FIELDS = [(name, id_) for id_, _heading, fields in PARTS for name in fields]


@pytest.mark.parametrize(("name", "part"), ALL_FIELDS)
def test_a_heading_is_there_as_soon_as_one_of_its_fields_is_filled(name: str, part: str) -> None:
    assert set(contents({name: "<p>Words</p>"})) == {part, *ALWAYS}
    empties: tuple[object, ...] = ("", "<p> </p>", [], None)
    for empty in empties:
        assert list(contents({name: empty})) == ALWAYS


@given(st.sets(st.sampled_from([name for name, _part in ALL_FIELDS])))
def test_headings_keep_the_order_of_reading(filled: set[str]) -> None:
    shown = list(contents(dict.fromkeys(filled, "Words")))
    assert shown == [id_ for id_, _heading, _fields in PARTS if id_ in shown]
    assert {"harms", "consent"} <= set(shown), "side effects and consent are never left out"
