"""Words of a transcript as tokens, and the differences between two lists of them."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.differences import differences
from transcripts.words import Token, is_protected, language, mark_free, norm, tokens


def kinds(text: str, *, said: bool = True) -> list[tuple[str, str]]:
    return [(token.norm, token.kind) for token in tokens(text, said=said)]


def free(text: str, code: str = "en", *, keep_first: bool = True) -> dict[int, str]:
    """What may be left out of `text`: position among the tokens -> why."""
    marked = mark_free(tokens(text, said=True), text, code, keep_first=keep_first)
    return {index: token.free for index, token in enumerate(marked) if token.free}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Didn’t she? 3.5 km", [("didn't", "word"), ("she", "word"), ("3.5", "word"), ("km", "word")]),
        ("well‑known co-op", [("well-known", "word"), ("co-op", "word")]),
        ("she st- stood", [("she", "word"), ("st-", "word"), ("stood", "word")]),
        ("[laughs] [inaudible 3 s] [her sister]", [("[laughs]", "sound"), ("[inaudible 3 s]", "gap"), ("[her sister]", "bracket")]),
        ("[?Hannah?] came", [("hannah", "word"), ("came", "word")]),
        ("O[?K?] then", [("ok", "word"), ("then", "word")]),
        ("costs €5", [("costs", "word"), ("€", "word"), ("5", "word")]),
        ("لا أعرف", [("لا", "word"), ("أعرف", "word")]),
    ],
)  # fmt: skip
def test_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize("mark", ["[…]", "[...]", "…", "...", "[ ... ]"])
def test_dots_are_an_omission_in_a_quote_and_a_pause_in_a_transcript(mark: str) -> None:
    assert kinds(f"one {mark} two", said=True) == [("one", "word"), ("two", "word")]
    assert [kind for _norm, kind in kinds(f"one {mark} two", said=False)] == ["word", "omit", "word"]


@given(st.text(alphabet="aB é’-.,?![]…1 \n", max_size=60), st.booleans())
def test_a_token_is_where_it_says(text: str, said: bool) -> None:
    found = tokens(text, said=said)
    for token in found:
        assert token.at < token.end <= len(text)
        assert token.raw[0] == text[token.at] or "[?" in text
    assert [token.at for token in found] == sorted(token.at for token in found)
    if "[?" not in text:
        assert all(text[token.at : token.end] == token.raw for token in found)


@given(st.text(max_size=20))
def test_the_compared_form_is_the_same_for_both_ways_to_write_an_accent(word: str) -> None:
    assert norm(unicodedata.normalize("NFD", word)) == norm(unicodedata.normalize("NFC", word))


@pytest.mark.parametrize(
    ("word", "code", "expected"),
    [("not", "en", True), ("maybe", "en-GB", True), ("didn’t", "en", True), ("14th", "xx", True),
     ("stairs", "en", False), ("not", "xx", True), ("[not]", "en", False)],
)  # fmt: skip
def test_words_that_change_the_statement_are_protected(word: str, code: str, expected: bool) -> None:
    assert is_protected(tokens(word, said=True)[0], code) is expected


def test_fillers_sounds_and_broken_words_may_be_left_out() -> None:
    assert free("Um, she st- stood [laughs] up") == {0: "filler", 2: "broken", 4: "sound"}
    assert free("Um, she stood", "xx") == {}
    assert free("[inaudible] she [inaudible] stood [inaudible]") == {0: "edge", 4: "edge"}


def test_a_loose_phrase_is_a_filler_only_between_pauses() -> None:
    assert free("It was, you know, hard.") == {2: "filler", 3: "filler"}
    assert free("Did you know him?") == {}
    assert language("en").loose, "the test above needs the English file"


def test_of_words_said_twice_either_may_be_left_out_but_never_a_single_number() -> None:
    assert free("I saw I saw it") == {0: "repeat", 1: "repeat"}
    assert free("I saw I saw it", keep_first=False) == {2: "repeat", 3: "repeat"}
    assert free("in 2 2 days") == {}
    assert free("the, um, the stairs") == {0: "repeat", 1: "filler"}


# Differences -----------------------------------------------------------------------------------------------


def token(word: str) -> Token:
    return Token(word, word.lower(), 0, len(word), "word", "filler" if word.isupper() else "")


# Capitals are free words, which weigh less.
sentences = st.lists(st.sampled_from(["a", "b", "c", "D", "E"]), max_size=8).map(
    lambda words: [token(w) for w in words]
)


def heaviest(left: list[Token], right: list[Token]) -> int:
    """The weight of the heaviest common run, by trying every choice."""

    @cache
    def best(i: int, j: int) -> int:
        if i == len(left) or j == len(right):
            return 0
        found = max(best(i + 1, j), best(i, j + 1))
        if left[i].key == right[j].key:
            found = max(found, best(i + 1, j + 1) + (1 if left[i].free else 2))
        return found

    return best(0, 0)


@given(sentences, sentences)
def test_the_steps_lead_from_one_text_to_the_other_and_keep_as_much_as_can_be(
    a: list[Token], b: list[Token]
) -> None:
    steps = differences(a, b)
    assert [step.a for step in steps if step.a] == a
    assert [step.b for step in steps if step.b] == b
    kept = [step for step in steps if step.op == "same"]
    assert all(step.a and step.b and step.a.key == step.b.key for step in kept)
    assert sum(1 if step.a and step.a.free else 2 for step in kept) == heaviest(a, b)


@given(sentences)
def test_a_text_does_not_differ_from_itself(a: list[Token]) -> None:
    assert {step.op for step in differences(a, a)} <= {"same"}


def test_a_counted_word_is_kept_rather_than_a_free_one() -> None:
    um, stairs = token("UM"), token("stairs")
    assert [(step.op, (step.a or step.b).raw) for step in differences([um, stairs], [stairs, um])] == [
        ("del", "UM"),
        ("same", "stairs"),
        ("add", "UM"),
    ]
