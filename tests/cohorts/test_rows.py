"""Case rows: what is read, what is refused and where, what never comes in; counting; importing twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from cohorts import counting
from cohorts.case_rows import CasesRead
from cohorts.columns import NAMES, identifies, template_csv
from cohorts.csv_import import read_cases
from cohorts.models import CohortCase, CohortCount, CohortObservation, CohortReport
from cohorts.services import forget_rows, import_rows, key_maker, read_for
from pages.outcome_counts import problems
from tests.cohorts.cohorts import case, csv_of, rows_cohort
from uploads.errors import EditorError

TODAY = dt.date(2026, 11, 22)


def read(data: bytes | str, **measures: tuple[float | None, float | None]) -> CasesRead:
    given = data.encode() if isinstance(data, str) else data
    known = measures or {"GMFM-66": (0.0, 100.0)}
    return read_cases(given, measures=known, keyed=lambda number: f"key of {number}", today=TODAY)


# Rules ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "field", "said"),
    [
        (
            {"followed_up": 1241, "improved": 1241},
            "followed_up",
            "More people were followed up (1,241) than were treated (1,240)",
        ),
        ({"followed_up": 380, "improved": 381}, "followed_up", "add up to 381, but 380 were followed up"),
        ({"followed_up": 380, "improved": 380, "lost": 800}, "lost", "1,240 minus 380 is 860"),
        ({"followed_up": 5, "improved": -1}, "improved", "below zero"),
        ({"treated": None, "followed_up": 5, "improved": 5}, "followed_up", "how many people were treated"),
    ],
)
def test_numbers_that_cannot_be_are_refused_with_the_rule(
    numbers: dict[str, Any], field: str, said: str
) -> None:
    whole = {"treated": 1240, "unchanged": 0, "worse": 0, "lost": None, **numbers}
    found = problems(**whole)
    assert [one.field for one in found] == [field]
    assert said in found[0].text


# Reading --------------------------------------------------------------------------------------------------


def test_a_case_comes_out_without_dates_numbers_and_age() -> None:
    found = read(
        "case_id,age,sex,treated_on,measure,seen_on,value\n"
        "A-1,7,f,2024-03-04,GMFM-66,2024-03-01,51.2\n"
        'A-1,,,2024-03-04,gmfm-66,2025-03-02,"55,6"\n'
        "A-2,34,male,2024-05-06,,,\n"
    )
    assert found.errors == []
    one, two = found.cases
    assert (one.key, one.age_band, one.sex) == ("key of A-1", "6-11", "female")
    assert [(seen.day, seen.value) for seen in one.observations] == [
        (-3, Decimal("51.2")),
        (363, Decimal("55.6")),
    ]
    assert (two.age_band, two.observations) == ("18-64", [])
    assert "2024" not in repr(found)


def test_every_error_is_named_by_line_and_column_and_the_whole_case_is_refused() -> None:
    found = read(
        "case_id,age,sex,treated_on,measure,seen_on,months,value,result\n"
        "A,7,female,2024-03-04,GMFM-66,2025-03-02,,101,\n"  # above the scale
        "A,7,female,2024-03-04,GMFM-66,2024-09-02,,50,\n"  # good, but of the same case
        "B,seven,female,,GMFM-66,,12,50,\n"
        "C,7,girl,,Walking,,12,50,\n"
        "D,7,,04.03.2024,GMFM-66,2025-03-02,,50,\n"
        "E,7,,2024-03-04,GMFM-66,2024-01-02,,,improved\n"
        "F,7,,,GMFM-66,2025-01-02,,5,\n"
        ",7,,,GMFM-66,,12,5,\n"
        "G,7,,,GMFM-66,,12,lots,\n"
        "H,7,,,GMFM-66,,12,,\n"
        "I,7,,2027-01-01,,,,,\n"
        "J,7,,,GMFM-66,,12,50,cured\n"
        "K,7,,,GMFM-66,,12,50,\n"
    )
    assert [(error.line, error.column) for error in found.errors] == [
        (2, "value"), (4, "age"), (5, "measure"), (5, "sex"), (6, "treated_on"), (7, "seen_on"), (8, "treated_on"),
        (9, "case_id"), (10, "value"), (11, "value"), (12, "treated_on"), (13, "result"),
    ]  # fmt: skip
    assert "GMFM-66 runs from 0 to 100: 101 is impossible" in str(found.errors[0])
    assert [case.key for case in found.cases] == ["key of K"]
    assert (found.rows, found.refused) == (13, 11)


def test_rows_of_one_case_must_agree() -> None:
    found = read("case_id,age,sex\nA,7,f\nA,8,f\nA,40,f\nB,7,f\nB,7,m\n")
    assert [(error.line, error.column) for error in found.errors] == [(4, "age"), (6, "sex")]
    found = read("case_id,measure,months,value\nA,GMFM-66,12,50\nA,GMFM-66,12,51\n")
    assert "two rows for the same measure and day" in found.errors[0].text


@pytest.mark.parametrize(
    "column",
    ["Name", "patient_name", "First name", "E-Mail", "phone", "Date of birth", "DOB", "Passport no", "Remarks",
     "hospital address", "Mother", "MRN"],
)  # fmt: skip
def test_columns_that_identify_a_person_are_left_out_with_a_notice(column: str) -> None:
    assert identifies(column)
    found = read(f"case_id,{column},age\nA,Jo Secretson,7\n")
    assert column in found.notices[0]
    assert "Secretson" not in repr(found)
    assert found.cases[0].age_band == "6-11"


def test_no_column_that_is_asked_for_looks_like_one_that_identifies_a_person() -> None:
    assert not any(identifies(name) for name in NAMES)


def test_the_template_is_read_without_an_error() -> None:
    found = read("\ufeff" + template_csv())
    assert (found.errors, found.notices, len(found.cases)) == ([], [], 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\0\0", "a spreadsheet, not a CSV"),
        (b"number,age\n1,2\n", "case_id"),
        (b"\n\n", "empty"),
    ],
)
def test_a_file_without_a_table_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(EditorError, match=said):
        read(data)


def test_semicolons_tabs_and_windows_files_are_read() -> None:
    assert read("case_id;age\nA;7\n").cases[0].age_band == "6-11"
    assert read("case_id\tage\nA\t7\n".encode("utf-16")).cases[0].age_band == "6-11"
    found = read("case_id,age,Größe\nA,7,1\n".encode("cp1252"))
    assert found.cases
    assert "UTF-8" in found.notices[0]


@given(st.binary(max_size=400))
def test_any_file_is_read_or_refused_in_words(data: bytes) -> None:
    for given_data in (data, b"case_id,age,measure,months,value,seen_on,treated_on\n" + data):
        with contextlib.suppress(EditorError):
            found = read(given_data)
            assert all(error.text for error in found.errors)


# Counting -------------------------------------------------------------------------------------------------

GMFM = counting.Measure("GMFM-66", "higher", Decimal(2))


def seen(number: int, day: int, value: float | None = None, result: str = "") -> counting.Observed:
    return counting.Observed(number, "GMFM-66", day, None if value is None else Decimal(str(value)), result)


def counted(
    *observations: counting.Observed, people: int = 10, measure: counting.Measure = GMFM
) -> dict[str, Any]:
    return counting.count(measures=[measure], people=[("6-11", "female")] * people, observations=observations)


def test_a_change_smaller_than_what_counts_is_no_change() -> None:
    data = counted(
        seen(1, 0, 50), seen(1, 365, 52), seen(2, 0, 50), seen(2, 365, 51.9), seen(3, 0, 50), seen(3, 365, 48)
    )
    (line,) = data["figures"]
    assert line == {
        "measure": "GMFM-66", "months": 12, "seen": 3, "followed_up": 3, "improved": 1, "unchanged": 1, "worse": 1,
    }  # fmt: skip


def test_lower_may_be_better_and_a_judgement_goes_before_the_values() -> None:
    lower = counting.Measure("GMFM-66", "lower")
    data = counted(
        seen(1, 0, 3),
        seen(1, 365, 2),
        seen(2, 0, 3),
        seen(2, 365, 3),
        seen(3, 365, 9, "worse"),
        measure=lower,
    )
    assert [data["figures"][0][name] for name in ("improved", "unchanged", "worse")] == [1, 1, 1]


def test_nothing_that_is_missing_is_filled_in() -> None:
    data = counted(seen(1, 365, 55), seen(2, 0, 50), people=4)
    (line,) = data["figures"]
    assert (line["seen"], line["followed_up"]) == (
        1,
        0,
    )  # seen, but without a baseline no one can say how it went
    by_months = {row["months"]: row for row in data["values"]}
    assert (by_months[0]["n"], by_months[12]["pairs"]) == (1, 0)
    assert "change" not in by_months[12]


def test_a_day_belongs_to_the_planned_time_it_is_nearest_to() -> None:
    assert [counting.time_of(day) for day in (0, 14, 15, 59, 60, 136, 137, 273, 274, 456, 457)] == [
        None, None, 1, 1, 3, 3, 6, 6, 12, 12, None,
    ]  # fmt: skip
    data = counted(seen(1, 0, 50), seen(1, 300, 40), seen(1, 360, 60))
    assert data["figures"][0]["improved"] == 1


# Importing ------------------------------------------------------------------------------------------------


@pytest.fixture
def cohort(db: None) -> Any:
    return rows_cohort(live=True)


def rows(number: int, **more: Any) -> bytes:
    return csv_of(
        *(row for n in range(number) for row in case(n, after=55 if n % 2 else None, age=7, **more))
    )


def test_an_import_counts_publishes_nothing_and_does_nothing_the_second_time(cohort: Any) -> None:
    done = import_rows(cohort=cohort, read=read_for(cohort, rows(20)), by=None)
    assert (done.created, done.updated, done.unchanged, done.refused) == (20, 0, 0, 0)
    data = CohortCount.objects.get().data
    assert (data["treated"], data["figures"][0]["improved"], data["ages"]) == (20, 10, {"6-11": 20})
    versions = CohortReport.objects.count()
    again = import_rows(cohort=cohort, read=read_for(cohort, rows(20)), by=None)
    assert (again.created, again.unchanged) == (0, 20)
    assert CohortReport.objects.count() == versions
    changed = import_rows(cohort=cohort, read=read_for(cohort, rows(24, sex="female")), by=None)
    assert (changed.created, changed.updated) == (4, 20)
    assert CohortCase.objects.count() == 24
    assert CohortObservation.objects.count() == 36
    assert CohortReport.objects.count() == versions
    assert forget_rows(cohort=cohort, by=None) == 24
    assert not CohortObservation.objects.exists()


def test_the_numbers_of_the_hospital_are_kept_as_keyed_hashes_only(cohort: Any, settings: Any) -> None:
    import_rows(cohort=cohort, read=read_for(cohort, rows(2)), by=None)
    keys = set(CohortCase.objects.values_list("key", flat=True))
    assert keys == {key_maker(cohort)("H-0"), key_maker(cohort)("H-1")}
    assert key_maker(rows_cohort(beside_stories=False))("H-0") not in keys
    settings.SECRET_KEY = "another one"
    with pytest.raises(EditorError, match="secret key has changed"):
        read_for(cohort, rows(2))


def run(*arguments: Any) -> tuple[list[str], str]:
    out, err = StringIO(), StringIO()
    call_command("import_cohort", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


def test_the_command_tells_what_it_did_in_one_last_line(cohort: Any, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(rows(6) + b"\nX,GMFM-66,12,999,7\n")
    out, err = run(file, "--cohort", cohort.pk, "--dry-run", "--json")
    assert json.loads(out[-1]) == {"created": 6, "updated": 0, "unchanged": 0, "refused": 1}
    assert not CohortCase.objects.exists()
    assert "column ‘" in err
    out, err = run(file, "--cohort", cohort.pk, "--json")
    assert json.loads(out[-1])["created"] == 6
    out, err = run(file, "--cohort", cohort.pk, "--json")
    assert json.loads(out[-1]) == {"created": 0, "updated": 0, "unchanged": 6, "refused": 1}


def test_the_command_says_what_is_missing(cohort: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no cohort 999"):
        run(tmp_path / "x.csv", "--cohort", 999)
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "x.csv", "--cohort", cohort.pk)
    with pytest.raises(CommandError, match="Name a file and a cohort"):
        run()
    assert run("--template")[0][0] == ",".join(NAMES)
