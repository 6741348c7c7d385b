"""The names of people on record that may contain a word, however many people there are."""

from __future__ import annotations

from collections.abc import Iterable

from consent.models import Person
from mentions.endings import joined, plain


def lines_of_others(own: set[int], words: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the names of everyone else on record that may contain one of these words, as they are stored."""
    wanted = {word for name in words for word in name}
    others = Person.objects.exclude(pk__in=own).filter(erased_at=None).order_by()
    lines = {
        line.replace("\n", " ")
        for pair in others.values_list("display_name", "private_name").iterator()
        for line in pair
    }
    # Folded as one text, which is much quicker than one by one.
    folded = plain(joined("\n".join(lines)))
    if not any(word in folded for word in wanted):
        return []
    return [
        line
        for line, folded_line in zip(lines, folded.split("\n"), strict=True)
        if any(word in folded_line for word in wanted)
    ]
