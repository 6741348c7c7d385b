"""Offsets of browsers and of Python, over any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.workbench.offsets import NoSuchPlace, to_code_points, to_utf16, units

TEXTS = st.text(alphabet=st.characters(blacklist_categories=["Cs"])) | st.text(alphabet="a😀é𝔘 漢")


@given(TEXTS)
def test_units_are_what_utf_16_has(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.data())
def test_there_and_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    there = to_utf16(text, offset)
    assert there == len(text[:offset].encode("utf-16-le")) // 2
    assert to_code_points(text, there) == offset


@pytest.mark.parametrize(
    ("text", "offset", "what"),
    [
        ("a😀b", 2, "inside a character"),
        ("😀", 1, "inside a character"),
        ("a😀b", 5, "beyond"),
        ("abc", 4, "beyond"),
        ("", 1, "beyond"),
        ("abc", -1, "before"),
    ],
)
def test_no_place_is_guessed(text: str, offset: int, what: str) -> None:
    with pytest.raises(NoSuchPlace, match=what):
        to_code_points(text, offset)
