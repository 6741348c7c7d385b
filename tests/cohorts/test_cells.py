"""Cells of case rows: each refusal has its line, its column and what to write."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.case_rows import CaseRead, CasesRead, RowError, Seen
from cohorts.csv_import import read_cases
from cohorts.row_cells import BadCell, age_band_of, day_of, number_of, result_of, sex_of, value_of

TODAY = dt.date(2026, 11, 22)
HEAD = "case_id,age,sex,treated_on,measure,seen_on,months,value,result"


def read(*rows: str, head: str = HEAD) -> CasesRead:
    known = {"GMFM-66": (0.0, 100.0), "Seizures": (0.0, None), "Words": (None, None)}
    text = "\n".join([head, *rows])
    return read_cases(text.encode(), measures=known, keyed=lambda number: f"key of {number}", today=TODAY)


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (",7,,,GMFM-66,,12,5,", "case_id", "Every row needs the number of its case."),
        ("A,7.5,,,,,,,", "age", "The age is a whole number of years."),
        ("A,-1,,,,,,,", "age", "An age lies between 0 and 120 years."),
        ("A,121,,,,,,,", "age", "An age lies between 0 and 120 years."),
        ("A,,girl,,,,,,", "sex", "Write female, male or other."),
        ("A,,,31.05.2024,,,,,", "treated_on", "Write the day as 2024-05-31: year, month, day."),
        ("A,,,2026-11-23,,,,,", "treated_on", "This day is in the future."),
        ("A,,,1899-12-31,,,,,", "treated_on", "This day is before 1900."),
        ("A,,,,,,,50,", "measure", "Enter the measure that this row is about."),
        ("A,,,,,,,,worse", "measure", "Enter the measure that this row is about."),
        (
            "A,,,,Walks,,1,5,",
            "measure",
            "This cohort has no measure “Walks”. It has: GMFM-66, Seizures, Words.",
        ),
        ("A,,,,GMFM-66,2024-02-30,,5,", "seen_on", "Write the day as 2024-05-31: year, month, day."),
        (
            "A,,,,GMFM-66,2024-05-01,,5,",
            "treated_on",
            "A day of measurement needs the day of treatment to count from.",
        ),
        ("A,,,,GMFM-66,,,5,", "seen_on", "Enter the day, or the months since treatment."),
        ("A,,,,GMFM-66,,soon,5,", "months", "“soon” is not a number."),
        ("A,,,,GMFM-66,,601,5,", "months", "Months since treatment lie between −600 and 600."),
        ("A,,,,GMFM-66,,1e99999999,5,", "months", "Months since treatment lie between −600 and 600."),
        ("A,,,,GMFM-66,,12,fifty,", "value", "“fifty” is not a number."),
        ("A,,,,GMFM-66,,12,NaN,", "value", "“NaN” is not a number."),
        ("A,,,,GMFM-66,,12,1_0,", "value", "“1_0” is not a number."),
        (
            'A,,,,Words,,12,"1,200",',
            "value",
            "‘1,200’ can be read in two ways. Write 1200, or 1.2 with a point.",
        ),
        ("A,,,,Words,,12,1000000,", "value", "A value lies below a million."),
        ("A,,,,Words,,12,1e99999999,", "value", "A value lies below a million."),
        ("A,,,,GMFM-66,,12,100.1,", "value", "GMFM-66 runs from 0 to 100: 100.1 is impossible."),
        ("A,,,,Seizures,,12,-1,", "value", "Seizures runs from 0 to …: -1 is impossible."),
        ("A,,,,GMFM-66,,12,,", "value", "Enter a value, a result, or both."),
        ("A,,,,GMFM-66,,12,50,cured", "result", "Write improved, no change or worse."),
        ("A,,,,GMFM-66,,0,50,improved", "months", "A result comes after the treatment, not before."),
        (
            "A,,,2024-05-01,GMFM-66,2024-05-01,,50,improved",
            "seen_on",
            "A result comes after the treatment, not before.",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_where_it_is(row: str, column: str, text: str) -> None:
    found = read("B,7,f,,GMFM-66,,12,50,improved", row)
    assert found.errors == [RowError(3, column, text)]
    assert str(found.errors[0]) == f"line 3, column ‘{column}’: {text}"
    assert [case.key for case in found.cases] == ["key of B"]
    assert (found.rows, found.refused) == (2, 1)


def test_a_line_is_counted_as_a_text_editor_counts_it() -> None:
    found = read('"A",7,,,"GM\nFM",,12,5,', "", "", "B,old,,,,,,,", "C,7,x,,,,,,")
    assert [(error.line, error.column) for error in found.errors] == [(2, "measure"), (6, "age"), (7, "sex")]


@pytest.mark.parametrize(
    ("rows", "column", "text"),
    [
        (("A,7,,,,,,,", "A,12,,,,,,,"), "age", "Another row of this case gives a different value: 6-11."),
        (("A,,f,,,,,,", "A,,m,,,,,,"), "sex", "Another row of this case gives a different value: female."),
        (
            ("A,,,2024-05-01,,,,,", "A,,,2024-05-02,,,,,"),
            "treated_on",
            "Another row of this case gives a different day of treatment.",
        ),
        (
            ("A,,,,GMFM-66,,12,50,", "A,,,,gmfm-66,,12,51,"),
            "seen_on",
            "This case has two rows for the same measure and day.",
        ),
    ],
)
def test_rows_that_disagree_are_refused_at_the_second(rows: tuple[str, str], column: str, text: str) -> None:
    assert read(*rows).errors == [RowError(3, column, text)]


def test_two_errors_of_one_row_are_both_named_and_the_case_counts_once() -> None:
    found = read("A,old,girl,,Walks,,1,5,", "A,,,,,,,5,")
    assert [(error.line, error.column) for error in found.errors] == [
        (2, "age"), (2, "measure"), (2, "sex"), (3, "measure"),
    ]  # fmt: skip
    assert (found.cases, found.refused) == ([], 1)


def test_rows_without_a_number_are_counted_one_by_one() -> None:
    assert read(",1,,,,,,,", ",2,,,,,,,").refused == 2


def test_a_row_error_without_a_column_names_the_line_only() -> None:
    assert str(RowError(4, "", "Too short.")) == "line 4: Too short."


def test_the_first_of_two_equal_headings_counts_and_headings_are_read_in_any_case() -> None:
    found = read("A,7,40", head="Case ID,AGE,age")
    assert [case.age_band for case in found.cases] == ["6-11"]
    found = read("A,1,blue", head="case_id,Shoe,Eyes")
    assert found.notices == ["Left out, because the import does not use it: Shoe, Eyes."]


# Single cells ---------------------------------------------------------------------------------------------


@given(st.integers(-200, 400))
def test_an_age_is_a_band_or_refused(years: int) -> None:
    if 0 <= years <= 120:
        low, _dash, high = age_band_of(str(years)).partition("-")
        assert int(low) <= years <= int(high or 120)
    else:
        with pytest.raises(BadCell, match="between 0 and 120"):
            age_band_of(str(years))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-999_999, max_value=999_999))
def test_a_value_is_the_same_with_a_point_and_with_a_comma(number: Decimal) -> None:
    assert value_of(str(number)) == number
    with_comma = f"{number:.2f}".replace(".", ",")
    assert value_of(with_comma) == Decimal(f"{number:.2f}")


@given(st.text(max_size=20) | st.from_regex(r"[+-]?[0-9]{1,4}[.,eE_]?[0-9]{0,12}", fullmatch=True))
def test_any_cell_is_read_or_refused_with_its_column(text: str) -> None:
    for parse in (age_band_of, sex_of, value_of, result_of, lambda cell: day_of(cell, "seen_on", TODAY)):
        said = "refused"
        try:
            parse(text)
        except BadCell as error:
            assert error.column in {"age", "sex", "value", "result", "seen_on"}  # noqa: PT017
            said = error.text
        assert said


@pytest.mark.parametrize(
    ("typed", "kept"), [("0,125", "0.125"), ("51,2", "51.2"), ("-3,75", "-3.75"), ("12.345", "12.345")]
)
def test_a_decimal_comma_that_can_be_read_in_one_way_is_taken(typed: str, kept: str) -> None:
    assert number_of(typed, "value") == Decimal(kept)


def test_words_are_read_in_any_case_and_an_empty_cell_is_nothing() -> None:
    assert [sex_of(text) for text in ("F", "Male", "OTHER", "")] == ["female", "male", "other", ""]
    assert [result_of(text) for text in ("Better", "same", "No change", "WORSE", "")] == [
        "improved", "unchanged", "unchanged", "worse", "",
    ]  # fmt: skip
    assert (age_band_of(""), value_of(""), day_of("", "seen_on", TODAY)) == ("", None, None)
    assert day_of("2026-11-22", "seen_on", TODAY) == TODAY


# Cases ----------------------------------------------------------------------------------------------------

seen = st.builds(
    Seen,
    measure=st.sampled_from(["GMFM-66", "Words"]),
    day=st.integers(-30, 900),
    value=st.none() | st.integers(0, 100).map(Decimal),
    result=st.sampled_from(["", "improved", "worse"]),
)


@given(st.lists(seen, max_size=6), st.randoms(use_true_random=False))
def test_the_hash_of_a_case_does_not_depend_on_the_order_of_its_rows(
    observations: list[Seen], random: object
) -> None:
    shuffled = list(observations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = CaseRead("a", 2, "6-11", "female", observations)
    assert one.digest == CaseRead("b", 9, "6-11", "female", shuffled).digest
    assert one.digest != CaseRead("a", 2, "6-11", "male", observations).digest
    more = [*observations, Seen("GMFM-66", 1000, Decimal(1), "")]
    assert one.digest != CaseRead("a", 2, "6-11", "female", more).digest
