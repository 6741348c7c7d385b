"""Compile a story again, as a list of changes that an editor accepts one at a time. Pure.

A story is compared three ways: as it is, as it was when last compiled, and as the excerpts ask for now. A
change that only the excerpts made is an ordinary change. What an editor changed in the story is never changed
without asking: where the excerpt changed too, the change is listed as one that goes against the editor, and
is not ticked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from experiences.compiling.order import moved_excerpts
from experiences.compiling.quotes import Change, Item, Story, Wanted


def plan(story: Story, wanted: Sequence[Wanted], facts: Mapping[str, str] | None = None) -> list[Change]:
    """Return everything in which `story` differs from what `wanted` and `facts` ask for, in the story's
    order.
    """
    by_excerpt: dict[int, list[Item]] = {}
    for item in story.items:
        if item.excerpt is not None:
            by_excerpt.setdefault(item.excerpt, []).append(item)
    compiled = dict(story.order)
    changes = _fact_changes(story, facts or {})
    moved = moved_excerpts(story, wanted, by_excerpt)
    for quote in wanted:
        items = by_excerpt.get(quote.excerpt, [])
        if not items:
            # A quote that was compiled earlier and is missing was taken out by an editor.
            changes.append(_addition(quote, against_editor=quote.excerpt in compiled))
        changes += [
            _update(item, quote)
            for item in items
            if item.content is not None and quote.content not in (item.content, item.compiled)
        ]
        if quote.excerpt in moved:
            changes.append(_move(items[0], quote, against_editor=moved[quote.excerpt]))
    asked_for = {quote.excerpt for quote in wanted}
    for excerpt, items in by_excerpt.items():
        if excerpt not in asked_for and excerpt in compiled:
            changes += [_removal(item, excerpt) for item in items]
    return changes


def _addition(quote: Wanted, *, against_editor: bool) -> Change:
    return Change(
        "add",
        str(quote.excerpt),
        quote.excerpt,
        quote.part,
        against_editor=against_editor,
        then=quote.content.text,
        content=quote.content,
    )


def _update(item: Item, quote: Wanted) -> Change:
    return Change(
        "update",
        item.key,
        quote.excerpt,
        item.part,
        against_editor=item.is_rewritten,
        now=item.content.text if item.content else "",
        then=quote.content.text,
        content=quote.content,
    )


def _move(item: Item, quote: Wanted, *, against_editor: bool) -> Change:
    return Change(
        "move",
        item.key,
        quote.excerpt,
        quote.part,
        against_editor=against_editor,
        now=item.part,
        then=quote.part,
    )


def _removal(item: Item, excerpt: int) -> Change:
    return Change(
        "remove",
        item.key,
        excerpt,
        item.part,
        against_editor=item.is_rewritten,
        now=item.content.text if item.content else "",
    )


def ticked(changes: Sequence[Change]) -> set[str]:
    """Return the names of changes that do not go against an editor: those made without asking."""
    return {change.name for change in changes if not change.against_editor}


def _fact_changes(story: Story, facts: Mapping[str, str]) -> list[Change]:
    """Return changes of facts: an empty fact is filled, one unchanged since compiling is updated."""
    changes = []
    for name, then in facts.items():
        now, before = story.facts.get(name, ""), story.compiled_facts.get(name, "")
        if then and then not in (now, before):
            changes.append(Change("fact", name, against_editor=now not in (before, ""), now=now, then=then))
    return changes


def apply(
    story: Story,
    wanted: Sequence[Wanted],
    changes: Sequence[Change],
    accepted: Collection[str],
    facts: Mapping[str, str] | None = None,
) -> Story:
    """Return `story` with the accepted `changes` (by name) made, and the decisions remembered.

    A change that is not accepted means 'keep what the story says': it is not offered again until the excerpt
    changes again. The keys of added items are 'new:' and the excerpt.
    """
    taken = [change for change in changes if change.name in accepted]
    removed = {change.key for change in taken if change.kind == "remove"}
    by_excerpt = {quote.excerpt: quote for quote in wanted}
    items = []
    updated = {change.key for change in taken if change.kind == "update"}
    for item in story.items:
        if item.key in removed:
            continue
        quote = by_excerpt.get(item.excerpt) if item.excerpt is not None else None
        if quote is None:
            items.append(item)
        else:
            content = quote.content if item.key in updated else item.content
            items.append(replace(item, content=content, compiled=quote.content))
    arriving = {change.excerpt: change for change in taken if change.kind in ("add", "move")}
    items = _placed(items, wanted, arriving)
    asked = facts or {}
    accepted_facts = {change.key: change.then for change in taken if change.kind == "fact"}
    return Story(
        tuple(items),
        tuple((quote.excerpt, quote.part) for quote in wanted),
        {**story.facts, **accepted_facts},
        {**story.compiled_facts, **asked},
    )


def _placed(items: list[Item], wanted: Sequence[Wanted], arriving: Mapping[int | None, Change]) -> list[Item]:
    """Return `items` with each arriving item after the quote that precedes it, else before the one that
    follows.
    """
    kept = [item for item in items if item.excerpt not in arriving]
    moving = {item.excerpt: item for item in items if item.excerpt in arriving}
    settled = {item.excerpt for item in kept if item.excerpt is not None}
    for index, quote in enumerate(wanted):
        if quote.excerpt not in arriving:
            continue
        item = moving.get(quote.excerpt) or Item(
            quote.part, f"new:{quote.excerpt}", quote.excerpt, quote.content, quote.content
        )
        kept.insert(_anchor(kept, settled, wanted, index), replace(item, part=quote.part))
        settled.add(quote.excerpt)
    return kept


def _anchor(kept: Sequence[Item], settled: set[int], wanted: Sequence[Wanted], index: int) -> int:
    """Return the position in `kept` where the wanted quote at `index` belongs."""
    part = wanted[index].part
    places = {
        item.excerpt: at for at, item in enumerate(kept) if item.excerpt in settled and item.part == part
    }
    for quote in reversed(wanted[:index]):
        if quote.part == part and quote.excerpt in places:
            return places[quote.excerpt] + 1
    for quote in wanted[index + 1 :]:
        if quote.part == part and quote.excerpt in places:
            return places[quote.excerpt]
    return next((at + 1 for at in range(len(kept) - 1, -1, -1) if kept[at].part == part), len(kept))
