"""Charts of outcome measures: what they show, how they are drawn, and how they stand on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
import typst
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some
from playwright.sync_api import Page
from pytest_django import DjangoAssertNumQueries

from casestudies.measurements import outcomes_of
from casestudies.models import CaseStudyPage, Observation
from figures.charts import Chart, draw
from figures.charts.axes import level_axis, nice_step, number_axis, spaced
from measures.charts import MixedMeasures, charts_of
from measures.charts.plan import chart_of
from measures.models import Measure
from measures.starter import BY_KEY
from tests.casestudies.factories import CaseStudyPageFactory
from tests.page_checks import axe_violations, html_errors

SVG = "{http://www.w3.org/2000/svg}"
COURSE = ((-3, "50.8"), (0, "51.2"), (1, "51.0"), (3, "53.4"), (6, "54.9"), (12, "55.6"))


def observed(key: str, months: int, value: str, **more: Any) -> Observation:
    """A measurement with its rules, without a database. `key` of no measure of the list is its name."""
    row = Observation(measure=key, months=months, value=value, **more)
    if scale := BY_KEY.get(key):
        row.known_scale, row.measure, row.better = scale, scale.name, scale.better
    return row


def series(key: str, *values: tuple[int, str], **more: Any) -> list[Observation]:
    return [observed(key, months, value, **more) for months, value in values]


def one_chart(rows: list[Observation]) -> Chart:
    [chart] = charts_of(rows)
    return chart


ASHWORTH = [
    *series("modified-ashworth", (-3, "3"), (0, "3"), (12, "2"), side="right", part="calf"),
    *series("modified-ashworth", (-3, "2"), (0, "1+"), (12, "1"), side="left", part="calf"),
]


class TestWhatIsShown:
    def test_gmfm_66_and_88_are_never_on_one_axis(self) -> None:
        rows = [*series("gmfm-66", *COURSE), *series("gmfm-88", *COURSE)]
        assert [chart.heading for chart in charts_of(rows)] == ["GMFM-66", "GMFM-88"]
        with pytest.raises(MixedMeasures, match="GMFM-66, GMFM-88"):
            chart_of(rows)
        [remark] = outcomes_of(rows).remarks
        assert remark.startswith("GMFM-66 and GMFM-88 are two measures")

    def test_the_same_words_in_two_units_are_two_measures(self) -> None:
        rows = series("Distance", (0, "3"), (1, "4"), unit="m") + series(
            "Distance", (0, "9"), (1, "9"), unit="km"
        )
        assert len(charts_of(rows)) == 2

    def test_says_which_direction_is_better(self) -> None:
        chart = one_chart(series("gmfm-66", *COURSE))
        assert (chart.arrow, chart.way) == ("↑", "Higher is better, 0 to 100 points")
        assert one_chart(ASHWORTH).way == "Lower is better, grade 0 to 4"
        assert one_chart(series("Steps", (0, "3"), (1, "4"))).way == "Neither higher nor lower is better"

    def test_the_band_stands_around_the_last_value_before_follow_up(self) -> None:
        chart = one_chart(series("gmfm-66", *COURSE))
        assert chart.band
        assert (chart.band.low, chart.band.high) == pytest.approx((51.2 - 1.3, 51.2 + 1.3))
        assert any("less than 1.3 points" in said for said in chart.captions)
        assert any("Oeffinger" in source for source in chart.sources)

    def test_without_a_known_difference_there_is_no_band_and_that_is_said(self) -> None:
        chart = one_chart(series("barthel", (0, "20"), (3, "25")))
        assert chart.band is None
        assert "We do not know how large a change must be to matter to patients." in chart.captions

    def test_without_a_baseline_there_is_no_band(self) -> None:
        chart = one_chart(series("gmfm-66", (3, "50"), (6, "52")))
        assert chart.band is None
        assert "The least change known to matter to patients is 1.3 points." in chart.captions

    def test_the_natural_course_is_that_of_the_level_at_treatment(self) -> None:
        level = [observed("gmfcs", 0, "III"), observed("gmfcs", 12, "II")]
        chart = next(
            chart for chart in charts_of([*series("gmfm-66", *COURSE), *level]) if chart.key == "gmfm-66"
        )
        assert chart.ceiling
        assert (chart.ceiling.level, chart.ceiling.y, chart.ceiling.is_drawn) == ("III", 54.3, True)
        assert any(
            "growth alone raises the figure. That is the dashed line." in said for said in chart.captions
        )
        far = charts_of([*series("gmfm-88", (0, "11.4"), (12, "11.6")), *level])[0]
        assert far.ceiling
        assert not far.ceiling.is_drawn
        assert any("about 61.3" in said and "lies above" in said for said in far.captions)
        assert one_chart(series("gmfm-66", *COURSE)).ceiling is None

    def test_classifications_ratings_and_single_values_are_not_drawn(self) -> None:
        rows = [
            *series("gmfcs", (0, "III"), (12, "II")),
            *series("family-rating", (3, "none"), (12, "small"), part="speech"),
            observed("gmfm-66", 0, "50"),
            *series("Looks at faces", (6, "a little more"), (12, "the same")),
        ]
        assert charts_of(rows) == []

    def test_ratings_by_the_family_stand_apart(self) -> None:
        rows = [
            *ASHWORTH,
            *series("family-rating", (3, "worse"), (12, "small"), part="speech", assessed_by="parent"),
        ]
        found = outcomes_of(rows)
        assert [row.measure for row in found.ratings.rows] == ["Speech"]
        assert found.ratings.rows[0].values == ("Worse", "Small")
        assert [row.measure for row in found.measurements.rows] == [
            "Modified Ashworth Scale, calf, right",
            "Modified Ashworth Scale, calf, left",
        ]

    def test_two_assessors_are_two_lines(self) -> None:
        rows = [
            *series("edss", (0, "4.0"), (12, "3.5"), assessed_by="clinician"),
            *series("edss", (0, "4.5"), (12, "4.5"), assessed_by="independent"),
        ]
        assert [line.name for line in one_chart(rows).lines] == ["Clinician", "Independent assessor"]

    def test_more_lines_than_can_be_told_apart_go_to_another_chart(self) -> None:
        rows = [
            row
            for muscle in "abcdef"
            for row in series("modified-ashworth", (0, "3"), (12, "2"), side="left", part=muscle)
        ]
        assert [len(chart.lines) for chart in charts_of(rows)] == [4, 2]

    def test_the_table_has_every_value_and_the_change(self) -> None:
        chart = one_chart(series("gmfm-66", *COURSE, assessed_by="clinician"))
        assert chart.table_head == ("When", "Value", "Change from baseline", "Assessed by", "Note")
        assert chart.table[0] == ("3 months before", "50.8", "–", "Clinician", "–")
        assert chart.table[2] == ("1 month after", "51.0", "−0.2", "Clinician", "–")
        assert chart.table[-1] == ("12 months after", "55.6", "+4.4", "Clinician", "–")
        # Levels have no differences: from 1+ to 1 is not a number.
        assert "Change from baseline" not in one_chart(ASHWORTH).table_head

    def test_the_words_for_the_picture_say_every_value(self) -> None:
        chart = one_chart(series("gmfm-66", *COURSE))
        assert all(value in chart.description for _month, value in COURSE)
        assert one_chart(ASHWORTH).description.endswith("12 months after: 1.")


class TestAxes:
    @given(
        some.lists(some.floats(0, 100), min_size=1, max_size=8),
        some.sampled_from([(0.0, 100.0), (0.0, None), (None, None)]),
        some.booleans(),
    )
    def test_hold_every_value_and_nothing_outside_the_scale(
        self, values: list[float], ends: tuple[float | None, float | None], whole: bool
    ) -> None:
        axis = number_axis(values, low=ends[0], high=ends[1], whole=whole)
        assert axis.low <= min(values)
        assert max(values) <= axis.high
        assert 2 <= len(axis.ticks) <= 8
        assert list(axis.ticks) == sorted(set(axis.ticks))
        assert all(axis.low - 1e-6 <= tick <= axis.high + 1e-6 for tick in axis.ticks)
        assert ends[0] is None or axis.low >= ends[0]
        assert ends[1] is None or axis.high <= ends[1]

    def test_a_small_change_looks_small(self) -> None:
        axis = number_axis([50.0, 50.4], low=0, high=100)
        assert axis.high - axis.low >= 15
        assert axis.is_cut

    def test_counts_start_at_0_in_whole_numbers(self) -> None:
        axis = number_axis([7, 11], low=0, whole=True)
        assert (axis.low, axis.is_cut) == (0, False)
        assert all(tick == int(tick) for tick in axis.ticks)

    def test_an_order_is_shown_whole(self) -> None:
        assert level_axis(6).ticks == (0, 1, 2, 3, 4, 5)
        assert len(level_axis(20).ticks) <= 8

    def test_levels_stand_on_the_axis_by_name(self) -> None:
        assert one_chart(ASHWORTH).tick_labels == ("0", "1", "1+", "2", "3", "4")
        assert one_chart(series("walks-alone", (0, "no"), (12, "yes"))).tick_labels == ("No", "Yes")

    @given(some.floats(1e-6, 1e6), some.integers(2, 8))
    def test_steps_are_round(self, span: float, most: int) -> None:
        step = nice_step(span, most)
        assert span / step <= most + 1e-6
        assert f"{step:e}".split("e")[0].rstrip("0") in {"1.", "2.", "5."}

    @given(some.lists(some.floats(0, 300), max_size=12).map(sorted), some.floats(5, 60))
    def test_labels_do_not_stand_on_each_other(self, places: list[float], least: float) -> None:
        chosen = [places[number] for number in spaced(places, least)]
        assert all(after - before >= least for before, after in pairwise(chosen))


class TestDrawing:
    def test_is_an_image_with_words(self) -> None:
        drawn = ElementTree.fromstring(draw(one_chart(series("gmfm-66", *COURSE)), name="c7"))
        assert drawn.get("role") == "img"
        assert drawn.get("aria-labelledby") == "c7-t c7-d"
        assert drawn.find(f"{SVG}title").text == "GMFM-66 over time"
        assert drawn.find(f"{SVG}desc").get("id") == "c7-d"
        assert len(drawn.findall(f"{SVG}circle")) == len(COURSE)

    def test_lines_are_told_apart_without_colour(self) -> None:
        rows = [
            row
            for side in "abcd"
            for row in series("modified-ashworth", (0, "3"), (12, "2"), side="left", part=side)
        ]
        svg = draw(one_chart(rows), "print")
        assert len(set(re.findall(r'stroke-dasharray="([0-9 ]+)" d="M[0-9.]+ [0-9.]+ ', svg))) == 3
        marks = [
            re.sub(r"M[0-9. ]+", "M", path)
            for path in re.findall(r'fill="#\w+" stroke="#111"[^>]* d="([^"]+)"', svg)
        ]
        assert len({mark for mark in marks if mark.endswith("z")}) == 3
        assert "<circle" in svg

    @pytest.mark.parametrize("rows", [series("gmfm-66", *COURSE), ASHWORTH], ids=["numbers", "levels"])
    def test_for_print_needs_no_style_sheet(self, rows: list[Observation]) -> None:
        svg = draw(one_chart([*rows, observed("gmfcs", 0, "III")]), "print")
        assert "class=" not in svg
        assert "var(" not in svg
        colours = set(re.findall(r"#[0-9a-f]{3,6}", svg))
        assert all(len(set(re.findall("..", colour[1:].ljust(6, colour[1])))) == 1 for colour in colours), (
            "greys only"
        )

    def test_a_pdf_takes_it(self, tmp_path: Any) -> None:
        (tmp_path / "chart.svg").write_text(draw(one_chart(ASHWORTH), "print"))
        (tmp_path / "page.typ").write_text('#image("chart.svg", width: 80%)')
        assert typst.compile(tmp_path / "page.typ").startswith(b"%PDF")

    @given(
        some.text(max_size=60),
        some.lists(some.tuples(some.integers(-90, 90), some.floats(0, 100)), min_size=2, max_size=9),
    )
    def test_anything_makes_a_drawing_inside_its_frame(
        self, name: str, values: list[tuple[int, float]]
    ) -> None:
        name = "".join(letter for letter in name if letter.isprintable())
        rows = series("gmfm-66", *((month, f"{value:.1f}") for month, value in values), part=name)
        for chart in charts_of(rows):
            drawn = ElementTree.fromstring(draw(chart))
            _x, _y, width, height = (float(part) for part in drawn.attrib["viewBox"].split())
            for mark in drawn.findall(f"{SVG}circle"):
                assert 0 <= float(mark.attrib["cx"]) <= width
                assert 0 <= float(mark.attrib["cy"]) <= height


def listed(key: str, *values: tuple[int, str], **more: Any) -> list[dict[str, Any]]:
    """Rows for the factory, with a measure of the list."""
    measure = Measure.objects.get(key=key)
    shared = {"outcome_measure": measure, "measure": measure.name, "better": measure.better, **more}
    return [{"months": months, "value": value, **shared} for months, value in values]


def measured_case(**more: Any) -> CaseStudyPage:
    rows = [
        *listed("gmfm-66", *COURSE, assessed_by="clinician"),
        *listed("gmfcs", (0, "III"), (12, "III")),
        *listed("modified-ashworth", (0, "3"), (12, "2"), side="right", part="calf"),
        *listed("modified-ashworth", (0, "2"), (12, "1+"), side="left", part="calf"),
        *listed("family-rating", (3, "none"), (12, "small"), part="speech", assessed_by="parent"),
    ]
    return CaseStudyPageFactory(whole=True, observations=rows, **more)


@pytest.mark.django_db
class TestOnThePage:
    def test_charts_stand_beside_the_table_with_their_own(self, client: Client) -> None:
        html = client.get(measured_case().url).content.decode()
        soup = BeautifulSoup(html, "html.parser")
        figures = soup.select("figure.chart")
        assert [figure.h3.get_text() for figure in figures] == ["GMFM-66", "Modified Ashworth Scale"]
        for figure in figures:
            assert figure.select_one("svg[role=img] > title")
            assert figure.select_one("figcaption table caption")
        assert len(figures[0].select("tbody tr")) == len(COURSE)
        text = soup.get_text(" ", strip=True)
        assert "GMFCS is a classification: it describes a person and is not an outcome." in text
        assert soup.find(id="rated").find_parent("table").tbody.th.get_text() == "Speech"
        assert "Speech" not in soup.find(id="measured").find_parent("table").get_text()
        assert html_errors({"case": html}) == []

    def test_text_of_an_editor_is_no_markup(self, client: Client) -> None:
        rows = [
            {"measure": "</title><script>alert(1)</script>", "months": month, "value": "3", "part": "<b>"}
            for month in (0, 3)
        ]
        html = client.get(CaseStudyPageFactory(observations=rows).url).content.decode()
        assert "<script>alert(1)" not in html
        assert "figure" in html

    def test_a_draft_shows_its_chart_in_the_preview(self, client: Client) -> None:
        page = CaseStudyPageFactory()
        measure = Measure.objects.get(key="gmfm-66")
        for month, value in ((0, "50"), (6, "52")):
            page.observations.add(
                Observation(outcome_measure=measure, measure="GMFM-66", months=month, value=value)
            )
        page.save_revision()
        draft = CaseStudyPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        preview = BeautifulSoup(draft.make_preview_request().render().content, "html.parser")
        assert preview.select_one("figure.chart svg title").get_text() == "GMFM-66 over time"
        assert "figure" not in [
            tag.name for tag in BeautifulSoup(client.get(page.url).content, "html.parser").select(".chart")
        ]

    def test_asks_the_database_as_often_with_many_measurements(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        rows = [
            row
            for key in ("gmfm-66", "gmfm-88", "gmfm-88-d", "barthel", "seizures-30")
            for row in listed(key, *((month, "20") for month in range(12)))
        ]
        page = CaseStudyPageFactory(whole=True, observations=rows)
        client.get(page.url)
        with django_assert_max_num_queries(22):
            response = client.get(page.url)
        assert response.content.count(b'class="chart"') == 5


@pytest.mark.journey
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_a_reader_finds_nothing_in_the_way(open_tab: Callable[..., Page], width: int, scheme: str) -> None:
    page = measured_case()
    tab = open_tab(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab.goto(page.url)
    tab.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    assert axe_violations(tab) == []
    for direction in ("ltr", "rtl"):
        tab.evaluate("direction => { document.documentElement.dir = direction }", direction)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        left, right = tab.locator("figure.chart svg").first.evaluate(
            "svg => [...svg.querySelectorAll('text')].filter(t => /^(−3|12)$/.test(t.textContent))"
            ".map(t => t.getBoundingClientRect().x)"
        )
        assert left < right, "time runs from left to right on the axis of every language"


@pytest.mark.journey
def test_in_forced_colours_everything_is_drawn_in_the_readers_own(open_tab: Callable[..., Page]) -> None:
    page = measured_case()
    tab = open_tab(forced_colors="active", color_scheme="dark")
    tab.goto(page.url)
    text = tab.evaluate("getComputedStyle(document.querySelector('main p')).color")
    for part in (".ln", ".tr", ".ce", ".zone"):
        drawn = tab.locator(f"figure.chart {part}").first.evaluate("part => getComputedStyle(part).stroke")
        assert drawn == text, part
