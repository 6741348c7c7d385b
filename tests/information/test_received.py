"""What comes in with a form, and addresses of answers: without a database."""

from __future__ import annotations

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from information.anchors import ANCHOR, anchor_of, twice
from information.received import fingerprint, haste, stamp, tidied


@given(text=st.text())
def test_tidied_text_can_be_stored_and_says_the_same(text: str) -> None:
    tidy = tidied(text)
    assert "\0" not in tidy
    tidy.encode()
    assert tidied(tidy) == tidy
    assert [letter for letter in text if letter.isprintable()] == [
        letter for letter in tidy if letter.isprintable()
    ]


def test_lines_and_every_script_stay() -> None:
    text = "Ana\tÉlise\r\nمرحبا\nпривет 👩‍👧 e\u0301"
    assert tidied(text) == text
    assert tidied("a\x00b\x1bc\ud800d") == "abcd"


def test_a_form_sent_at_once_is_quick_and_a_moment_later_it_is_not() -> None:
    with time_machine.travel("2026-11-22 10:00:00Z", tick=False):
        value = stamp(7)
        assert haste(value, 7) == "quick"
    with time_machine.travel("2026-11-22 10:00:04Z", tick=False):
        assert haste(value, 7) == ""
        assert haste(value, 8) == "old", "a stamp counts for its own form only"
        assert haste(value[:-1] + "!", 7) == "old"
        assert haste("", 7) == "old"
    with time_machine.travel("2026-11-24 10:00:00Z", tick=False):
        assert haste(value, 7) == "old"


def test_the_same_words_sent_twice_have_one_fingerprint_and_others_have_another() -> None:
    first = fingerprint(1, "stamp", {"a": "x", "b": [1]})
    assert first == fingerprint(1, "stamp", {"b": [1], "a": "x"})
    assert len({first, fingerprint(2, "stamp", {"a": "x", "b": [1]}), fingerprint(1, "stamp", {"a": "y", "b": [1]}),
                fingerprint(1, "later", {"a": "x", "b": [1]})}) == 4  # fmt: skip


@given(block_id=st.uuids())
def test_an_answer_without_a_word_of_its_own_has_an_address(block_id: object) -> None:
    assert ANCHOR.fullmatch(anchor_of(str(block_id)))


def test_words_that_occur_twice() -> None:
    assert twice(["a", "b", "", "", "a", "c", "a"]) == ["a"]
    assert twice(["a", "b"]) == []
