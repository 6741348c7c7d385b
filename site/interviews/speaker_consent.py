"""Who is quoted in an excerpt and who is heard in its clip: a page needs their consent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from interviews.models import Cue, Excerpt, Interview, InterviewContributor
from interviews.models.interview import Role
from queries.kept import Lookup

# Interviewers speak as part of their work; people who are only mentioned do not speak.
NOT_ASKED = {Role.INTERVIEWER, Role.MENTIONED}
# Seconds. Clip times are set in tenths, so anyone who speaks for less than this is not heard.
TOUCH = 0.1


@dataclass(frozen=True)
class _SpokenCue:
    pk: int
    start: float | None
    end: float | None
    speaker: str


def _read_excerpts(keys: Collection[int]) -> dict[int, Excerpt]:
    return dict(Excerpt.objects.select_related("interview").in_bulk(keys))


excerpts_by_key: Lookup[int, Excerpt | None] = Lookup(_read_excerpts, None)


class ExcerptSpeakers:
    """The speakers in the interviews of some excerpts. Takes four queries for any number of excerpts."""

    def __init__(self, excerpts: Iterable[int]) -> None:
        found = excerpts_by_key.of_all(excerpts)
        self.excerpts: dict[int, Excerpt] = {key: excerpt for key, excerpt in found.items() if excerpt}
        interviews = {excerpt.interview_id for excerpt in self.excerpts.values()}
        self._cues: dict[int, list[_SpokenCue]] = defaultdict(list)
        for row in (
            Cue.objects.filter(interview__in=interviews)
            .order_by("interview", "position")
            .values_list("interview", "pk", "start", "end", "speaker")
        ):
            self._cues[row[0]].append(_SpokenCue(*row[1:]))
        self._contributors: dict[int, dict[str, InterviewContributor]] = defaultdict(dict)
        for one in InterviewContributor.objects.filter(interview__in=interviews):
            self._contributors[one.interview_id][one.speaker] = one

    def quoted(self, excerpt: Excerpt, storyteller: int | None) -> set[int | None]:
        """Return the keys of the people quoted in an excerpt; `storyteller` for an unknown speaker."""
        return self._people(excerpt, {excerpt.speaker, *self._speakers(excerpt)}, storyteller)

    def heard(self, excerpt: Excerpt, start: float, end: float, storyteller: int | None) -> set[int | None]:
        """Return the keys of the people heard from `start` to `end`, in seconds of the recording."""
        cues = self._cues[excerpt.interview_id]
        speakers = {
            one.speaker
            for one in cues
            if one.start is None or one.end is None or min(end, one.end) - max(start, one.start) > TOUCH
        }
        return self._people(excerpt, speakers | self._speakers(excerpt), storyteller)

    def _speakers(self, excerpt: Excerpt) -> set[str]:
        cues = self._cues[excerpt.interview_id]
        places = {one.pk: place for place, one in enumerate(cues)}
        first, last = places.get(excerpt.start_cue_id or 0), places.get(excerpt.end_cue_id or 0)
        if first is None or last is None:
            return {excerpt.speaker}
        return {one.speaker for one in cues[first : last + 1]}

    def _people(self, excerpt: Excerpt, speakers: set[str], storyteller: int | None) -> set[int | None]:
        known = self._contributors[excerpt.interview_id]
        labels = {one.public_label: one for one in known.values() if one.public_label}
        people: set[int | None] = set()
        for speaker in speakers:
            one = known.get(speaker) or labels.get(speaker)
            if one is None or one.role not in NOT_ASKED:
                people.add(one.person_id or storyteller if one else storyteller)
        return people or {storyteller}


def contributors_of(interview: Interview, storyteller: int | None) -> list[int | None]:
    """Return the keys of the people whose consent the whole transcript needs: all who take part.

    None stands for a contributor without a person, except for the patient, who is `storyteller`.
    """
    people = [
        one.person_id or (storyteller if one.role == Role.PATIENT else None)
        for one in interview.contributors.all()
        if one.role not in NOT_ASKED
    ]
    return list(dict.fromkeys(people)) or [None]
