"""Connect stories to the family's approval and to the checklist before publication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from approval import rendering, services
from conditions.words import fold
from deidentification import identifier_rule
from deidentification.identifiers import KnownName
from deidentification.passages import Passage
from experiences.clips import InterviewPublisher, quotes_of
from experiences.drafts import ready_clips, show_clips
from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryPage
from interviews.models import Excerpt, IdentifierDecision, Interview


def connect() -> None:
    """Once, when the site starts."""
    services.preparers.append(ready_clips)
    rendering.preparers.append(show_clips)
    identifier_rule.known_names.append(names_in_interviews)
    identifier_rule.sources.append(whole_transcripts)
    identifier_rule.decided.append(decided_in_interviews)
    identifier_rule.places.append(place_in_workbench)


def interviews_of(page: Any) -> list[Interview]:
    """Return the interviews that a story quotes or was compiled from."""
    if not isinstance(page, StoryPage):
        return []
    excerpts = {quote.excerpt for quote in quotes_of(page)}
    used = Excerpt.objects.filter(pk__in=excerpts).values("interview")
    found = Interview.objects.filter(pk__in=used)
    if page.pk:
        found |= Interview.objects.filter(story_id=page.pk)
    return list(found.distinct().prefetch_related("contributors"))


def names_in_interviews(page: Any) -> Iterator[KnownName]:
    """Return the private names of contributors to its interviews, except the names that the story uses
    publicly.
    """
    for interview in interviews_of(page):
        for one in interview.contributors.all():
            public = set(fold(one.public_label).split())
            role, neutral = one.get_role_display().lower(), one.neutral_form or "[name]"
            for name in one.names:
                parts = [part for part in name.split() if fold(part) not in public]
                if parts == name.split():
                    yield KnownName(name, role, neutral)
                else:
                    yield from (KnownName(part, role, neutral) for part in parts)


def whole_transcripts(page: Any) -> Iterator[Passage]:
    """Return the lines of each conversation that is published whole, as they would be published."""
    for interview in interviews_of(page):
        if interview.full_transcript_allowed:
            lines = InterviewPublisher(interview).record(())["lines"]
            words = "\n".join(line["text"] for line in lines)
            yield Passage(f"transcript:{interview.pk}", str(interview), words)


def decided_in_interviews(page: Any) -> Iterator[tuple[str, str]]:
    """Return (kind, words) that an editor of the interview decided to keep."""
    yield from IdentifierDecision.objects.filter(
        interview__in=interviews_of(page), state=IdentifierDecision.State.DISMISSED
    ).values_list("kind", "text")


def place_in_workbench(passage: Passage) -> str:
    """Return the address at which the words of a quote or transcript can be fixed; '' for other passages."""
    if passage.kind == BLOCK and passage.value and (number := passage.value.get("excerpt")):
        excerpt = Excerpt.objects.filter(pk=number).first()
        return f"{reverse('interviews_workbench', args=[excerpt.interview_id])}#e{number}" if excerpt else ""
    if passage.part.startswith("transcript:"):
        return reverse("interviews_workbench", args=[int(passage.part.removeprefix("transcript:"))])
    return ""
