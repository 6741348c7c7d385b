"""Word by word: what a family is shown of a change. Pure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from approval.changes import AROUND, changes, word_runs

WORDS = st.lists(
    st.sampled_from(["the", "stairs", "six", "seven", "weeks", "not", "she", "walks."]), max_size=60
)


def test_one_word_is_shown_with_its_neighbours() -> None:
    [change] = changes(
        [("block:1", "Text", "For six weeks nothing happened.")],
        [("block:1", "Text", "For seven weeks nothing happened.")],
    )
    assert [(run.kind, run.text) for run in change.runs] == [
        ("same", "For"),
        ("out", "six"),
        ("in", "seven"),
        ("same", "weeks nothing happened."),
    ]
    assert change.words == 1


def test_new_and_gone_passages_are_said() -> None:
    found = changes([("a", "A", "one"), ("b", "B", "two")], [("b", "B", "two"), ("c", "C", "three")])
    assert [(one.part, one.is_new, one.is_gone) for one in found] == [("c", True, False), ("a", False, True)]


def test_long_unchanged_stretches_are_cut() -> None:
    same = [f"w{number}" for number in range(100)]
    runs = word_runs(" ".join(["old", *same, "end"]), " ".join(["new", *same, "END"]))
    assert [run.kind for run in runs] == ["out", "in", "same", "gap", "same", "out", "in"]
    assert len(runs[2].text.split()) == AROUND


@given(WORDS, WORDS)
def test_nothing_is_shown_that_was_not_there(old: list[str], new: list[str]) -> None:
    runs = word_runs(" ".join(old), " ".join(new))
    taken = [word for run in runs if run.kind == "out" for word in run.text.split()]
    put = [word for run in runs if run.kind == "in" for word in run.text.split()]
    if old == new:
        assert not taken + put
    else:
        assert taken + put
    if not any(run.kind == "gap" for run in runs):
        shown = [word for run in runs if run.kind in ("same", "in") for word in run.text.split()]
        assert shown == new
        before = [word for run in runs if run.kind in ("same", "out") for word in run.text.split()]
        assert before == old
