"""Compiling again as a list of changes: by hand-made cases, and by stories that anything may have happened
to.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from experiences.compiling.order import longest_run
from experiences.compiling.plan import apply, plan, ticked
from experiences.compiling.quotes import Content, Item, Story, Wanted

PARTS = ("before", "during", "after")


def want(excerpt: int, part: str = "before", text: str = "") -> Wanted:
    return Wanted(excerpt, part, Content(text or f"said {excerpt}"))


def compiled(*wanted: Wanted, story: Story | None = None) -> Story:
    """`story`, or an empty one, with every change made."""
    story = story or Story()
    changes = plan(story, wanted)
    return apply(story, wanted, changes, {change.name for change in changes})


def rewritten(story: Story, excerpt: int, text: str) -> Story:
    return replace(
        story,
        items=tuple(
            replace(item, content=replace(item.content, text=text))
            if item.excerpt == excerpt and item.content
            else item
            for item in story.items
        ),
    )


def texts(story: Story, part: str = "before") -> list[str]:
    return [item.content.text if item.content else item.key for item in story.items if item.part == part]


def kinds(story: Story, *wanted: Wanted) -> list[tuple[str, int | None, bool]]:
    return [(change.kind, change.excerpt, change.against_editor) for change in plan(story, wanted)]


def test_a_first_compile_adds_everything_in_its_section_and_order() -> None:
    story = compiled(want(2), want(1), want(3, "after"))
    assert texts(story) == ["said 2", "said 1"]
    assert texts(story, "after") == ["said 3"]
    assert plan(story, [want(2), want(1), want(3, "after")]) == []


def test_a_new_excerpt_goes_behind_the_quote_before_it_and_prose_stays() -> None:
    story = compiled(want(1), want(3))
    prose = Item("before", "prose")
    story = replace(story, items=(prose, story.items[0], Item("before", "more"), story.items[1]))
    assert kinds(story, want(1), want(2), want(3)) == [("add", 2, False)]
    assert texts(compiled(want(1), want(2), want(3), story=story)) == [
        "prose",
        "said 1",
        "said 2",
        "more",
        "said 3",
    ]


def test_what_stands_as_compiled_is_updated_and_what_was_rewritten_only_when_ticked() -> None:
    story = rewritten(compiled(want(1), want(2)), 2, "my own words")
    asked = [want(1, text="new 1"), want(2, text="new 2")]
    assert kinds(story, *asked) == [("update", 1, False), ("update", 2, True)]
    changes = plan(story, asked)
    quiet = apply(story, asked, changes, ticked(changes))
    assert texts(quiet) == ["new 1", "my own words"]
    assert plan(quiet, asked) == []  # kept is decided, until the excerpt changes once more
    assert kinds(quiet, want(1, text="new 1"), want(2, text="newer 2")) == [("update", 2, True)]
    assert texts(apply(story, asked, changes, {change.name for change in changes})) == ["new 1", "new 2"]


def test_an_editors_rewriting_alone_is_no_change() -> None:
    assert plan(rewritten(compiled(want(1)), 1, "mine"), [want(1)]) == []


def test_an_editor_who_wrote_the_same_is_not_asked() -> None:
    assert plan(rewritten(compiled(want(1)), 1, "both"), [want(1, text="both")]) == []


def test_a_quote_that_an_editor_took_out_comes_back_only_by_hand() -> None:
    story = compiled(want(1), want(2))
    story = replace(story, items=story.items[:1])
    assert kinds(story, want(1), want(2)) == [("add", 2, True)]


def test_a_removed_excerpt_takes_its_quote_along_unless_it_was_rewritten() -> None:
    story = compiled(want(1), want(2))
    assert kinds(story, want(1)) == [("remove", 2, False)]
    assert kinds(rewritten(story, 2, "mine"), want(1)) == [("remove", 2, True)]
    changes = plan(story, [want(1)])
    kept = apply(story, [want(1)], changes, set())
    assert texts(kept) == ["said 1", "said 2"]
    assert plan(kept, [want(1)]) == []


def test_an_excerpt_put_elsewhere_moves_and_one_that_an_editor_moved_stays() -> None:
    story = compiled(want(1), want(2), want(3))
    asked = [want(3), want(1), want(2)]
    assert kinds(story, *asked) == [("move", 3, False)]
    assert texts(compiled(*asked, story=story)) == ["said 3", "said 1", "said 2"]
    # The editor's own order, and the interview's as it was: nothing to say.
    by_hand = replace(story, items=(story.items[1], story.items[0], story.items[2]))
    assert plan(by_hand, [want(1), want(2), want(3)]) == []
    to_after = [want(1, "after"), want(2), want(3)]
    assert kinds(by_hand, *to_after) == [("move", 1, False)]
    both = replace(story, items=(story.items[2], story.items[0], story.items[1]))
    assert kinds(both, want(1), want(2), want(3, "after")) == [("move", 3, True)]
    assert texts(compiled(*to_after, story=by_hand), "after") == ["said 1"]


def test_a_quote_inserted_by_hand_stays_where_it_is() -> None:
    story = compiled(want(1), want(2))
    chosen = Item("after", "chosen", 3, Content("said 3"), Content("said 3"))
    story = replace(story, items=(*story.items, chosen))
    assert plan(story, [want(1), want(2), want(3)]) == []


def test_facts_fill_what_is_empty_follow_what_stands_and_ask_before_what_was_written() -> None:
    facts = {"country": "PT", "teller_name": "Marta", "edited_by": "", "relation": "parent"}
    story = Story(
        facts={"country": "", "teller_name": "Marta and Ines", "relation": "patient"},
        compiled_facts={"teller_name": "M.", "relation": "patient"},
    )
    changes = plan(story, [], facts)
    assert [(change.key, change.against_editor) for change in changes] == [
        ("country", False),
        ("teller_name", True),
        ("relation", False),
    ]
    done = apply(story, [], changes, ticked(changes), facts)
    assert done.facts == {"country": "PT", "teller_name": "Marta and Ines", "relation": "parent"}
    assert plan(done, [], facts) == []


def test_the_longest_run_is_the_longest() -> None:
    for length in range(6):
        for order in permutations(range(length)):
            run = longest_run(order)
            kept = [value for value in order if value in run]
            assert kept == sorted(kept)
            best = max(
                (
                    bin(mask).count("1")
                    for mask in range(1 << length)
                    if (chosen := [order[i] for i in range(length) if mask >> i & 1]) == sorted(chosen)
                ),
                default=0,
            )
            assert len(run) == best


# Anything may have happened ---------------------------------------------------------------------------------

words = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def asked_for(draw: st.DrawFn) -> list[Wanted]:
    excerpts = draw(st.lists(st.integers(1, 7), unique=True, max_size=7))
    made = [Wanted(one, draw(st.sampled_from(PARTS)), Content(draw(words))) for one in excerpts]
    return sorted(made, key=lambda one: PARTS.index(one.part))


@st.composite
def edited(draw: st.DrawFn) -> tuple[Story, set[str]]:
    """A story that was compiled once, and then edited: keys of the blocks that an editor rewrote."""
    story = compiled(*draw(asked_for()))
    items: list[Item] = list(story.items)
    touched = set()
    for index, item in enumerate(items):
        if item.content and draw(st.booleans()):
            items[index] = replace(item, content=Content(draw(words) + "!"))
            touched.add(item.key)
    items += [Item(draw(st.sampled_from(PARTS)), f"prose{n}") for n in range(draw(st.integers(0, 3)))]
    shuffled: list[Item] = draw(st.permutations(items))
    items = [item for item in shuffled if draw(st.integers(0, 4)) > 0]
    copies = draw(st.booleans())
    if items and copies:
        copy = items[0]
        items.append(replace(copy, key=f"{copy.key}-copy"))
    return replace(story, items=tuple(items)), touched | {f"{key}-copy" for key in touched}


@given(edited(), asked_for(), st.randoms(use_true_random=False))
def test_after_any_choice_nothing_is_left_to_ask_but_what_was_taken_out(
    start: tuple[Story, set[str]], wanted: list[Wanted], random: object
) -> None:
    story, _touched = start
    changes = plan(story, wanted)
    chosen = {change.name for change in changes if random.random() < 0.5}  # type: ignore[attr-defined] # Random
    after = apply(story, wanted, changes, chosen)
    left = plan(after, wanted)
    # An excerpt that is not in the story may be added by hand at any time.
    assert {(change.kind, change.against_editor) for change in left} <= {("add", True)}
    assert apply(after, wanted, left, set()) == after


@given(edited(), asked_for())
def test_all_changes_made_twice_change_nothing_the_second_time(
    start: tuple[Story, set[str]], wanted: list[Wanted]
) -> None:
    story, _touched = start
    after = compiled(*wanted, story=story)
    assert plan(after, wanted) == []
    assert compiled(*wanted, story=after) == after


@given(edited(), asked_for())
def test_what_an_editor_rewrote_is_never_changed_unasked(
    start: tuple[Story, set[str]], wanted: list[Wanted]
) -> None:
    story, touched = start
    changes = plan(story, wanted)
    silent = {change.key for change in changes if not change.against_editor and change.kind != "move"}
    assert silent.isdisjoint(touched)
    after = apply(story, wanted, changes, ticked(changes))
    said = {item.key: item.content for item in after.items}
    for item in story.items:
        if item.key in touched or item.excerpt is None:
            assert said[item.key] == item.content


@given(asked_for(), asked_for())
def test_where_no_editor_changed_anything_the_story_becomes_what_is_asked_for(
    first: list[Wanted], second: list[Wanted]
) -> None:
    story = compiled(*first)
    assert not any(change.against_editor for change in plan(story, second))
    after = compiled(*second, story=story)
    for part in PARTS:
        assert [(item.excerpt, item.content) for item in after.items if item.part == part] == [
            (one.excerpt, one.content) for one in second if one.part == part
        ]
