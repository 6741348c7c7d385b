"""Words on a person's page that were not theirs: a story repeats what a term or an older page says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from wagtail.models import Page, Revision

from mentions import places
from mentions.candidates import strings_of
from mentions.matching import OTHER_RUN, Matcher, runs, words_of
from mentions.stored_texts import plain_text
from publication.drafts import readable
from publication.mixins import AboutPerson


def without_facts(matcher: Matcher, found: Iterable[Any], own: list[Any], recorded_at: datetime) -> Matcher:
    """Return the matcher without runs of words that stand in terms, or stood on a page about no one before
    the person's own pages were begun. Quotes stay: they are the person's wherever they stand.

    `found`: what may carry the words. `recorded_at`: when the person was recorded, where no page tells more.
    """
    known = matcher.runs.get(OTHER_RUN)
    if not known:
        return matcher
    begun = _begun(own, recorded_at)
    facts: set[tuple[str, ...]] = set()
    for holder in found:
        if isinstance(holder, AboutPerson) or (not isinstance(holder, Page) and not places.is_term(holder)):
            continue
        here = _runs_in(holder) & known
        if here and isinstance(holder, Page):
            here &= _runs_before(holder, begun)
        facts |= here
    left = known - facts
    return replace(matcher, runs={**matcher.runs, OTHER_RUN: left}) if left != known else matcher


def _runs_in(holder: Any) -> set[tuple[str, ...]]:
    texts = map(plain_text, strings_of(holder))
    return {run for text in texts for run in runs(words_of(text), OTHER_RUN)}


def _begun(own: list[Any], recorded_at: datetime) -> datetime:
    """Return when the first of a person's pages was begun."""
    first = Revision.page_revisions.filter(object_id__in=[str(page.pk) for page in own]).order_by(
        "created_at"
    )
    times: Iterator[datetime | None] = (page.first_published_at for page in own)
    known = [*filter(None, times), *first.values_list("created_at", flat=True)[:1]]
    return min(known, default=recorded_at)


def _runs_before(page: Page, moment: datetime) -> set[tuple[str, ...]]:
    """Return the runs of words of a page as it was at that moment; none if it has no version that old."""
    version = page.revisions.filter(created_at__lt=moment).order_by("-created_at").first()
    stored = readable(version)
    return _runs_in(stored) if stored is not None else set()
