"""When a page about a person, and each part of it, may be public, as the consents say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from consent import time_spans
from consent.grants import Agreed
from publication.reasons import Need


def numbers_of(page: Any) -> frozenset[int]:
    """The numbers under which a consent for one page may know it: its own, and of the page it is an alias of."""
    return frozenset(number for number in (page.pk, page.alias_of_id) if number)


def windows(
    page: Any, agreed: Agreed | None = None, needs: Iterable[Need] | None = None
) -> tuple[list[time_spans.Span], dict[str, list[time_spans.Span]]]:
    """When the page may be public, and for each part that may be left out when it may be shown.

    A page that names nobody whose consent it rests on may never be public.
    """
    needs = list(page.consent_needs() if needs is None else needs)
    agreed = agreed or Agreed.by(need.person for need in needs if need.person)
    given, pages = agreed.grants(), numbers_of(page)
    whole: list[list[time_spans.Span]] = []
    parts: dict[str, list[list[time_spans.Span]]] = defaultdict(list)
    for need in needs:
        spans = time_spans.spans_of(given, need.person, need.use, pages) if need.person else []
        (parts[need.part] if need.part else whole).append(spans)
    if not whole:
        whole.append([])
    return time_spans.intersection(*whole), {
        part: time_spans.intersection(*each) for part, each in parts.items()
    }
