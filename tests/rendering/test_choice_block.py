"""Values of a fixed choice are read as Wagtail reads them."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail import blocks

from rendering.choice_block import ChoiceBlock

PLAIN = [("a", "One"), ("b", "Two")]
GROUPED = [("Letters", [("a", "One")]), ("b", "Two")]
NUMBERS = [(1, "One"), (2, "Two")]


@pytest.mark.parametrize("choices", [PLAIN, GROUPED, NUMBERS])
@pytest.mark.parametrize("value", ["a", "b", "Letters", "1", 1, "", None, "other"])
def test_values_are_read_as_wagtail_reads_them(choices: list[Any], value: Any) -> None:
    own, wagtails = ChoiceBlock(choices=choices), blocks.ChoiceBlock(choices=choices)
    assert own.to_python(value) == wagtails.to_python(value)
    assert type(own.to_python(value)) is type(wagtails.to_python(value))
