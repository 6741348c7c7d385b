"""A corrected transcript keeps its excerpts, and those that lost their place are known."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.alignment import align
from interviews.excerpting import NoWords, Place, run_of, time_at


@dataclass(frozen=True)
class Said:
    speaker: str
    text: str
    start: float | None = None
    end: float | None = None


VOCABULARY = [
    "we",
    "went",
    "home",
    "then",
    "she",
    "stood",
    "up",
    "and",
    "held",
    "the",
    "table",
    "while",
    "the",
    "doctor",
    "looked",
    "at",
    "her",
    "knees",
    "every",
    "morning",
    "before",
    "school",
]


def conversation(cues: int, seed: int = 1) -> list[Said]:
    chance = random.Random(seed)
    return [
        Said(
            "Mother" if index % 2 else "Doctor",
            " ".join(chance.choices(VOCABULARY, k=chance.randint(3, 18))),
            index * 4.0,
            index * 4.0 + 3.5,
        )
        for index in range(cues)
    ]


def test_inserting_deleting_and_editing_a_tenth_of_the_cues_keeps_the_excerpts() -> None:
    chance = random.Random(7)
    old = conversation(1000)
    new: list[Said] = []
    for index, cue in enumerate(old):
        fate = chance.random()
        if index % 30 == 7:  # a third of a tenth each: deleted, edited, inserted
            continue
        if index % 30 == 17:
            words = cue.text.split()
            words[chance.randrange(len(words))] = "corrected"
            new.append(Said(cue.speaker, " ".join(words), cue.start, cue.end))
            continue
        if index % 30 == 27:
            new.append(Said("Mother", "words that were forgotten at first", cue.start, cue.start))
        new.append(cue)
        assert 0 <= fate < 1
    alignment = align(old, new)
    excerpts = [
        (Place(index, 0), Place(index + index % 2, len(old[index + index % 2].text)))
        for index in range(0, 990, 3)
    ]
    placed = [alignment.place(start, end) for start, end in excerpts]
    assert sum(place is not None for place in placed) >= 0.95 * len(excerpts)
    for (start, end), place in zip(excerpts, placed, strict=True):
        if place is not None and old[start.cue] in new and start.cue == end.cue:
            begin, finish = place
            assert new[begin.cue].text[begin.offset : finish.offset] == old[start.cue].text


def test_a_split_and_a_joined_cue_are_followed() -> None:
    old = [
        Said("Mother", "She stood up. She laughed at me."),
        Said("Mother", "Then"),
        Said("Mother", "we ate."),
    ]
    new = [
        Said("Mother", "She stood up."),
        Said("Mother", "She laughed at me."),
        Said("Mother", "Then we ate."),
    ]
    alignment = align(old, new)
    assert alignment.place(Place(0, 14), Place(0, 32)) == (Place(1, 0), Place(1, 18))
    assert alignment.place(Place(1, 0), Place(2, 7)) == (Place(2, 0), Place(2, 12))


def test_words_that_are_gone_have_no_place() -> None:
    alignment = align(
        [Said("M", "the needle days were hard"), Said("M", "she slept")], [Said("M", "she slept")]
    )
    assert alignment.place(Place(0, 0), Place(0, 25)) is None
    assert alignment.cues == {1: 0}


def test_an_excerpt_keeps_its_place_while_half_of_its_words_are_left() -> None:
    old = [Said("M", "one two three four five six seven eight nine ten")]
    whole = (Place(0, 0), Place(0, len(old[0].text)))
    half = align(old, [Said("M", "one two three four five")])
    assert half.place(*whole) == (Place(0, 0), Place(0, 23))
    fewer = align(old, [Said("M", "one two three four")])
    assert fewer.place(*whole) is None
    one_in_ten = align(old, [Said("M", "a b c d e f g h i ten")])
    assert one_in_ten.place(*whole) is None


def test_an_excerpt_that_begins_or_ends_inside_a_word_keeps_that_word() -> None:
    old = [Said("M", "She stood up"), Said("M", "and laughed")]
    alignment = align(old, [Said("M", "Then she stood up"), Said("M", "and laughed")])
    assert alignment.place(Place(0, 6), Place(1, 11)) == (Place(0, 9), Place(1, 11))
    assert alignment.place(Place(0, 6), Place(0, 11)) == (Place(0, 9), Place(0, 17))
    # Before the first letter of a word, the word before it is not part of the excerpt.
    assert alignment.place(Place(0, 4), Place(0, 12)) == (Place(0, 9), Place(0, 17))
    assert alignment.place(Place(1, 0), Place(1, 11)) == (Place(1, 0), Place(1, 11))


@given(st.lists(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join), max_size=30))
def test_the_same_transcript_is_matched_word_for_word(texts: list[str]) -> None:
    cues = [Said("M", text) for text in texts]
    alignment = align(cues, cues)
    assert alignment.words == {index: index for index in range(len(alignment.old))}
    assert alignment.cues == {index: index for index in range(len(cues))}


def test_an_excerpt_has_one_speaker_and_its_question() -> None:
    cues = [
        Said("Doctor", "What changed?", 0.0, 1.0),
        Said("Mother", "She stood up.", 1.0, 3.0),
        Said("Doctor", "Mm yes.", 3.0, 3.4),
        Said("Mother", "And laughed.", 3.5, 5.5),
        Said("Doctor", "Did she do that again on the other days?", 5.5, 8.0),
        Said("Mother", "Every day.", 8.0, 10.0),
    ]
    run = run_of(cues, Place(1, 0), Place(5, 10), interviewers={"Doctor"})
    assert run.verbatim == "She stood up. And laughed. […] Every day."
    assert (run.speaker, run.asked, run.clip_in, run.clip_out) == ("Mother", "What changed?", 1.0, 10.0)
    assert run_of(cues, Place(0, 0), Place(1, 9), interviewers={"Doctor"}).start == Place(1, 0)


@pytest.mark.parametrize(
    ("before", "is_question"),
    [
        ("What changed?", True),
        ("ماذا تغير؟", True),
        ("有什么变化？", True),
        ("Τι άλλαξε\u037e", True),  # the Greek question mark
        ("Τι άλλαξε;", True),  # the same, typed as a semicolon
        ("She was with us for a week.", False),
        ("Go on;", False),
        ("Why? I see.", False),
        ("", False),
    ],
)
def test_only_a_question_is_kept_with_the_answer(before: str, is_question: bool) -> None:
    cues = [Said("Doctor", before), Said("Mother", "She stood up.")]
    run = run_of(cues, Place(1, 0), Place(1, 13), interviewers={"Doctor"})
    assert run.asked == (before if is_question else "")


def test_what_the_speaker_asked_before_is_not_a_question_to_them() -> None:
    cues = [Said("Mother", "Where was I?"), Said("Mother", "She stood up.")]
    assert run_of(cues, Place(1, 0), Place(1, 13)).asked == ""


def test_without_times_everything_but_seeking() -> None:
    run = run_of([Said("M", "We went home.")], Place(0, 3), Place(0, 12))
    assert run.verbatim == "went home"
    assert (run.clip_in, run.clip_out) == (None, None)
    assert time_at(Said("M", "abcd", 10.0, 12.0), 1) == 10.5


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Place(0, 3), Place(0, 3)),
        (Place(0, 0), Place(9, 1)),
        (Place(-1, 0), Place(0, 1)),
        (Place(1, 0), Place(0, 3)),
        (Place(0, 2), Place(0, 3)),
    ],
)
def test_a_place_without_words_is_refused(start: Place, end: Place) -> None:
    with pytest.raises(NoWords):
        run_of([Said("M", "We went home."), Said("M", "x")], start, end)
