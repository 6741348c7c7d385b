"""Which quotes have to move when a story is compiled again. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from experiences.compiling.quotes import Item, Story, Wanted


def longest_run(sequence: Sequence[int]) -> set[int]:
    """Return the values of a longest increasing subsequence: these may stay while the rest moves.

    O(n log n).
    """
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
    """Return excerpts in both orders that have to move for `now` to become `then`."""
    parts, rank = dict(then), {excerpt: index for index, (excerpt, _part) in enumerate(then)}
    here = [excerpt for excerpt, _part in now if excerpt in rank]
    elsewhere = {excerpt for excerpt, part in now if excerpt in rank and parts[excerpt] != part}
    staying = longest_run([rank[excerpt] for excerpt in here if excerpt not in elsewhere])
    return {excerpt for excerpt in here if rank[excerpt] not in staying}


def moved_excerpts(
    story: Story, wanted: Sequence[Wanted], by_excerpt: Mapping[int, Sequence[Item]]
) -> dict[int, bool]:
    """Return excerpts moved in the interview since the last compile; True where an editor moved them too."""
    single = {excerpt for excerpt, items in by_excerpt.items() if len(items) == 1}
    then = [(quote.excerpt, quote.part) for quote in wanted if quote.excerpt in single]
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
    """Return those of `moved` that are not yet in the right part behind the right neighbour.

    A quote behind a neighbour that moves has to move with it.
    """

    def places(order: Sequence[tuple[int, str]]) -> dict[int, tuple[str, int | None]]:
        last: dict[str, int] = {}
        found = {}
        for excerpt, part in order:
            found[excerpt] = (part, last.get(part))
            last[part] = excerpt
        return found

    here, there = places(now), places(then)
    leaving: set[int] = set()
    # In the order of `then`: whether the neighbour moves is known before the quote behind it.
    for excerpt, (part, neighbour) in there.items():
        if excerpt in moved and (here.get(excerpt) != (part, neighbour) or neighbour in leaving):
            leaving.add(excerpt)
    return leaving
