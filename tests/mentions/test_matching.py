"""How names, words and links of a person are recognised in a text."""

from __future__ import annotations

import pytest

from mentions.matching import Kind, Matcher, Name, runs, words_of
from mentions.redacting import neutral

AARAV, MEERA = Name(("aarav",)), Name(("meera",), is_sure=False)
SAID = "You published my happy year. Now please publish this one."


def certain(text: str, *names: Name) -> list[bool]:
    return [hit.is_certain for hit in Matcher(names=list(names or (AARAV,))).hits(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aarav sold the land.", [True]),
        ("such as Aarav’s.", [True]),
        ("Áarav walks.", [True]),
        ("Aaravs kite", [True]),
        ("AARAV", [True]),
        # To be decided by a person.
        ("We met Aaravovi at school.", [False]),
        ("aarav", [False]),
        ("Dr. Aarav of the clinic", [False]),
        ("Aarav Kumar, surgeon", [False]),
        # Not the name.
        ("Caarav, Aar and Aarathi", []),
        ("", []),
    ],
)
def test_a_name_alone(text: str, expected: list[bool]) -> None:
    assert certain(text) == expected


def test_two_names_of_the_same_person_together_are_certain() -> None:
    assert certain("Meera called.", AARAV, MEERA) == [False]
    assert certain("Meera, mother of Aarav", AARAV, MEERA) == [True, True]


def test_endings_and_prefixes_of_other_languages_are_found_for_a_person_to_decide() -> None:
    assert certain("Мы говорили с Мартой.", Name(words_of("Марта"))) == [False]
    assert certain("قال وسامي نعم", Name(words_of("سامي"))) == [False]
    assert certain("O conheço: Inês.", Name(words_of("Ines"))) == [True]


def test_words_are_recognised_however_they_are_typed() -> None:
    words = words_of(SAID)
    matcher = Matcher(runs={8: runs(words, 8)})
    hits = matcher.hits("She said: YOU PUBLISHED my happy year – now, please, publish this one!")
    assert {hit.kind for hit in hits} == {Kind.QUOTE}
    assert not matcher.hits("You published my happy year.")


def test_a_short_quote_is_compared_as_a_whole() -> None:
    matcher = Matcher(short_quotes={words_of("My kite is on the wall"), words_of("I do not know")})
    assert [hit.is_certain for hit in matcher.hits("He says: my kite is on the wall.")] == [True]
    assert [hit.is_certain for hit in matcher.hits("I do not know.")] == [False]


def test_links_are_recognised_with_and_without_a_host() -> None:
    matcher = Matcher(paths=("/stories/second-year/",))
    for address in (
        "/stories/second-year/",
        "/stories/second-year#a",
        "https://x.org/stories/second-year/?a=1",
    ):
        assert matcher.links_to(address), address
    for address in ("/stories/second-year-2/", "/stories/", "mailto:a@b.org", ""):
        assert not matcher.links_to(address), address
    assert matcher.hits("See https://x.org/stories/second-year/ for more.")
    assert not matcher.hits("See /stories/second-year-2/")


@pytest.mark.parametrize(
    "text",
    [
        "Áarav walks.",
        "We met Aaravovi.",
        "She said: YOU PUBLISHED my happy year, now please publish this one.",
        "/a/b",
    ],
)
def test_the_quick_look_misses_nothing(text: str) -> None:
    matcher = Matcher(names=[AARAV], runs={8: runs(words_of(SAID), 8)}, paths=("/a/b/",))
    assert matcher.hits(text)
    assert matcher.may_be_in(text)
    assert not matcher.may_be_in("Nothing about anyone; you published my happy day.")


def test_mentions_are_replaced_once_where_they_overlap() -> None:
    matcher = Matcher(names=[AARAV], runs={8: runs(words_of(SAID), 8)})
    assert neutral(f"Aarav: {SAID} So.", matcher) == "[…]: […]. So."
