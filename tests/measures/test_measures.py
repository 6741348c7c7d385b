"""What a value may be: the rules of scales, the measures that come with the project, and what is said of
rows.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casestudies import measurement_rules
from measures.scales import RATINGS, Level, Refused, Scale, recognised
from measures.starter import BY_KEY, STARTER, FaultyMeasures, scales_in

GMFCS, GMFM66, GMFM88 = BY_KEY["gmfcs"], BY_KEY["gmfm-66"], BY_KEY["gmfm-88"]
ASHWORTH, MACS = BY_KEY["modified-ashworth"], BY_KEY["macs"]


@dataclass
class Row:
    """One measurement, as a form or an importer has it."""

    scale: Scale | None
    value: str
    months: int = 0
    phase: str = ""
    assessed_by: str = ""
    side: str = ""
    part: str = ""
    observed_on: dt.date | None = None


class TestValues:
    @pytest.mark.parametrize(
        ("key", "typed", "kept"),
        [
            ("gmfcs", "III", "III"),
            ("gmfcs", " iii ", "III"),
            ("gmfcs", "level II", "II"),
            ("gmfm-66", "55.60", "55.60"),
            ("gmfm-66", "55,6", "55.6"),
            ("gmfm-66", "０５５", "55"),
            ("gmfm-66", "0", "0"),
            ("gmfm-66", "100", "100"),
            ("modified-ashworth", "1+", "1+"),
            ("modified-ashworth", "Grade 1+", "1+"),
            ("seizures-30", "11", "11"),
            ("seizures-30", "11.0", "11"),
            ("cars", "36.5", "36.5"),
            ("logmar", "−0.1", "-0.1"),
            ("walks-alone", "Yes", "yes"),
            ("family-rating", "Moderate", "moderate"),
        ],
    )
    def test_is_kept_in_one_way_of_writing(self, key: str, typed: str, kept: str) -> None:
        assert BY_KEY[key].read(typed) == kept

    @pytest.mark.parametrize(
        ("key", "typed", "rule"),
        [
            ("gmfcs", "0", "GMFCS runs from I to V"),
            ("gmfcs", "3", "not one of its levels (I, II, III, IV, V)"),
            ("gmfcs", "VI", "GMFCS runs from I to V"),
            ("gmfm-66", "101", "GMFM-66 runs from 0 to 100: 101 is outside."),
            ("gmfm-66", "-1", "GMFM-66 runs from 0 to 100"),
            ("gmfm-66", "about 50", "is a number"),
            ("gmfm-66", "nan", "is a number"),
            ("gmfm-66", "1e1", "is a number"),
            ("gmfm-66", "", "is a number"),
            ("6mwt", "1,200", "can be read in two ways"),
            ("modified-ashworth", "5", "Modified Ashworth Scale runs from 0 to 4"),
            ("modified-ashworth", "1.5", "(0, 1, 1+, 2, 3, 4)"),
            ("seizures-30", "2.5", "whole numbers"),
            ("seizures-30", "-2", "from 0 up: -2 is outside"),
            ("cars", "36.2", "steps of 0.5"),
            ("barthel", "18", "steps of 5"),
            ("walks-alone", "sometimes", "one of no, yes"),
            ("family-rating", "40 %", "one of worse, none, small, moderate, significant"),
        ],
    )
    def test_that_cannot_be_is_refused_with_the_rule(self, key: str, typed: str, rule: str) -> None:
        with pytest.raises(Refused) as refused:
            BY_KEY[key].read(typed)
        assert rule in str(refused.value)

    @given(some.sampled_from(STARTER), some.text(max_size=30))
    def test_whatever_is_typed_is_kept_or_refused(self, scale: Scale, typed: str) -> None:
        try:
            kept = scale.read(typed)
        except Refused:
            return
        assert scale.read(kept) == kept
        low = scale.low if scale.low is not None else float("-inf")
        high = scale.high if scale.high is not None else float("inf")
        assert scale.levels or low <= float(kept) <= high

    def test_a_higher_level_has_a_higher_place(self) -> None:
        places = [ASHWORTH.position(level.code) for level in ASHWORTH.levels]
        assert places == [0, 1, 2, 3, 4, 5]


class TestStarter:
    def test_no_difference_and_no_natural_course_without_a_source(self) -> None:
        for scale in STARTER:
            assert bool(scale.difference) == bool(scale.difference_source), scale.key
            assert bool(scale.ceilings) == bool(scale.ceilings_source) == bool(scale.ceilings_of), scale.key
            if scale.difference_source:
                assert "doi" in scale.difference_source, scale.key

    def test_keys_and_names_are_their_own(self) -> None:
        assert len({scale.key for scale in STARTER}) == len({scale.name for scale in STARTER}) == len(STARTER)

    def test_gmfm_66_and_88_are_never_mixed_either_way(self) -> None:
        for scale in STARTER:
            for key in scale.never_with:
                assert key in BY_KEY, key
        assert "gmfm-88" in GMFM66.never_with
        assert "gmfm-66" in GMFM88.never_with

    def test_each_of_the_two_has_its_own_natural_course(self) -> None:
        # The maxima of the 88 items (Palisano 2000) are not those of the 66 (Rosenbaum 2002).
        assert list(GMFM88.ceilings.values()) == [96.8, 89.3, 61.3, 36.1, 12.9]
        assert list(GMFM66.ceilings.values()) == [87.7, 68.4, 54.3, 40.4, 22.3]
        assert set(GMFM66.ceilings) == {level.code for level in GMFCS.levels}

    def test_the_88_items_are_17_20_14_13_and_24(self) -> None:
        notes = [BY_KEY[f"gmfm-88-{letter}"].note for letter in "abcde"]
        assert [int(note.split(": ")[1].split(" ")[0]) for note in notes] == [17, 20, 14, 13, 24]

    def test_only_a_family_rates(self) -> None:
        rating = BY_KEY["family-rating"]
        assert rating.assessors == {"patient", "parent"}
        assert [level.code for level in RATINGS] == ["worse", "none", "small", "moderate", "significant"]


class TestFileOfMeasures:
    GOOD = '[[measure]]\nkey = "walk"\nname = "Walk"\nkind = "interval"\n'

    def test_a_measure_needs_few_fields(self) -> None:
        assert scales_in(self.GOOD) == (Scale(key="walk", name="Walk", kind="interval"),)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[[measure]", "not valid TOML"),
            ('[[measure]]\nname = "Walk"\nkind = "interval"', "Measure number 1: the field ‘key’ is missing"),
            (GOOD + "hight = 3", "Measure ‘walk’: the field ‘hight’ is not known. Use one of: assessors,"),
            (GOOD + 'low = "3"', "Measure ‘walk’: the field ‘low’ must be a number, not '3'"),
            (GOOD + "low = true", "the field ‘low’ must be a number"),
            (GOOD + 'needs_side = "yes"', "the field ‘needs_side’ must be true or false"),
            (GOOD + "unit = 3", "the field ‘unit’ must be a text"),
            (GOOD + 'other_names = "Walking"', "the field ‘other_names’ must be a list of texts"),
            (GOOD + 'assessors = ["nurse"]', "the field ‘assessors’ must be a list of clinician, patient"),
            (GOOD + 'levels = ["I"]', "the field ‘levels’ must be a list of"),
            (GOOD + 'ceilings = { I = "high" }', "the field ‘ceilings’ must be a table of numbers by level"),
            (GOOD.replace("interval", "distance"), "the field ‘kind’ must be one of interval, score"),
            (GOOD + "difference = 2", "‘difference’ needs its source"),
            (GOOD + GOOD, "Two measures have the key ‘walk’"),
            (GOOD + 'never_with = ["run"]', "Measure ‘walk’ names ‘run’, which is not a key in the file"),
        ],
    )
    def test_a_mistake_names_the_measure_the_field_and_the_fix(self, text: str, message: str) -> None:
        with pytest.raises(FaultyMeasures, match=re.escape(message)):
            scales_in(text)


class TestAges:
    @pytest.mark.parametrize(
        ("age", "months", "covered"),
        [
            (4, 0, True),
            (18, 0, True),
            (3, 0, False),
            (3, 1, True),
            (19, 0, False),
            (18, 12, False),
            (19, -6, True),
        ],
    )
    def test_a_year_of_doubt_is_given(self, age: int, months: int, covered: bool) -> None:
        assert MACS.covers_age(age, months) is covered

    def test_macs_outside_4_to_18_is_refused(self) -> None:
        [problem] = measurement_rules.problems([Row(MACS, "II", months=3)], age=2)
        assert (problem.row, problem.field) == (0, "outcome_measure")
        assert problem.message == "MACS is for ages 4 to 18. This patient was about 2 (3 months after)."
        assert measurement_rules.problems([Row(MACS, "II")], age=None) == []


class TestRows:
    def test_a_follow_up_before_baseline_is_refused(self) -> None:
        assert (
            "comes after the baseline"
            in measurement_rules.faults(Row(GMFM66, "50", -3, "follow_up"))["months"]
        )
        assert "is a follow-up" in measurement_rules.faults(Row(GMFM66, "50", 3, "baseline"))["months"]
        assert measurement_rules.faults(Row(GMFM66, "50", -3)) == {}

    def test_a_follow_up_dated_before_baseline_is_refused(self) -> None:
        rows = [
            Row(GMFM66, "54", 12, observed_on=dt.date(2024, 1, 5)),
            Row(GMFM66, "50", 0, observed_on=dt.date(2024, 6, 1)),
            Row(GMFM66, "52", 3),
        ]
        [problem] = measurement_rules.problems(rows, age=None)
        assert (problem.row, problem.field) == (0, "observed_on")
        assert problem.message == "This follow-up (12 months after) is dated before the baseline (Treatment)."

    def test_dates_in_the_order_of_months_are_right(self) -> None:
        rows = [Row(GMFM66, "50", months, observed_on=dt.date(2024, 1 + months, 1)) for months in (6, 0, 3)]
        assert measurement_rules.problems(rows, age=7) == []

    def test_a_muscle_and_a_side_are_needed_where_they_are(self) -> None:
        assert set(measurement_rules.faults(Row(ASHWORTH, "2"))) == {"side", "part"}
        assert measurement_rules.faults(Row(ASHWORTH, "2", side="left", part="calf")) == {}

    def test_a_clinician_does_not_rate_for_the_family(self) -> None:
        row = Row(BY_KEY["family-rating"], "small", 3, assessed_by="clinician", part="speech")
        assert "the parents' own rating" in measurement_rules.faults(row)["assessed_by"]

    def test_a_measure_outside_the_list_is_not_checked(self) -> None:
        assert measurement_rules.problems([Row(None, "a little more", 6)], age=3) == []


class TestWarnings:
    def test_a_change_of_classification_warns_and_is_no_error(self) -> None:
        rows = [Row(GMFCS, "III", 0), Row(GMFCS, "II", 12)]
        [warning] = measurement_rules.warnings(rows)
        assert warning.startswith("GMFCS changes from III (Treatment) to II (12 months after).")
        assert measurement_rules.problems(rows, age=7) == []

    def test_the_same_level_is_silent(self) -> None:
        assert (
            measurement_rules.warnings([Row(GMFCS, "III", 0), Row(GMFCS, "III", 12), Row(GMFM66, "50")]) == []
        )

    def test_one_measure_before_and_its_double_after_cannot_be_compared(self) -> None:
        [warning] = measurement_rules.warnings([Row(GMFM66, "50", -1), Row(GMFM88, "55", 12)])
        assert warning == "GMFM-66 was measured before and GMFM-88 after: their numbers cannot be compared."
        both = [Row(scale, "50", months) for scale in (GMFM66, GMFM88) for months in (0, 12)]
        assert measurement_rules.warnings(both) == []


class TestRecognition:
    @pytest.mark.parametrize(
        ("words", "scale", "found"),
        [
            ("GMFM-66", GMFM66, ("", "")),
            ("gmfm-88, total", GMFM88, ("", "")),
            ("Modified Ashworth Scale, right hip adductors", ASHWORTH, ("right", "hip adductors")),
            ("Ashworth, right calf", ASHWORTH, ("right", "calf")),
            ("Grating acuity, left eye", BY_KEY["grating-acuity"], ("left", "")),
            ("GMFM-66, standing", GMFM66, None),
            ("GMFM-661", GMFM66, None),
            ("", GMFM66, None),
        ],
    )
    def test_of_words_as_editors_wrote_them(self, words: str, scale: Scale, found: Any) -> None:
        assert recognised(words, scale) == found


def test_a_scale_needs_no_end() -> None:
    scale = Scale(key="x", name="Words", kind="count")
    assert scale.range_in_words == ""
    assert scale.read("250") == "250"
    assert (
        Scale(key="y", name="Y", kind="level", own_levels=(Level("a"), Level("b"))).range_in_words == "a to b"
    )
