"""Compile a story again: which quotes move, what names changes have, and how a story is stored. No database."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiences.compiling.excerpts import even
from experiences.compiling.order import longest_run, moved_excerpts
from experiences.compiling.plan import apply, plan, ticked
from experiences.compiling.quotes import Content, Item, Story, Wanted
from experiences.compiling.story_state import blocks_of, story_of, write
from experiences.models import StoryPage
from tests.experiences.test_compile_plan import PARTS, asked_for, compiled, edited, want


def moved(story: Story, wanted: list[Wanted]) -> dict[int, bool]:
    by_excerpt: dict[int, list[Item]] = {}
    for item in story.items:
        if item.excerpt is not None:
            by_excerpt.setdefault(item.excerpt, []).append(item)
    return moved_excerpts(story, wanted, by_excerpt)


@given(st.lists(st.integers(), unique=True, max_size=30))
def test_a_longest_run_rises_and_no_value_can_be_added(values: list[int]) -> None:
    run = longest_run(values)
    kept = [value for value in values if value in run]
    assert kept == sorted(kept)
    for value in set(values) - run:
        more = [one for one in values if one in run or one == value]
        assert more != sorted(more)


@given(asked_for())
def test_in_an_unchanged_order_no_quote_moves_not_even_one_that_an_editor_moved(wanted: list[Wanted]) -> None:
    story = compiled(*wanted)
    assert moved(story, wanted) == {}
    assert moved(replace(story, items=story.items[::-1]), wanted) == {}


@given(asked_for(), st.randoms(use_true_random=False))
def test_of_a_new_order_as_few_quotes_move_as_can_be(wanted: list[Wanted], random: Any) -> None:
    wanted = [replace(one, part="before") for one in wanted]
    shuffled = random.sample(wanted, len(wanted))
    moves = moved(compiled(*wanted), shuffled)
    assert not any(moves.values()), "no editor moved a quote"
    staying = [one.excerpt for one in wanted if one.excerpt not in moves]
    assert staying == [one.excerpt for one in shuffled if one.excerpt not in moves]
    ranks = [[one.excerpt for one in wanted].index(one.excerpt) for one in shuffled]
    assert len(moves) <= len(wanted) - len(longest_run(ranks))


def test_quotes_that_move_together_arrive_together() -> None:
    story = compiled(want(1), want(2), want(3), want(4))
    asked = [want(3), want(4), want(1), want(2)]
    assert [item.excerpt for item in compiled(*asked, story=story).items] == [3, 4, 1, 2]


def test_an_excerpt_that_is_quoted_twice_never_moves() -> None:
    story = compiled(want(1), want(2))
    twice = replace(story, items=(*story.items, replace(story.items[1], key="copy")))
    assert moved(story, [want(2), want(1)]) != {}
    assert moved(twice, [want(2), want(1)]) == {}


def test_a_quote_that_an_editor_already_moved_there_is_not_moved_again() -> None:
    story = compiled(want(1), want(2), want(3))
    asked = [want(1), want(3), want(2, "after")]
    first, second, third = story.items
    assert moved(story, asked) == {2: False}
    assert moved(replace(story, items=(first, third, replace(second, part="after"))), asked) == {}
    assert moved(replace(story, items=(second, first, third)), asked) in ({2: True}, {2: False})


# Plans -----------------------------------------------------------------------------------------------------


@given(
    edited(),
    asked_for(),
    st.dictionaries(st.sampled_from(["country", "person"]), st.sampled_from(["", "a", "b"])),
)
def test_each_change_has_its_own_name_and_the_same_one_when_asked_again(
    start: tuple[Story, set[str]], wanted: list[Wanted], facts: dict[str, str]
) -> None:
    story, _touched = start
    names = [change.name for change in plan(story, wanted, facts)]
    assert len(names) == len(set(names))
    assert names == [change.name for change in plan(story, wanted, facts)]


@given(edited(), asked_for(), st.sets(st.text(max_size=8)))
def test_names_that_are_not_in_the_plan_change_no_block(
    start: tuple[Story, set[str]], wanted: list[Wanted], names: set[str]
) -> None:
    story, _touched = start
    changes = plan(story, wanted)
    after = apply(story, wanted, changes, names - {change.name for change in changes})
    assert [(item.part, item.key, item.content) for item in after.items] == [
        (item.part, item.key, item.content) for item in story.items
    ]
    assert after.order == tuple((one.excerpt, one.part) for one in wanted)


@given(edited(), asked_for())
def test_blocks_that_stay_keep_their_part_and_their_order(
    start: tuple[Story, set[str]], wanted: list[Wanted]
) -> None:
    story, _touched = start
    changes = plan(story, wanted)
    accepted = ticked(changes)
    gone = {change.key for change in changes if change.name in accepted and change.kind in ("move", "remove")}
    stay = [(item.key, item.part) for item in story.items if item.key not in gone]
    keys = {key for key, _part in stay}
    after = apply(story, wanted, changes, accepted)
    assert [(item.key, item.part) for item in after.items if item.key in keys] == stay


@pytest.mark.parametrize(
    ("now", "before", "then", "against"),
    [
        ("", "", "PT", False),
        ("PT", "PT", "ES", False),
        ("FR", "PT", "ES", True),
        ("", "PT", "ES", False),
        ("FR", "PT", "PT", None),
        ("ES", "PT", "ES", None),
        ("FR", "PT", "", None),
    ],
    ids=[
        "empty",
        "as compiled",
        "changed by both",
        "emptied",
        "changed by the editor",
        "the same",
        "unknown",
    ],
)
def test_facts_change_without_asking_unless_an_editor_wrote_them(
    now: str, before: str, then: str, against: bool | None
) -> None:
    story = Story(facts={"country": now}, compiled_facts={"country": before})
    changes = plan(story, [], {"country": then})
    assert [change.against_editor for change in changes] == ([] if against is None else [against])
    after = apply(story, [], changes, {"fact:country"}, {"country": then})
    assert after.facts == {"country": now if against is None else then}
    assert after.compiled_facts == {"country": then}


def test_a_new_quote_goes_behind_the_one_before_it_else_before_the_next_else_last_in_its_part() -> None:
    prose = [Item(part, f"prose {part}") for part in PARTS]
    story = compiled(want(1), want(4), story=Story((*prose,)))
    assert [item.key for item in compiled(want(1), want(2), want(4), want(5, "after"), story=story).items] == [
        "prose before", "new:1", "new:2", "new:4", "prose during", "prose after", "new:5",
    ]  # fmt: skip
    assert [item.excerpt for item in compiled(want(0), want(1), want(4), story=story).items][:3] == [
        None,
        0,
        1,
    ]


# As stored -------------------------------------------------------------------------------------------------


def page(**parts: list[dict[str, Any]]) -> Any:
    """The parts of a story as its page has them; a real page would ask the database for its type."""
    stored = {
        part: StoryPage._meta.get_field(part).to_python(json.dumps(parts.get(part, []))) for part in PARTS
    }
    remembered = {"8": {"order": [[9, "after"]], "facts": {"country": "PT"}}}
    return SimpleNamespace(_meta=StoryPage._meta, compiled_from=remembered, **stored)


def quote(key: str, excerpt: int | None, text: str, **value: Any) -> dict[str, Any]:
    return {"type": "excerpt_quote", "id": key, "value": {"excerpt": excerpt, "text": text, **value}}


PROSE = {"type": "text", "id": "p", "value": "<p>Our flat.</p>"}


def test_blocks_without_an_id_of_their_own_are_given_one() -> None:
    blocks = blocks_of(page(before=[PROSE, PROSE], after=[{**PROSE, "id": None}]))
    assert [part for part, _raw in blocks] == ["before", "before", "after"]
    keys = [raw["id"] for _part, raw in blocks]
    assert keys[0] == "p"
    assert len(set(keys)) == 3
    assert all(keys)


def test_only_quotes_of_this_interview_are_compared() -> None:
    made = page(
        before=[PROSE, quote("a", 1, "said 1 \r\nhere ", compiled={"text": "said 1"}), quote("b", 9, "other")]
    )
    story = story_of(made, 7, {1}, blocks_of(made), {"country": "ES"})
    assert [(item.key, item.excerpt, item.content) for item in story.items] == [
        ("p", None, None),
        ("a", 1, Content("said 1\nhere")),
        ("b", None, None),
    ]
    assert story.items[1].compiled == Content("said 1")
    assert (story.order, story.compiled_facts, story.facts) == ((), {}, {"country": "ES"})
    other = story_of(made, 8, {9}, blocks_of(made), {})
    assert (other.order, other.compiled_facts) == (((9, "after"),), {"country": "PT"})
    assert other.items[2].compiled is None
    assert other.items[2].is_rewritten


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["said 1", "two\nlines"]), max_size=3), asked_for())
def test_a_written_story_is_read_back_the_same(texts: list[str], wanted: list[Wanted]) -> None:
    made = page(before=[PROSE, *(quote(f"q{at}", at + 1, text) for at, text in enumerate(texts))])
    blocks = blocks_of(made)
    excerpts = set(range(1, 8))
    story = story_of(made, 7, excerpts, blocks, {})
    changes = plan(story, wanted)
    after = apply(story, wanted, changes, {change.name for change in changes})
    write(made, 7, after, blocks)
    again = story_of(made, 7, excerpts, blocks_of(made), {})
    bare = [
        [(item.part, item.excerpt, item.content, item.compiled) for item in one.items]
        for one in (after, again)
    ]
    assert sorted(bare[0], key=lambda item: PARTS.index(item[0])) == bare[1]
    assert again.order == after.order
    assert made.compiled_from["8"] == {"order": [[9, "after"]], "facts": {"country": "PT"}}
    assert PROSE in [raw for _part, raw in blocks_of(made)]


def test_fields_of_a_quote_that_compiling_does_not_write_stay() -> None:
    made = page(
        before=[quote("a", 1, "said 1", rating="verbatim"), quote("b", 2, "said 2", rating="reworded")]
    )
    blocks = blocks_of(made)
    story = story_of(made, 7, {1, 2}, blocks, {})
    wanted = [want(1, text="new"), want(2)]
    write(made, 7, apply(story, wanted, plan(story, wanted), {"update:a"}), blocks)
    values = {raw["id"]: raw["value"] for _part, raw in blocks_of(made)}
    assert (values["a"]["text"], values["b"]["text"]) == ("new", "said 2")
    assert [values[key]["rating"] for key in "ab"] == ["verbatim", "reworded"]


@given(st.text(alphabet="ab \r\n\t", max_size=20))
def test_words_compare_the_same_after_a_browser_has_posted_them(text: str) -> None:
    assert even(even(text)) == even(text)
    assert even(text.replace("\r\n", "\n").replace("\n", "\r\n")) == even(text)
