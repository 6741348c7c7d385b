"""Who is quoted in an excerpt, and who is heard in a clip of it: whose consent a page needs for showing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from interviews.models import Cue, Excerpt, Interview, InterviewContributor
from interviews.models.interview import Role

# Who asks does it in their work; who is only mentioned says nothing.
NOT_ASKED = {Role.INTERVIEWER, Role.MENTIONED}
# Seconds. Marks are set in tenths: who is heard for less is not heard.
TOUCH = 0.1


@dataclass(frozen=True)
class _Said:
    pk: int
    start: float | None
    end: float | None
    speaker: str


class Speaking:
    """Everybody who speaks in the interviews behind some excerpts: four queries, whatever their number."""

    def __init__(self, excerpts: Iterable[int]) -> None:
        found = Excerpt.objects.select_related("interview").filter(pk__in=set(excerpts))
        self.excerpts: dict[int, Excerpt] = {excerpt.pk: excerpt for excerpt in found}
        interviews = {excerpt.interview_id for excerpt in self.excerpts.values()}
        self._said: dict[int, list[_Said]] = defaultdict(list)
        for row in (
            Cue.objects.filter(interview__in=interviews)
            .order_by("interview", "position")
            .values_list("interview", "pk", "start", "end", "speaker")
        ):
            self._said[row[0]].append(_Said(*row[1:]))
        self._voices: dict[int, dict[str, InterviewContributor]] = defaultdict(dict)
        for one in InterviewContributor.objects.filter(interview__in=interviews):
            self._voices[one.interview_id][one.speaker] = one

    def quoted(self, excerpt: Excerpt, teller: int | None) -> set[int | None]:
        """The numbers of those whose words an excerpt holds; `teller` for a voice that is nobody's we know."""
        return self._people(excerpt, {excerpt.speaker, *self._speakers(excerpt)}, teller)

    def heard(self, excerpt: Excerpt, start: float, end: float, teller: int | None) -> set[int | None]:
        """The numbers of those heard from `start` to `end`, seconds of the recording."""
        said = self._said[excerpt.interview_id]
        voices = {
            one.speaker
            for one in said
            if one.start is None or one.end is None or min(end, one.end) - max(start, one.start) > TOUCH
        }
        return self._people(excerpt, voices | self._speakers(excerpt), teller)

    def _speakers(self, excerpt: Excerpt) -> set[str]:
        said = self._said[excerpt.interview_id]
        places = {one.pk: place for place, one in enumerate(said)}
        first, last = places.get(excerpt.start_cue_id or 0), places.get(excerpt.end_cue_id or 0)
        if first is None or last is None:
            return {excerpt.speaker}
        return {one.speaker for one in said[first : last + 1]}

    def _people(self, excerpt: Excerpt, voices: set[str], teller: int | None) -> set[int | None]:
        known = self._voices[excerpt.interview_id]
        labels = {one.public_label: one for one in known.values() if one.public_label}
        people: set[int | None] = set()
        for voice in voices:
            one = known.get(voice) or labels.get(voice)
            if one is None or one.role not in NOT_ASKED:
                people.add(one.person_id or teller if one else teller)
        return people or {teller}


def contributors_of(interview: Interview, teller: int | None) -> list[int | None]:
    """Whose consent the whole conversation in writing needs: everybody's who takes part.

    None for one whose person nobody entered, but for the patient, who is `teller`, the person of the story.
    """
    people = [
        one.person_id or (teller if one.role == Role.PATIENT else None)
        for one in interview.contributors.all()
        if one.role not in NOT_ASKED
    ]
    return list(dict.fromkeys(people)) or [None]
