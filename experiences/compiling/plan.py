"""Compiling again, as a list of changes to accept one by one. Pure.

A story is compared three ways: how it stands, how it was when last compiled, and what the excerpts ask for now. What
only the excerpts changed is an ordinary change. What an editor changed in the story is never touched unasked: where
the excerpt changed too, the change is listed as one that goes against the editor, and is not ticked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["add", "update", "move", "remove", "fact"]


@dataclass(frozen=True)
class Content:
    """What a compile writes into a quote; `start` and `end` are seconds, None without times."""

    text: str
    speaker: str = ""
    asked: str = ""
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True)
class Item:
    """A block of a story: which part it stands in, its key, and the quote it is, if it is one of this interview's."""

    part: str
    key: str
    excerpt: int | None = None
    content: Content | None = None
    compiled: Content | None = None

    @property
    def is_rewritten(self) -> bool:
        """Whether an editor changed it since it was compiled."""
        return self.content != self.compiled


@dataclass(frozen=True)
class Wanted:
    """A quote that an excerpt asks for."""

    excerpt: int
    part: str
    content: Content


@dataclass(frozen=True)
class Story:
    """How a story stands, and what is remembered of the last compile: `order` as (excerpt, part), and `facts`."""

    items: tuple[Item, ...] = ()
    order: tuple[tuple[int, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    compiled_facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change that compiling again would make.

    `against_editor`: it would undo what an editor did in the story; it is ticked only by hand. `now` and `then` are
    the words before and after, parts for a move.
    """

    kind: Kind
    key: str
    excerpt: int | None = None
    part: str = ""
    against_editor: bool = False
    now: str = ""
    then: str = ""
    content: Content | None = None

    @property
    def name(self) -> str:
        """What names it in a form: the same change has the same name."""
        return f"{self.kind}:{self.key}"


def plan(story: Story, wanted: Sequence[Wanted], facts: Mapping[str, str] | None = None) -> list[Change]:
    """Everything in which `story` differs from what `wanted` and `facts` ask for, in the story's order."""
    by_excerpt: dict[int, list[Item]] = {}
    for item in story.items:
        if item.excerpt is not None:
            by_excerpt.setdefault(item.excerpt, []).append(item)
    compiled = dict(story.order)
    changes = _fact_changes(story, facts or {})
    moved = _moved(story, wanted, by_excerpt)
    for one in wanted:
        items = by_excerpt.get(one.excerpt, [])
        if not items:
            # One that was compiled before and is gone was taken out by an editor.
            changes.append(
                Change(
                    "add",
                    str(one.excerpt),
                    one.excerpt,
                    one.part,
                    against_editor=one.excerpt in compiled,
                    then=one.content.text,
                    content=one.content,
                )
            )
        for item in items:
            if item.content is not None and one.content not in (item.content, item.compiled):
                changes.append(
                    Change(
                        "update",
                        item.key,
                        one.excerpt,
                        item.part,
                        against_editor=item.is_rewritten,
                        now=item.content.text,
                        then=one.content.text,
                        content=one.content,
                    )
                )
        if one.excerpt in moved:
            changes.append(
                Change(
                    "move",
                    items[0].key,
                    one.excerpt,
                    one.part,
                    against_editor=moved[one.excerpt],
                    now=items[0].part,
                    then=one.part,
                )
            )
    asked_for = {one.excerpt for one in wanted}
    for excerpt, items in by_excerpt.items():
        if excerpt not in asked_for and excerpt in compiled:
            changes += [
                Change(
                    "remove",
                    item.key,
                    excerpt,
                    item.part,
                    against_editor=item.is_rewritten,
                    now=item.content.text if item.content else "",
                )
                for item in items
            ]
    return changes


def ticked(changes: Sequence[Change]) -> set[str]:
    """Names of the changes that go against nobody: what a compile does when nobody is asked."""
    return {change.name for change in changes if not change.against_editor}


def _fact_changes(story: Story, facts: Mapping[str, str]) -> list[Change]:
    """An empty fact is filled; one that stands as compiled follows; any other is the editor's."""
    changes = []
    for name, then in facts.items():
        now, before = story.facts.get(name, ""), story.compiled_facts.get(name, "")
        if then and then not in (now, before):
            changes.append(Change("fact", name, against_editor=now not in (before, ""), now=now, then=then))
    return changes


def longest_run(sequence: Sequence[int]) -> set[int]:
    """The values of a longest increasing subsequence: what may stay where it is while the rest moves. O(n log n)."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for value in sequence:
        at = bisect_left(ends, value)
        before[value] = ends[at - 1] if at else None
        ends[at : at + 1] = [value]
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run


def _out_of_place(now: Sequence[tuple[int, str]], then: Sequence[tuple[int, str]]) -> set[int]:
    """Excerpts, of those in both, that have to move for order and part `now` to become `then`."""
    parts, rank = dict(then), {excerpt: index for index, (excerpt, _part) in enumerate(then)}
    here = [excerpt for excerpt, _part in now if excerpt in rank]
    elsewhere = {excerpt for excerpt, part in now if excerpt in rank and parts[excerpt] != part}
    staying = longest_run([rank[excerpt] for excerpt in here if excerpt not in elsewhere])
    return {excerpt for excerpt in here if rank[excerpt] not in staying}


def _moved(
    story: Story, wanted: Sequence[Wanted], by_excerpt: Mapping[int, Sequence[Item]]
) -> dict[int, bool]:
    """Excerpts that were put elsewhere in the interview since the last compile; True where an editor moved them too."""
    single = {excerpt for excerpt, items in by_excerpt.items() if len(items) == 1}
    then = [(one.excerpt, one.part) for one in wanted if one.excerpt in single]
    before = [(excerpt, part) for excerpt, part in story.order if excerpt in single]
    now = [
        (item.excerpt, item.part)
        for item in story.items
        if item.excerpt is not None and item.excerpt in single
    ]
    ours = _out_of_place(before, then)
    theirs = _out_of_place(now, before)
    return {excerpt: excerpt in theirs for excerpt in ours & _out_of_place_or_part(now, then, ours)}


def _out_of_place_or_part(
    now: Sequence[tuple[int, str]], then: Sequence[tuple[int, str]], moved: set[int]
) -> set[int]:
    """Those of `moved` that do not yet stand where they are asked for: part and neighbour before."""

    def places(order: Sequence[tuple[int, str]]) -> dict[int, tuple[str, int | None]]:
        last: dict[str, int] = {}
        found = {}
        for excerpt, part in order:
            found[excerpt] = (part, last.get(part))
            last[part] = excerpt
        return found

    here, there = places(now), places(then)
    return {excerpt for excerpt in moved if here.get(excerpt) != there.get(excerpt)}


def apply(
    story: Story,
    wanted: Sequence[Wanted],
    changes: Sequence[Change],
    accepted: Collection[str],
    facts: Mapping[str, str] | None = None,
) -> Story:
    """`story` with the accepted of `changes` (by name), and with what was decided remembered.

    A change that is not accepted means 'keep what the story says': it is not asked again until the excerpt changes
    once more. The keys of added items are 'new:' and the excerpt.
    """
    taken = [change for change in changes if change.name in accepted]
    gone = {change.key for change in taken if change.kind == "remove"}
    wants = {one.excerpt: one for one in wanted}
    items = []
    updated = {change.key for change in taken if change.kind == "update"}
    for item in story.items:
        if item.key in gone:
            continue
        one = wants.get(item.excerpt) if item.excerpt is not None else None
        if one is None:
            items.append(item)
        else:
            content = one.content if item.key in updated else item.content
            items.append(replace(item, content=content, compiled=one.content))
    arriving = {change.excerpt: change for change in taken if change.kind in ("add", "move")}
    items = _placed(items, wanted, arriving)
    asked = facts or {}
    accepted_facts = {change.key: change.then for change in taken if change.kind == "fact"}
    return Story(
        tuple(items),
        tuple((one.excerpt, one.part) for one in wanted),
        {**story.facts, **accepted_facts},
        {**story.compiled_facts, **asked},
    )


def _placed(items: list[Item], wanted: Sequence[Wanted], arriving: Mapping[int | None, Change]) -> list[Item]:
    """`items` with the arriving ones set behind the quote that comes before them, else before the one that follows."""
    kept = [item for item in items if item.excerpt not in arriving]
    moving = {item.excerpt: item for item in items if item.excerpt in arriving}
    settled = {item.excerpt for item in kept if item.excerpt is not None}
    for index, one in enumerate(wanted):
        if one.excerpt not in arriving:
            continue
        item = moving.get(one.excerpt) or Item(
            one.part, f"new:{one.excerpt}", one.excerpt, one.content, one.content
        )
        item = replace(item, part=one.part)
        at = _anchor(kept, settled, wanted, index)
        kept.insert(at, item)
        settled.add(one.excerpt)
    return kept


def _anchor(kept: Sequence[Item], settled: set[int], wanted: Sequence[Wanted], index: int) -> int:
    """Where in `kept` the wanted quote at `index` belongs."""
    part = wanted[index].part
    places = {
        item.excerpt: at for at, item in enumerate(kept) if item.excerpt in settled and item.part == part
    }
    for one in reversed(wanted[:index]):
        if one.part == part and one.excerpt in places:
            return places[one.excerpt] + 1
    for one in wanted[index + 1 :]:
        if one.part == part and one.excerpt in places:
            return places[one.excerpt]
    return next((at + 1 for at in range(len(kept) - 1, -1, -1) if kept[at].part == part), len(kept))
