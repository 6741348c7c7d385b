"""The speakers of an interview: who asks the questions, and what each of them is called."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from interviews.models import Interview, InterviewContributor
from interviews.models.interview import Role
from interviews.progress import refresh_state
from interviews.services.errors import Refused

LONGEST_NAME = 120


def interviewers(interview: Interview) -> set[str]:
    """Return the speakers who are interviewers: their words are quoted only where no one else speaks."""
    return {
        contributor.speaker
        for contributor in interview.contributors.all()
        if contributor.role == Role.INTERVIEWER and contributor.speaker
    }


@transaction.atomic
def rename_speaker(*, interview: Interview, old: str, new: str) -> int:
    """Rename a speaker in all cues, excerpts and contributors. Returns the number of cues. Raises Refused."""
    new = " ".join(new.split())[:LONGEST_NAME]
    if not new:
        raise Refused("Give the speaker a name, such as ‘Mother’.")
    # The new time stamp makes other editors' browsers load these excerpts again.
    interview.excerpts.filter(speaker__in=[old, new]).update(speaker=new, updated_at=timezone.now())
    InterviewContributor.objects.filter(interview=interview, speaker=old).update(speaker=new)
    refresh_state(interview)
    return interview.cues.filter(speaker=old).update(speaker=new)
