"""What was typed, and the lines it was found in: without a database."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.excerpt import LENGTH, excerpt, marked, matches, opening
from search.words import LONGEST, MOST_WORDS, asked, runs, words_in


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html))


@given(typed=st.text())
def test_whatever_is_typed_becomes_a_few_words(typed: str) -> None:
    question = asked(typed)
    assert len(question.text) <= LONGEST
    assert len(question.words) <= MOST_WORDS
    assert all(part for part in question.parts)
    assert not set("".join(question.words)) & set("\"'\0*:()-+^%\\ \n")
    assert asked(question.text) == question


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("cerebral palsy", (("cerebral",), ("palsy",))),
        ('"cerebral palsy" stairs', (("cerebral", "palsy"), ("stairs",))),
        ('"', ()),
        ('lone " mark', (("lone",), ("mark",))),
        ("live:true AND (x OR y*)", (("live",), ("true",), ("AND",), ("x",), ("OR",), ("y",))),
        ("don't", (("don",), ("t",))),
        ("C.P.", (("C",), ("P",))),
        ("follow-up", (("follow",), ("up",))),
        ("الشَّلَل", (("الشَّلَل",),)),
        ("a\0b", (("a",), ("b",))),
        ("", ()),
        (" \t\u200b ", ()),
    ],
)
def test_words_and_phrases(typed: str, parts: tuple[tuple[str, ...], ...]) -> None:
    assert asked(typed).parts == parts


def test_three_thousand_words_become_ten() -> None:
    assert len(asked("word " * 3000).words) == MOST_WORDS


def test_runs_of_words_are_the_longest_first() -> None:
    assert list(runs(("Stem", "cell", "CP"), longest=2)) == [
        (0, 2, "stem cell"),
        (1, 3, "cell cp"),
        (0, 1, "stem"),
        (1, 2, "cell"),
        (2, 3, "cp"),
    ]


@pytest.mark.parametrize(
    ("text", "needles", "html"),
    [
        ("She sits. Sitting is new.", [("sits",)], "She <mark>sits</mark>. Sitting is new."),
        ("Cerebral palsy & palsy", [("cerebral", "palsy")], "<mark>Cerebral palsy</mark> &amp; palsy"),
        ("Émile écrit", [("emile",)], "<mark>Émile</mark> écrit"),
        ("cerebral-palsy", [("cerebral", "palsy")], "<mark>cerebral-palsy</mark>"),
        ("<script>x</script>", [("script",)], "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"),
        ("a b c", [("b",), ("a", "b")], "<mark>a b</mark> c"),
        ("nothing", [], "nothing"),
        ("nothing", [()], "nothing"),
    ],
)
def test_matches_are_marked_and_all_else_is_escaped(
    text: str, needles: list[tuple[str, ...]], html: str
) -> None:
    assert marked(text, needles) == html


@given(
    text=st.text(max_size=400),
    needles=st.lists(st.lists(st.text(min_size=1, max_size=5), max_size=3), max_size=3),
)
def test_marking_changes_no_letter(text: str, needles: list[list[str]]) -> None:
    html = marked(text, [words_in(" ".join(needle)) for needle in needles])
    assert plain(html) == text
    assert set(re.findall("<[^>]*>", html)) <= {"<mark>", "</mark>"}


@given(before=st.text("abc .\n", max_size=500), after=st.text("abc .<&", max_size=500))
def test_an_excerpt_holds_the_word_and_is_a_piece_of_the_text(before: str, after: str) -> None:
    text = f"{before} stairs {after}"
    html = excerpt(text, [("stairs",)])
    assert "<mark>stairs</mark>" in html
    assert plain(html).removeprefix("… ").removesuffix(" …").strip() in text
    assert len(plain(html)) <= LENGTH + 6


def test_an_excerpt_is_cut_between_words_and_says_what_is_left_out() -> None:
    text = "Once. " * 60 + "She climbs the stairs at home, one hand on the rail. " + "Later. " * 60
    html = excerpt(text, [("stairs",)])
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert "<mark>stairs</mark>" in html
    assert set(words_in(plain(html))) <= set(words_in(text))


def test_an_excerpt_is_where_the_most_words_are() -> None:
    texts = ["The stairs. " + "x " * 300, "On Sundays, both stairs and speech were the same."]
    assert excerpt(texts, [("stairs",), ("speech",)]) == (
        "On Sundays, both <mark>stairs</mark> and <mark>speech</mark> were the same."
    )
    assert excerpt(texts, [("nowhere",)]) == ""


def test_a_long_word_is_no_reason_to_lose_the_match() -> None:
    assert "<mark>" in excerpt("y" * 5000 + " stairs " + "z" * 5000, [("stairs",)])


def test_an_opening_is_the_beginning() -> None:
    assert opening("Short & <good>.") == "Short &amp; &lt;good&gt;."
    assert opening("word " * 100).endswith("word …")
    assert opening("") == ""


def test_a_long_text_is_read_quickly() -> None:
    assert len(matches("stairs and steps " * 12_000, [("stairs",)])) > 10_000
