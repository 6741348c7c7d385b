"""A file of measures with a mistake: the error names the measure, the field and what to write."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from measures.models import Measure, as_fields
from measures.scales import Level, Scale
from measures.starter import STARTER, FaultyMeasures, scales_in

GOOD = '[[measure]]\nkey = "walk"\nname = "Walk"\nkind = "interval"\n'
LEVELS = GOOD.replace("interval", "level")

# A value of every type that TOML has, as it is written.
TOML = {
    "text": '"words"',
    "number": "3",
    "flag": "true",
    "texts": '["a"]',
    "numbers": "[1, 2]",
    "levels": '[["a"], ["b", "meaning"]]',
    "table": "{ I = 2.5 }",
    "day": "2024-05-31",
}
FIELDS = {
    "full_name": ({"text"}, "a text"),
    "unit": ({"text"}, "a text"),
    "ceilings_of": ({"text"}, "a text"),
    "note": ({"text"}, "a text"),
    "source": ({"text"}, "a text"),
    "low": ({"number"}, "a number"),
    "high": ({"number"}, "a number"),
    "step": ({"number"}, "a number"),
    "difference": ({"number"}, "a number"),
    "least_age": ({"number"}, "a number"),
    "greatest_age": ({"number"}, "a number"),
    "is_classification": ({"flag"}, "true or false"),
    "needs_side": ({"flag"}, "true or false"),
    "needs_part": ({"flag"}, "true or false"),
    "other_names": ({"texts"}, "a list of texts"),
    "never_with": ({"texts"}, "a list of texts"),
    "levels": ({"levels"}, "a list of"),
    "ceilings": ({"table"}, "a table of numbers by level"),
    "kind": (set(), "one of interval, score, level, count, yes_no, rating"),
    "better": (set(), "higher, lower or an empty text"),
    "assessors": (set(), "a list of clinician, patient, parent, independent"),
}


def refusal(text: str) -> str:
    with pytest.raises(FaultyMeasures) as refused:
        scales_in(text)
    return str(refused.value)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_another_type_is_refused_with_the_type_it_needs(field: str) -> None:
    fitting, rule = FIELDS[field]
    base = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{field} "))
    for name, value in TOML.items():
        if name not in fitting:
            message = refusal(f"{base}{field} = {value}\n")
            assert message.startswith(f"Measure ‘walk’: the field ‘{field}’ must be {rule}"), name


def test_the_second_measure_is_named_and_not_the_first() -> None:
    assert refusal(GOOD + GOOD.replace('"walk"', '"run"') + "low = []").startswith("Measure ‘run’: ")
    assert refusal(GOOD + GOOD.replace('key = "walk"\n', "")).startswith("Measure number 2: ")


@pytest.mark.parametrize("field", ["key", "name", "kind"])
def test_a_field_that_every_measure_needs_is_asked_for(field: str) -> None:
    lines = GOOD.splitlines(keepends=True)
    without = "".join(line for line in lines if not line.startswith(f"{field} "))
    assert f"the field ‘{field}’ is missing. Add it." in refusal(without)
    if field != "kind":
        assert f"the field ‘{field}’ must be a text that is not empty" in refusal(f'{without}{field} = " "')


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_an_end_of_a_range_is_a_finite_number(number: str) -> None:
    assert "the field ‘high’ must be a number" in refusal(f"{GOOD}high = {number}")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("low = 3\nhigh = 3", "‘high’ must be above ‘low’"),
        ("low = 0\nhigh = -1", "‘high’ must be above ‘low’"),
        ("least_age = 18\ngreatest_age = 4", "‘greatest_age’ must be above ‘least_age’"),
        ('difference = 2\ndifference_source = " "', "Add ‘difference_source’."),
        ("ceilings = { I = 87.7 }", "Add ‘ceilings_source’."),
        ('levels = [["I"], ["i", "again"]]', "Write each level only once."),
    ],
)
def test_fields_that_contradict_each_other_are_named(more: str, message: str) -> None:
    said = refusal(GOOD + more)
    assert said.startswith("Measure ‘walk’: ")
    assert message in said


def test_a_measure_of_levels_needs_two() -> None:
    assert "needs at least two levels" in refusal(LEVELS)
    assert "needs at least two levels" in refusal(LEVELS + 'levels = [["I"]]')
    [scale] = scales_in(LEVELS + 'levels = [["I", "walks"], ["II"]]')
    assert scale.levels == (Level("I", "walks"), Level("II"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[measure]\nkey = "walk"', "‘measure’ is not a list of tables"),
        ("measure = 3", "‘measure’ is not a list of tables"),
        ('measure = ["walk"]', "‘measure’ is not a list of tables"),
        (GOOD.replace("[[measure]]", "[[measures]]"), "The file has ‘measures’. Write each measure under"),
        ('title = "Mine"\n' + GOOD, "The file has ‘title’. Write each measure under ‘[[measure]]’."),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_form(text: str, message: str) -> None:
    assert message in refusal(text)


def test_an_unknown_classification_is_named() -> None:
    text = GOOD + 'ceilings_of = "levels"\nceilings = { I = 3 }\nceilings_source = "A study"'
    assert refusal(text) == "Measure ‘walk’ names ‘levels’, which is not a key in the file. Correct the key."


def test_every_field_comes_out_as_it_was_written() -> None:
    text = (
        GOOD
        + 'low = 1\nhigh = 9.5\nstep = 0.5\nleast_age = 4\nassessors = ["parent"]\nother_names = ["Steps"]'
    )
    assert scales_in(text) == (
        Scale(
            key="walk",
            name="Walk",
            kind="interval",
            low=1,
            high=9.5,
            step=0.5,
            ages=(4, None),
            assessors=frozenset(["parent"]),
            other_names=("Steps",),
        ),
    )


toml_values = some.sampled_from(list(TOML.values()))
known_fields = some.sampled_from(["name", *FIELDS, "hight"])


@given(some.dictionaries(known_fields, toml_values, max_size=5))
def test_any_file_is_read_or_refused_by_measure(given_fields: dict[str, Any]) -> None:
    fields = {"key": '"walk"', "name": '"Walk"', "kind": '"score"', **given_fields}
    text = "[[measure]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items())
    said = ""
    try:
        assert [scale.key for scale in scales_in(text)] == ["walk"]
    except FaultyMeasures as error:
        said = str(error)
    assert not said or said.startswith("Measure ‘walk’")


@pytest.mark.parametrize("scale", STARTER, ids=lambda scale: scale.key)
def test_the_form_of_editors_takes_every_measure_of_the_file(scale: Scale) -> None:
    Measure(**as_fields(scale)).clean()
