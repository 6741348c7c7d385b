"""What of a transcript may be public: by any cues, marks and decisions."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from experiences.transcript_text import Extent, captions, contains_replaced_name, lines, redact


@dataclass
class Said:
    pk: int
    start: float | None
    end: float | None
    speaker: str
    text: str


@dataclass
class Replaced:
    at: int
    end: int
    text: str
    neutral: str


EXTENT = Extent(1, 0, 1, 1000)
CUES = [
    Said(0, 0.0, 2.0, "Interviewer", "Who saw it?"),
    Said(1, 2.0, 6.0, "Mother", "Hannah saw it. Hannah told me."),
    Said(2, 6.0, 9.0, "Mother", "I did not believe her."),
]
FIRST, SECOND = Replaced(0, 6, "Hannah", "[my sister]"), Replaced(15, 21, "Hannah", "[my sister]")


def test_neutral_forms_stand_where_it_was_decided() -> None:
    text = CUES[1].text
    assert redact(text, []) == text
    assert redact(text, [FIRST]) == "[my sister] saw it. Hannah told me."
    assert redact(text, [SECOND, FIRST]) == "[my sister] saw it. [my sister] told me."


def test_a_part_of_a_cue_keeps_its_neutral_forms() -> None:
    text = CUES[1].text
    assert redact(text, [FIRST, SECOND], 15) == "[my sister] told me."
    assert redact(text, [FIRST, SECOND], 0, 14) == "[my sister] saw it."
    # Not even half a word shows when the part begins inside it.
    assert redact(text, [FIRST], 3, 14) == "[my sister] saw it."


def test_a_decision_outlives_a_corrected_transcript() -> None:
    assert redact("Well, Hannah saw it.", [FIRST]) == "Well, [my sister] saw it."


@given(st.text("ab Hannah.", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_replaced_word_is_never_published(text: str, start: int, end: int) -> None:
    decisions = [
        Replaced(at, at + 6, "Hannah", "[x]") for at in range(len(text)) if text[at : at + 6] == "Hannah"
    ]
    assert "Hannah" not in redact(text, decisions, min(start, end), max(start, end))


def test_captions_are_in_the_clip_s_own_time() -> None:
    (cue,) = captions(CUES, start=1.9, end=6.1, extent=EXTENT, decisions={}, labels={"Mother": "Marta"})
    assert (cue.start, cue.end, cue.speaker) == (0.1, 4.1, "Marta")
    assert cue.text == CUES[1].text


def test_of_a_cue_heard_in_part_only_the_excerpt_s_words_are_said() -> None:
    extent = Extent(1, 15, 1, 30)
    (cue,) = captions(CUES, start=4.0, end=6.0, extent=extent, decisions={}, labels={})
    assert cue.text == "Hannah told me."
    assert cue.start == 0.0


def test_a_cue_around_the_excerpt_counts_when_it_is_mostly_heard() -> None:
    said = captions(CUES, start=2.0, end=8.5, extent=EXTENT, decisions={}, labels={})
    assert [cue.text for cue in said] == [CUES[1].text, CUES[2].text]
    said = captions(CUES, start=2.0, end=6.5, extent=EXTENT, decisions={}, labels={})
    assert [cue.text for cue in said] == [CUES[1].text]


def test_a_moment_that_names_somebody() -> None:
    decisions = {1: [FIRST]}
    assert contains_replaced_name(CUES, 5.0, 8.0, decisions)
    assert not contains_replaced_name(CUES, 6.0, 9.0, decisions)
    assert not contains_replaced_name(CUES, 5.95, 9.0, decisions)
    assert not contains_replaced_name(CUES, 2.0, 6.0, {})


def test_lines_have_one_address_a_second_and_none_without_times() -> None:
    cues = [
        Said(0, 3.1, 3.4, "Mother", "Yes."),
        Said(1, 3.6, 4.0, "Mother", "No."),
        Said(2, None, None, "Mother", "Well."),
        Said(3, 3700.0, 3701.0, "Other", "  "),
        Said(4, 3702.0, 3703.0, "Other", "Bye."),
    ]
    made = lines(cues, {}, {"Mother": "Marta"})
    assert [(line["anchor"], line["stamp"], line["speaker"]) for line in made] == [
        ("t3", "00:03", "Marta"),
        ("", "00:03", "Marta"),
        ("", "", "Marta"),
        ("t3702", "1:01:42", ""),
    ]
