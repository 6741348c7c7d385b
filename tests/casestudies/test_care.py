"""The checklist, what it asks for at publication, and the other parts that need no browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestudies import references
from casestudies.care import CHECKLIST, completeness, field_names, is_filled
from casestudies.care_gaps import gaps_in
from casestudies.contents import contents
from casestudies.measurements import tabulate
from casestudies.models import CaseStudyPage
from casestudies.panels import missing_in_words
from figures import relative_time
from pages.age_bands import AGES, age_band, age_in_words

WHOLE = dict.fromkeys(field_names(), "said") | {
    "title": "Case study: stiff legs",
    "keywords": "cerebral palsy, case report",
}


def missing(values: Mapping[str, object]) -> list[str]:
    return [status.item.number for status in completeness(values) if not status.complete]


class TestChecklist:
    def test_has_the_13_items_of_care_2013(self) -> None:
        assert sorted({item.item for item in CHECKLIST}) == list(range(1, 14))
        numbers = [item.number for item in CHECKLIST]
        assert len(numbers) == len(set(numbers)) == 30
        by_item = {
            item: sum(number.rstrip("abcd") == str(item) for number in numbers)
            for item in (3, 5, 8, 9, 10, 11)
        }
        assert by_item == {3: 4, 5: 4, 8: 4, 9: 3, 10: 4, 11: 4}

    def test_every_item_says_what_it_asks_and_where_that_is_written(self) -> None:
        for item in CHECKLIST:
            assert str(item.asks)
            assert item.source.startswith("https://doi.org/")
            assert item.fields

    def test_its_fields_are_the_page_s(self) -> None:
        for name in field_names():
            assert hasattr(CaseStudyPage, name), name

    def test_nothing_is_missing_from_a_whole_one_and_all_from_an_empty_one(self) -> None:
        assert missing(WHOLE) == []
        assert missing({}) == [item.number for item in CHECKLIST]

    @pytest.mark.parametrize(
        "name",
        sorted(
            set(field_names())
            - {"age_at_treatment", "age_at_report", "demographics", "outcomes", "observations"}
        ),
    )
    def test_one_empty_field_is_noticed(self, name: str) -> None:
        named = [status for status in completeness({**WHOLE, name: ""}) if not status.complete]
        assert len(named) == 1
        assert named[0].missing == (name,)

    def test_one_answer_is_enough_where_there_are_several_ways(self) -> None:
        without = {**WHOLE, "age_at_treatment": None, "age_at_report": None, "demographics": ""}
        assert missing(without) == ["5a"]
        assert missing({**without, "age_at_report": 0}) == []
        assert missing({**WHOLE, "outcomes": "<p></p>", "observations": []}) == ["10a"]
        assert missing({**WHOLE, "outcomes": "<p></p>", "observations": ["one"]}) == []

    @pytest.mark.parametrize("title", ["Stiff legs at seven", "", "A case of stiff legs"])
    def test_a_title_says_that_it_is_a_case_study(self, title: str) -> None:
        assert missing({**WHOLE, "title": title}) == ["1"]

    @pytest.mark.parametrize("words", ["one", "one, ", "a, b, c, d, e, f"])
    def test_there_are_two_to_five_key_words(self, words: str) -> None:
        assert missing({**WHOLE, "keywords": words}) == ["2"]

    def test_what_is_missing_is_said_without_what_is_optional(self) -> None:
        assert missing_in_words(completeness({**WHOLE, "prognosis": ""})) == "Nothing is missing."
        said = missing_in_words(completeness({**WHOLE, "timeline": [], "prognosis": ""}))
        assert said == "1 of 28 items are missing: Timeline"

    @pytest.mark.parametrize(
        ("value", "filled"),
        [
            ("<p> </p>", False),
            ("<p>&nbsp;</p>", False),
            (None, False),
            ([], False),
            (0, True),
            ("<p>0</p>", True),
        ],
    )
    def test_markup_alone_is_nothing_and_zero_is_something(self, value: object, filled: bool) -> None:
        assert is_filled(value) is filled


class TestContents:
    def test_leaves_out_what_is_empty_but_never_the_harms(self) -> None:
        assert list(contents({})) == ["harms", "consent", "save"]
        assert list(contents({"history": "<p>Born early.</p>"})) == ["patient", "harms", "consent", "save"]


class TestReferences:
    def test_links_markers_in_text_only(self) -> None:
        html = '<p title="[1]">Few [1, 2] and <a href="/">a note [1]</a> [2–3] [9]</p>'
        linked = references.link_markers(html, 3)
        assert linked.count('href="#r1"') == 1
        assert linked.count('href="#r2"') == 2
        assert linked.count('href="#r3"') == 1
        assert '<p title="[1]">' in linked
        assert "a note [1]</a>" in linked
        assert "[9]" in linked

    @given(st.text(alphabet='a[]1 2,-<>&/p"', max_size=60), st.integers(0, 3))
    def test_changes_nothing_but_markers(self, html: str, count: int) -> None:
        linked = references.link_markers(html, count)
        assert re.sub(r'<a href="#r\d+" aria-label="Reference \d+">(\d+)</a>', r"\1", linked) == html

    def test_is_cited_without_what_is_not_known(self) -> None:
        assert references.citation(authors=[], title="Stiff legs?", site="Returning Hope") == (
            "Stiff legs? Returning Hope case study, version 1."
        )


class TestRelative:
    @pytest.mark.parametrize(
        ("months", "words"),
        [
            (-66, "5 years and 6 months before"),
            (-24, "2 years before"),
            (-1, "1 month before"),
            (0, "Treatment"),
            (12, "12 months after"),
            (36, "3 years after"),
        ],
    )
    def test_says_times_in_words(self, months: int, words: str) -> None:
        assert relative_time.months_in_words(months) == words

    @given(st.integers(0, 150))
    def test_no_age_over_89_is_said(self, years: int) -> None:
        assert all(int(number) <= 90 for number in re.findall(r"\d+", age_in_words(years)))

    @given(st.integers(0, 90))
    def test_every_age_has_one_band(self, years: int) -> None:
        band = age_band(years)
        low, _, _high = band.partition("-")
        assert int(low) <= years <= AGES[band]


class TestMeasurements:
    @staticmethod
    def one(measure: str, months: int, value: str, unit: str = "", better: str = "") -> SimpleNamespace:
        return SimpleNamespace(
            series=measure, months=months, shown_value=value, unit=unit, better=better, assessed_by=""
        )

    def test_different_units_are_never_on_one_row(self) -> None:
        table = tabulate([self.one("GMFM", 0, "51", "points"), self.one("GMFM", 3, "60", "%")])
        assert [(row.unit, row.values) for row in table.rows] == [("points", ("51", "")), ("%", ("", "60"))]

    def test_two_values_at_one_time_are_both_shown(self) -> None:
        assert tabulate([self.one("A", 0, "1"), self.one("A", 0, "2")]).rows[0].values == ("1 / 2",)

    @given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(-5, 5), st.sampled_from(["x", "y"]))))
    def test_no_value_is_lost(self, given_: list[tuple[str, int, str]]) -> None:
        table = tabulate([self.one(*entry) for entry in given_])
        shown = [value for row in table.rows for cell in row.values for value in cell.split(" / ") if value]
        assert sorted(shown) == sorted(value for _, _, value in given_)
        assert list(table.months) == sorted(set(table.months))


class TestGaps:
    def test_a_gap_with_a_reason_is_explained(self) -> None:
        values = {**WHOLE, "timeline": [], "perspective": ""}
        found = gaps_in(values, {"7": "The records of the first hospital were lost."})
        assert [(gap.item.number, gap.explained) for gap in found] == [("7", True), ("12", False)]

    def test_what_is_optional_is_no_gap(self) -> None:
        assert gaps_in({**WHOLE, "prognosis": "", "diagnostic_challenges": ""}, {}) == []

    @pytest.mark.parametrize("reason", ["", "   ", "n/a", "none", "not done"])
    def test_a_word_is_no_reason(self, reason: str) -> None:
        (gap,) = gaps_in({**WHOLE, "timeline": []}, {"7": reason})
        assert not gap.explained

    def test_no_reason_stands_in_for_consent(self) -> None:
        (gap,) = gaps_in(
            {**WHOLE, "consent_statement": ""}, {"13": "The family could not be reached in time."}
        )
        assert not gap.explained
        assert "Informed consent: this item is required." in str(gap)

    def test_every_gap_says_what_to_do(self) -> None:
        for gap in gaps_in({}, {}):
            assert str(gap).startswith(str(gap.item.name))
            assert len(str(gap)) > 20


class TestTimeFromBirth:
    @pytest.mark.parametrize(
        ("months", "words"),
        [
            (-2, "Before birth"),
            (0, "Birth"),
            (15, "At 15 months"),
            (27, "At 2 years and 3 months"),
            (1150, "At 90 years or over"),
        ],
    )
    def test_is_an_age(self, months: int, words: str) -> None:
        assert relative_time.age_in_months_in_words(months) == words

    @given(st.integers(-1200, 1200))
    def test_no_age_over_89_is_said(self, months: int) -> None:
        assert all(
            int(number) <= 90 for number in re.findall(r"\d+", relative_time.age_in_months_in_words(months))
        )
