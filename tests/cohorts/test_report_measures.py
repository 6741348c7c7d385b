"""One measure of a report in words: what is withheld stays withheld, in tables, pictures and their text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts import report_drawings
from cohorts.report_measures import shown_measure
from cohorts.report_parts import ShownMeasure, drawn, number_words, time_words
from figures import statistics

SVG = "{http://www.w3.org/2000/svg}"
people = st.integers(0, 300)


def time(months: int, followed_up: int | None, *groups: tuple[list[str], int]) -> dict[str, Any]:
    return {"months": months, "followed_up": followed_up, "groups": groups}


def single(months: int, improved: int, unchanged: int, worse: int, lost: int) -> dict[str, Any]:
    followed_up = improved + unchanged + worse
    counts = {"improved": improved, "unchanged": unchanged, "worse": worse, "lost": lost}
    return time(months, followed_up, *(([name], count) for name, count in counts.items()))


def shown(*times: dict[str, Any], treated: int | None = 100, **more: Any) -> ShownMeasure:
    measure = {
        "name": "GMFM-66",
        "definition": "Points after training.",
        "better": "",
        "least_change": "",
        "values": [],
        "times": list(times),
        **more,
    }
    return shown_measure(3, measure, treated)


COMBINED = time(12, 41, (["improved"], 12), (["unchanged", "worse"], 29), (["lost"], 55))


@given(people, people, people, people)
def test_a_row_has_every_person_once(improved: int, unchanged: int, worse: int, lost: int) -> None:
    [table] = shown(single(6, improved, unchanged, worse, lost)).tables
    assert len(table.headings) == len(table.rows[0]) == 6
    when, followed, *outcomes, gone = table.rows[0]
    first = [int(cell.split(" ")[0]) for cell in outcomes]
    assert (when, int(followed), int(gone)) == ("6 months", sum(first), lost)
    for cell, count in zip(outcomes, (improved, unchanged, worse), strict=True):
        if not sum(first):
            assert cell == str(count), "there is no share of no one"
            continue
        share, low, high = (int(number) for number in re.findall(r"(\d+)%? ?(?=,|to|%)", cell.split("(")[1]))
        assert 0 <= low <= share <= high <= 100
        interval = statistics.proportion(count, sum(first)).interval
        assert interval is not None
        assert (low, high) == (round(100 * interval.low), round(100 * interval.high))


def test_combined_outcomes_stand_in_a_column_of_their_own() -> None:
    [table] = shown(COMBINED, single(3, 30, 20, 10, 36)).tables
    assert table.headings[-1] == "Combined"
    assert table.rows[0] == [
        "12 months", "41", "12 (29%, 18 to 44%)", "not shown", "not shown", "55", "no change or worse: 29",
    ]  # fmt: skip
    assert table.rows[1][-1] == ""
    assert table.rows[1][2].startswith("30 (50%")


def test_a_number_that_is_withheld_cannot_be_worked_out_from_the_row() -> None:
    hidden = time(12, None, (["improved", "unchanged", "worse"], 41))
    found = shown(hidden)
    assert found.tables[0].rows[0] == [
        "12 months", "not shown", "not shown", "not shown", "not shown", "not shown",
        "improved, no change or worse: 41",
    ]  # fmt: skip
    assert "%" not in "".join(found.tables[0].rows[0])


def test_the_picture_has_a_bar_for_each_time_and_its_numbers_in_words() -> None:
    chart = shown(single(6, 30, 20, 10, 40), COMBINED).chart
    assert chart is not None
    assert chart.alt == (
        "6 months: 30 improved, 20 no change, 10 worse, 40 lost to follow-up. "
        "12 months: 12 improved, 29 no change or worse, 55 lost to follow-up."
    )
    root = ElementTree.fromstring(chart.svg)
    assert root.findtext(f"{SVG}desc") == chart.alt
    assert [one.text for one in root.iter(f"{SVG}text")] == ["6 months", "12 months"]
    widths: dict[str, float] = {}
    for part in root.iter(f"{SVG}rect"):
        if part.get("class"):
            row = part.attrib["y"]
            widths[row] = round(widths.get(row, 0) + float(part.attrib["width"]), 1)
    assert list(widths.values()) == [report_drawings.WIDTH - 100] * 2
    assert "<style>" in chart.for_print
    assert "<style>" not in chart.svg


@pytest.mark.parametrize(
    ("treated", "times"),
    [(None, [COMBINED]), (0, [COMBINED]), (100, [])],
    ids=["unknown", "none", "no times"],
)
def test_without_a_denominator_or_a_time_there_is_no_table_and_no_picture(
    treated: int | None, times: list[Any]
) -> None:
    found = shown(*times, treated=treated)
    assert (found.chart, found.tables) == (None, [])
    assert (found.name, found.id) == ("GMFM-66", "measure3")


def test_direction_and_smallest_change_are_facts_only_where_they_are_known() -> None:
    assert shown().facts == [("What counts", "Points after training.")]
    known = dict(shown(better="lower", least_change="2").facts)
    assert (known["Direction"], known["Smallest change that counts"]) == ("Lower is better", "2")
    assert dict(shown(better="higher").facts)["Direction"] == "Higher is better"


@pytest.mark.parametrize(
    ("value", "row"),
    [
        ({"months": 0, "n": 40}, ["Before treatment", "40", "not shown", "–"]),
        ({"months": 12, "n": None}, ["12 months", "not shown", "not shown", "–"]),
        (
            {"months": 6, "n": 1240, "median": "51", "first_quartile": "44", "third_quartile": "60"},
            ["6 months", "1,240", "51 (44–60)", "–"],
        ),
        (
            {"months": 24, "n": 9, "change": "-1.5", "low": "-3", "high": "0.2"},
            ["2 years", "9", "not shown", "−1.5 (−3 to +0.2)"],
        ),
        ({"months": 1, "n": 9, "change": "2.5", "low": ""}, ["1 month", "9", "not shown", "2.5"]),
    ],
)
def test_values_are_told_with_their_spread_and_their_sign(value: dict[str, Any], row: list[str]) -> None:
    [table] = shown(values=[value]).tables
    assert table.rows == [row]
    assert len(table.headings) == 4
    assert table.caption.startswith("GMFM-66: values.")


# Parts ----------------------------------------------------------------------------------------------------


def test_numbers_and_times_in_words() -> None:
    assert [number_words(number) for number in (None, 0, 1240)] == ["not shown", "0", "1,240"]
    assert [time_words(months) for months in (1, 6, 12, 18, 24)] == [
        "1 month", "6 months", "12 months", "18 months", "2 years",
    ]  # fmt: skip


def test_what_an_editor_typed_is_escaped_where_it_is_drawn() -> None:
    steps = [report_drawings.Step("<b>Treated</b>: 9", "Lost & gone: 4"), report_drawings.Step("Seen: 5")]
    drawing = drawn(report_drawings.flow, steps, "flow", "Who <is> left", "9 treated & 5 seen")
    for svg in (drawing.svg, drawing.for_print):
        root = ElementTree.fromstring(svg)
        assert [one.text for one in root.iter(f"{SVG}text")] == [
            "<b>Treated</b>: 9",
            "Lost & gone: 4",
            "Seen: 5",
        ]
        assert root.findtext(f"{SVG}title") == drawing.caption == "Who <is> left"
        assert root.attrib["aria-labelledby"].split() == ["flow-t", "flow-d"]


@given(st.integers(1, 6))
def test_every_box_of_the_flow_lies_inside_the_picture_below_the_one_before(count: int) -> None:
    svg = report_drawings.flow(
        [report_drawings.Step(f"Step {n}") for n in range(count)], name="f", title="t", description="d"
    )
    root = ElementTree.fromstring(svg)
    boxes = [(float(one.attrib["y"]), float(one.attrib["height"])) for one in root.iter(f"{SVG}rect")]
    assert len(boxes) == count
    assert all(y + height < below for (y, height), (below, _) in pairwise(boxes))
    assert sum(boxes[-1]) < float(root.attrib["viewBox"].split()[-1])
    arrows = [one for one in root.iter(f"{SVG}path") if one.get("class") == "arrow"]
    assert len(arrows) == count - 1
