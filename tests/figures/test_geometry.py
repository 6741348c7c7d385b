"""Where the parts of a chart lie, and how times are said: checked against the numbers they stand for."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from figures import relative_time
from figures.charts import Chart, draw
from figures.charts.axes import level_axis, nice_step, number_axis, spaced
from figures.charts.data import Band, Ceiling, Line, Point
from figures.charts.drawing import HEIGHT, RIGHT, TOP, WIDTH
from figures.relative_time import part_of

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = (-3, 0, 3, 12)


def chart(*values: tuple[float, ...], band: Band | None = None, ceiling: Ceiling | None = None) -> Chart:
    """A chart on an axis from 0 to 100 of lines that were measured at the first times of MONTHS."""
    lines = tuple(
        Line(
            f"Line {number}",
            "clinician",
            tuple(
                Point(months, y, f"{y:g}", is_baseline=months <= 0)
                for months, y in zip(MONTHS, ys, strict=False)
            ),
        )
        for number, ys in enumerate(values)
    )
    return Chart(
        key="walk",
        heading="Walk",
        arrow="↑",
        way="Higher is better",
        lines=lines,
        axis=number_axis([0, 100], low=0, high=100),
        tick_labels=("0", "20", "40", "60", "80", "100"),
        months=MONTHS,
        steps=False,
        band=band,
        ceiling=ceiling,
        captions=(),
        sources=(),
        title="Walk <all>",
        description="All values & times",
        table_caption="",
        table_head=(),
        table=(),
    )


def drawn(given_chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(draw(given_chart))


def discs(root: ElementTree.Element) -> list[tuple[float, float]]:
    return [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in root.iter(f"{SVG}circle")]


def labels(root: ElementTree.Element) -> dict[str, tuple[float, float]]:
    return {
        one.text or "": (float(one.attrib["x"]), float(one.attrib["y"])) for one in root.iter(f"{SVG}text")
    }


@given(some.lists(some.floats(0, 100), min_size=4, max_size=4))
def test_a_mark_lies_where_its_value_and_its_month_are(values: list[float]) -> None:
    places = discs(drawn(chart(tuple(values))))
    for value, (_x, y) in zip(values, places, strict=True):
        assert y == pytest.approx(TOP + HEIGHT * (1 - value / 100), abs=0.06)
    across = [x for x, _y in places]
    first, last = across[0], across[-1]
    assert last == WIDTH - RIGHT
    for months, x in zip(MONTHS, across, strict=True):
        assert (x - first) / (last - first) == pytest.approx((months + 3) / 15, abs=0.002)


def test_the_line_of_the_treatment_stands_at_its_month() -> None:
    root = drawn(chart((10, 20, 30, 40)))
    [treatment] = [one.attrib["d"] for one in root.iter(f"{SVG}path") if one.get("class") == "tr"]
    assert treatment == f"M{discs(root)[1][0]:g} {TOP}V{TOP + HEIGHT}"


def test_each_label_of_the_axis_stands_beside_its_line() -> None:
    root = drawn(chart((10, 20, 30, 40)))
    [grid] = [one.attrib["d"] for one in root.iter(f"{SVG}path") if one.get("class") == "gr"]
    heights = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)H", grid)]
    assert heights == [190, 156, 122, 88, 54, 20]
    found = labels(root)
    assert [found[label][1] - 5 for label in ("60", "80", "100")] == heights[3:]


def test_months_before_the_treatment_have_a_minus_sign() -> None:
    assert {"−3", "12"} <= set(labels(drawn(chart((50, 50, 50, 50)))))


def test_the_band_covers_its_range_and_nothing_else() -> None:
    [band] = drawn(chart((50, 50, 50, 50), band=Band(40, 65))).iter(f"{SVG}rect")
    top, height = float(band.attrib["y"]), float(band.attrib["height"])
    assert (top, top + height) == (TOP + HEIGHT * 0.35, TOP + HEIGHT * 0.6)
    assert not list(drawn(chart((50,), band=Band(50, 50))).iter(f"{SVG}rect"))


@pytest.mark.parametrize(("values", "anchor"), [((10, 20, 30, 90), None), ((90, 60, 30, 10), "end")])
def test_the_name_of_the_natural_course_stands_far_from_the_values(
    values: tuple[float, ...], anchor: str | None
) -> None:
    root = drawn(chart(values, ceiling=Ceiling(95, "III", "GMFCS", is_drawn=True)))
    [name] = [one for one in root.iter(f"{SVG}text") if one.text == "GMFCS III"]
    assert name.get("text-anchor") == anchor
    assert float(name.attrib["y"]) == pytest.approx(TOP + HEIGHT * 0.05 - 7)
    hidden = chart(values, ceiling=Ceiling(95, "III", "GMFCS", is_drawn=False))
    assert "GMFCS III" not in labels(drawn(hidden))


def test_one_line_has_its_first_and_last_value_above_and_several_have_a_legend() -> None:
    alone = labels(drawn(chart((11, 22, 33, 44))))
    assert {"22", "44"} <= set(alone), "the last value before follow-up, and the last"
    assert not {"11", "33", "Line 0"} & set(alone)
    two = drawn(chart((11, 22, 33, 44), (55, 66, 77, 88)))
    assert {"Line 0", "Line 1"} <= set(labels(two))
    assert "44" not in labels(two)
    height = float(two.attrib["viewBox"].split()[-1])
    assert height > labels(two)["Line 1"][1] > labels(two)["Line 0"][1] > TOP + HEIGHT


def test_a_long_name_of_a_line_takes_several_rows_inside_the_frame() -> None:
    plain = chart((1, 2), (3, 4))
    named = replace(plain, lines=(replace(plain.lines[0], name="muscles of the calf " * 9), plain.lines[1]))
    root = drawn(named)
    rows = [one for one in labels(root) if "calf" in one]
    assert len(rows) == 3
    assert rows[-1].endswith("…")
    assert max(y for _x, y in labels(root).values()) < float(root.attrib["viewBox"].split()[-1])


def test_words_are_escaped_in_the_text_alternative() -> None:
    root = drawn(chart((1, 2)))
    assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == [
        "Walk <all>",
        "All values & times",
    ]
    print_only = draw(chart((1, 2)), "print")
    assert "class=" not in print_only
    assert "stroke=" in print_only


@given(some.integers(2, 60))
def test_every_level_lies_inside_the_axis_of_levels(count: int) -> None:
    axis = level_axis(count)
    assert axis.low < 0
    assert axis.high > count - 1
    assert axis.ticks[0] == 0
    assert set(axis.ticks) <= set(range(count))
    assert not axis.is_cut


def test_steps_and_labels_at_their_limits() -> None:
    assert [nice_step(span, 5) for span in (0, 1, 5, 5.1, 10, 11, 26)] == [1, 0.2, 1, 2, 2, 5, 10]
    assert spaced([], 10) == []
    assert spaced([0, 4, 8, 100], 10, keep=[2]) == [0, 3]
    assert spaced([0, 40, 44, 100], 10, keep=[2]) == [0, 2, 3]


@pytest.mark.parametrize("value", [0, 100])
def test_at_an_end_of_the_scale_as_much_is_shown_as_in_the_middle(value: int) -> None:
    axis = number_axis([value], low=0, high=100)
    assert axis.high - axis.low >= 15
    assert value in (axis.low, axis.high)


# Times ----------------------------------------------------------------------------------------------------


@given(some.integers(-1500, 1500))
def test_a_time_in_words_can_be_counted_back_to_its_months(months: int) -> None:
    words = relative_time.months_in_words(months)
    counted = [(int(number), unit) for number, unit in re.findall(r"(\d+) (year|month)", words)]
    assert sum(number * (12 if unit == "year" else 1) for number, unit in counted) == abs(months)
    assert words.endswith({"before": " before", "after": " after", "treatment": "Treatment"}[part_of(months)])
    assert "1 months" not in words.replace("11 months", "")
    assert " 0 " not in words


@given(some.integers(-20, 1200))
@example(1079)
@example(1080)
def test_an_age_at_90_or_over_is_not_told_apart(months: int) -> None:
    words = relative_time.age_in_months_in_words(months)
    if months >= 1080:
        assert words == "At 90 years or over"
    elif months > 0:
        assert words == f"At {relative_time.months_in_words(months).removesuffix(' after')}"
    else:
        assert words == ("Before birth" if months else "Birth")


@pytest.mark.parametrize(
    ("months", "words", "short"),
    [
        (-25, "2 years and 1 month before", "−25"),
        (-1, "1 month before", "−1"),
        (0, "Treatment", "0"),
        (1, "1 month after", "1"),
        (23, "23 months after", "23"),
        (24, "2 years after", "24"),
    ],
)
def test_times_in_words_and_in_short(months: int, words: str, short: str) -> None:
    assert relative_time.months_in_words(months) == words
    assert relative_time.months_in_short(months) == short
