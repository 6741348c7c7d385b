"""Consents that a story needs in addition to those of all pages: for quotes, clips, whole conversations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consent.uses import Use
from experiences.excerpt_quotes import BLOCK
from interviews.models import Interview
from interviews.speaker_consent import ExcerptSpeakers, contributors_of
from publication.reasons import ConsentRequirement

QUOTE = "quote"


class QuotingPage(Protocol):
    """A StoryPage, as far as this module reads it."""

    pk: int | None

    @property
    def streams(self) -> tuple[Any, ...]: ...

    @property
    def contributor(self) -> int | None: ...

    def quoted_interviews(self) -> list[Interview]: ...


def story_requirements(page: QuotingPage) -> Iterator[ConsentRequirement]:
    """Return the requirements of a story. At most six queries; none for a new story without quotes."""
    quotes = [
        item for stream in page.streams for item in stream.raw_data if item.get("type") in (QUOTE, BLOCK)
    ]
    excerpts = [key for item in quotes if (key := _excerpt(item))]
    speaking = ExcerptSpeakers(excerpts) if excerpts else None
    for item in quotes:
        yield from _quote_needs(item, speaking, page.contributor)
    yield from _transcript_needs(page)


def _excerpt(item: dict[str, Any]) -> int | None:
    value = item.get("value")
    key = value.get("excerpt") if item.get("type") == BLOCK and isinstance(value, dict) else None
    return key if isinstance(key, int) else None


def _quote_needs(
    item: dict[str, Any], speaking: ExcerptSpeakers | None, teller: int | None
) -> Iterator[ConsentRequirement]:
    number, value = str(item.get("id")), item.get("value") or {}
    words = Truncator(str(value.get("text", ""))).chars(60)
    label = _("Quote ‘%(words)s’") % {"words": words}
    excerpt = speaking.excerpts.get(_excerpt(item) or 0) if speaking else None
    if speaking is None or excerpt is None:
        # An editor chose who said it, or why no one is named; else it is the person of the story.
        if not value.get("unnamed_because"):
            yield ConsentRequirement(value.get("said_by") or teller, Use.QUOTES, f"block:{number}", label)
        return
    for person in speaking.quoted(excerpt, teller):
        yield ConsentRequirement(person, Use.QUOTES, f"block:{number}", label)
    start, end = value.get("start"), value.get("end")
    interview = excerpt.interview
    if not interview.recording or start is None or end is None:
        return
    label = _("Clip of ‘%(words)s’") % {"words": words}
    for person in speaking.heard(excerpt, start, end, teller):
        yield ConsentRequirement(person, Use.VOICE, f"clip:{number}", label)
        if interview.recording_kind == "video":
            yield ConsentRequirement(person, Use.VIDEO, f"clip:{number}", label)


def _transcript_needs(page: QuotingPage) -> Iterator[ConsentRequirement]:
    for interview in page.quoted_interviews():
        if not interview.full_transcript_allowed:
            continue
        for person in contributors_of(interview, page.contributor):
            yield ConsentRequirement(
                person,
                Use.FULL_TRANSCRIPT,
                f"transcript:{interview.pk}",
                _("The whole conversation of interview %(number)s") % {"number": interview.pk},
            )
