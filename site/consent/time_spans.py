"""Works out from consents during which spans of time content may be shown. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.uses import Use

# From (None: since always) up to but not including (None: for ever).
Span = tuple[datetime | None, datetime | None]
ALWAYS: Span = (None, None)


@dataclass(frozen=True)
class Grant:
    """What one consent allows. `page` None means every page about the person."""

    person: int
    uses: frozenset[Use]
    start: datetime
    end: datetime | None = None
    page: int | None = None


def spans_of(grants: Iterable[Grant], person: int, use: Use, pages: frozenset[int]) -> list[Span]:
    """Return when `person` allows `use` on a page with any of the ids in `pages`: disjoint spans in order."""
    granted: list[Span] = [
        (grant.start, grant.end)
        for grant in grants
        if grant.person == person and use in grant.uses and (grant.page is None or grant.page in pages)
    ]
    return union(granted)


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same times as disjoint spans in order. Joins spans that touch; drops empty ones."""
    ordered = sorted(
        (span for span in spans if not _is_empty(span)), key=lambda span: (span[0] is not None, span[0] or 0)
    )
    joined: list[Span] = []
    for start, end in ordered:
        if joined and (joined[-1][1] is None or (start is None or start <= joined[-1][1])):
            last = joined[-1]
            joined[-1] = (last[0], None if last[1] is None or end is None else max(last[1], end))
        else:
            joined.append((start, end))
    return joined


def intersection(*several: Sequence[Span]) -> list[Span]:
    """Return the times that lie in all of `several`; always, if there are none."""
    met: list[Span] = [ALWAYS]
    for spans in several:
        met = union(
            (_later(one[0], other[0]), _earlier(one[1], other[1]))
            for one in met
            for other in spans
            if not _is_empty((_later(one[0], other[0]), _earlier(one[1], other[1])))
        )
    return met


def at(spans: Iterable[Span], on: datetime) -> Span | None:
    """Return the span that contains the moment `on`, or None."""
    for start, end in spans:
        if (start is None or start <= on) and (end is None or on < end):
            return start, end
    return None


def _is_empty(span: Span) -> bool:
    start, end = span
    return start is not None and end is not None and end <= start


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment), default=None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment), default=None)
