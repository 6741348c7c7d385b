"""What the interviews behind a story add to the search for words that may identify a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse

from conditions.words import fold
from deidentification.identifiers import KnownName, short_forms
from deidentification.passages import Passage
from experiences import transcript_text
from experiences.excerpt_quotes import BLOCK
from interviews.models import Cue, Excerpt, IdentifierDecision, Interview, InterviewContributor
from queries import kept
from queries.kept import Lookup

TRANSCRIPT = "transcript:"


def _read_interviews_of(stories: Iterable[int]) -> dict[int, list[Interview]]:
    found: defaultdict[int, list[Interview]] = defaultdict(list)
    for interview in Interview.objects.filter(story__in=stories).prefetch_related("contributors"):
        if interview.story_id is not None:
            found[interview.story_id].append(interview)
    return found


# The interviews from which a story is to be compiled, with their contributors, by the key of the story.
interviews_of: Lookup[int, list[Interview]] = Lookup(_read_interviews_of, [])


class InterviewIdentifiers:
    """Implements the identifier methods of `publication.mixins.AboutPerson` for a page that quotes
    interviews.
    """

    pk: Any

    @property
    def streams(self) -> tuple[Any, ...]:
        """The streams of the page that can contain quotes."""
        raise NotImplementedError

    def quoted_interviews(self) -> list[Interview]:
        """Return the interviews that the page quotes, and those from which it is to be compiled."""
        return kept.once(self, "quoted_interviews", self._read_quoted_interviews)

    def _read_quoted_interviews(self) -> list[Interview]:
        quotes = (item for stream in self.streams for item in stream.raw_data if item.get("type") == BLOCK)
        excerpts = {(item.get("value") or {}).get("excerpt") for item in quotes}
        keys = [key for key in excerpts if isinstance(key, int)]
        if not keys:
            return list(interviews_of.of(self.pk)) if self.pk else []
        quoted = Excerpt.objects.filter(pk__in=keys)
        found = Interview.objects.filter(pk__in=quoted.values("interview"))
        if self.pk:
            found |= Interview.objects.filter(story_id=self.pk)
        return list(found.distinct().prefetch_related("contributors"))

    def known_private_names(self) -> Iterator[KnownName]:
        """Yield the private names of the contributors, without the words that the story uses for them on
        purpose.
        """
        for interview in self.quoted_interviews():
            yield from private_names_in(interview, self)

    def passages_elsewhere(self) -> Iterator[Passage]:
        """Yield the words of each conversation that is published in full, as they would be published."""
        for interview in self.quoted_interviews():
            if interview.full_transcript_allowed:
                yield Passage(f"{TRANSCRIPT}{interview.pk}", str(interview), _public_transcript(interview))

    def identifier_decisions(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, words) for each identifier that an editor of the interview decided to keep."""
        if interviews := self.quoted_interviews():
            yield from IdentifierDecision.objects.filter(
                interview__in=interviews, state=IdentifierDecision.State.DISMISSED
            ).values_list("kind", "text")

    def fix_url(self, passage: Passage) -> str:
        """Return the address of the interview from which the words come, '' where they come from none."""
        if passage.part.startswith(TRANSCRIPT):
            return reverse("interviews_workbench", args=[int(passage.part.removeprefix(TRANSCRIPT))])
        number = passage.value.get("excerpt") if passage.kind == BLOCK and passage.value else None
        excerpt = Excerpt.objects.filter(pk=number).first() if number else None
        return f"{reverse('interviews_workbench', args=[excerpt.interview_id])}#e{number}" if excerpt else ""


def private_names_in(interview: Interview, story: Any) -> Iterator[KnownName]:
    """Yield the private names of the contributors of an interview, without the words that the story uses for
    them on purpose.
    """
    shown = fold(getattr(story, "patient_name", "") or "").split()
    for contributor in interview.contributors.all():
        is_patient = contributor.person_id is not None and contributor.person_id == story.person_id
        # Whether the patient's real first name may be shown is the consent's business.
        yield from _private_names(contributor, set(shown if is_patient else ()))


def _private_names(contributor: InterviewContributor, shown: set[str]) -> Iterator[KnownName]:
    public = shown | set(fold(contributor.public_label).split())
    role, neutral = contributor.get_role_display().lower(), contributor.neutral_form or "[name]"
    for name in contributor.names:
        parts = [part for part in name.split() if fold(part) not in public]
        # A name of which a part is public is no longer searched for as a whole.
        names = [name] if parts == name.split() else parts
        yield from (KnownName(part, role, neutral) for part in names)
        forms = (form for part in parts for form in short_forms(part))
        yield from (KnownName(form, role, neutral) for form in forms if fold(form) not in public)


def replaced_in(interview: Interview) -> list[IdentifierDecision]:
    """Return the decisions of an interview's editor to replace words."""
    decided = interview.identifier_decisions.filter(state=IdentifierDecision.State.REPLACED)
    return kept.once(interview, "replaced", lambda: list(decided))


def cues_of(interview: Interview) -> list[Cue]:
    """Return the cues of an interview in order."""
    return kept.once(interview, "cues", lambda: list(interview.cues.order_by("position")))


def _public_transcript(interview: Interview) -> str:
    decisions: defaultdict[int, list[IdentifierDecision]] = defaultdict(list)
    for decision in replaced_in(interview):
        decisions[decision.cue_id].append(decision)
    lines = transcript_text.lines(cues_of(interview), decisions, {})
    return "\n".join(str(line["text"]) for line in lines)
