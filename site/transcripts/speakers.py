"""Finds the speaker of a line: 'Mother: ...'. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_LABEL = re.compile(
    r"(?:[-–—>]{1,2}[ \t]*)?(?P<name>[^\W\d_][^:.!?\[\]()<>\n]{0,39}?)[ \t]*[:：](?=\s|$)[ \t]*"
)
MOST_WORDS = 4


def label(line: str) -> tuple[str, str] | None:
    """Return ('Mother', 'the rest') if `line` starts with what looks like a speaker's label; else None."""
    match = _LABEL.match(line)
    if not match:
        return None
    name = " ".join(match["name"].split())
    if len(name.split()) > MOST_WORDS or not (name[0].isupper() or not name[0].islower()):
        return None
    return name, line[match.end() :].strip()


@dataclass(frozen=True)
class Labels:
    """The labels of one file: each occurs twice, is in capitals, or most lines have one. 'Note: bring water'
    is not a label.
    """

    known: frozenset[str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Labels:
        """Return the labels that occur in `lines`."""
        counts: Counter[str] = Counter()
        total = 0
        for line in lines:
            if line.strip():
                total += 1
                if found := label(line.strip()):
                    counts[found[0]] += 1
        most = sum(counts.values()) * 2 > total
        return cls(frozenset(name for name, count in counts.items() if count > 1 or most or name.isupper()))

    def split(self, line: str) -> tuple[str, str]:
        """Return (speaker or '', words)."""
        found = label(line.strip())
        return found if found and found[0] in self.known else ("", line.strip())
