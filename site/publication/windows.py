"""When a page about a person, and each part of it, may be public, as the consents say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from consent import time_spans
from consent.grants import ConsentLookup
from publication.reasons import ConsentRequirement


def consent_page_ids(page: Any) -> frozenset[int]:
    """The numbers under which a consent for one page may know it: its own, and of the page it is an alias of."""
    return frozenset(number for number in (page.pk, page.alias_of_id) if number)


def windows(
    page: Any, lookup: ConsentLookup | None = None, requirements: Iterable[ConsentRequirement] | None = None
) -> tuple[list[time_spans.Span], dict[str, list[time_spans.Span]]]:
    """When the page may be public, and for each part that may be left out when it may be shown.

    A page that names nobody whose consent it rests on may never be public.
    """
    requirements = list(page.consent_requirements() if requirements is None else requirements)
    lookup = lookup or ConsentLookup.by(
        requirement.person for requirement in requirements if requirement.person
    )
    given, pages = lookup.grants(), consent_page_ids(page)
    whole: list[list[time_spans.Span]] = []
    parts: dict[str, list[list[time_spans.Span]]] = defaultdict(list)
    for requirement in requirements:
        spans = (
            time_spans.spans_of(given, requirement.person, requirement.use, pages)
            if requirement.person
            else []
        )
        (parts[requirement.part] if requirement.part else whole).append(spans)
    if not whole:
        whole.append([])
    return time_spans.intersection(*whole), {
        part: time_spans.intersection(*each) for part, each in parts.items()
    }
