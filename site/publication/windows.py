"""Works out from the consents when a page about a person, and each part of it, may be public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wagtail.models import Page

from consent import time_spans
from consent.grants import ConsentLookup
from publication.reasons import ConsentRequirement, requirements_of


def consent_page_ids(page: Page) -> frozenset[int]:
    """Return the ids that a consent for one page may name: the page's own, and that of the page it is an
    alias of.
    """
    return frozenset(number for number in (page.pk, page.alias_of_id) if number)


def windows(
    page: Page, lookup: ConsentLookup | None = None, requirements: Iterable[ConsentRequirement] | None = None
) -> tuple[list[time_spans.Span], dict[str, list[time_spans.Span]]]:
    """Return when the page may be public, and for each part that can be redacted when it may be shown.

    A page to which no person is linked may never be public.
    """
    requirements = list(requirements_of(page) if requirements is None else requirements)
    lookup = lookup or ConsentLookup.by(one.person for one in requirements if one.person)
    grants, pages = lookup.grants(), consent_page_ids(page)
    whole: list[list[time_spans.Span]] = []
    parts: dict[str, list[list[time_spans.Span]]] = defaultdict(list)
    for requirement in requirements:
        person = requirement.person
        spans = time_spans.spans_of(grants, person, requirement.use, pages) if person else []
        (parts[requirement.part] if requirement.part else whole).append(spans)
    if not whole:
        whole.append([])
    by_part = {part: time_spans.intersection(*each) for part, each in parts.items()}
    return time_spans.intersection(*whole), by_part
