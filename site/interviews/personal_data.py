"""Personal data in interviews: those in which a person speaks, with recording, transcript, excerpts and
clips.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from consent.models import Person
from interviews.models import Cue, Interview, InterviewContributor
from interviews.models.interview import Role
from media.models import Clip
from withdrawal.erasure import personal_data, services


def interviews_of(person: Person, _pages: list[Any]) -> Iterable[Model]:
    """Yield the interviews in which the person speaks.

    A voice cannot be removed from a recording, so all of it counts.
    """
    spoken = InterviewContributor.objects.filter(person=person).exclude(role=Role.MENTIONED)
    for interview in Interview.objects.filter(contributors__in=spoken).distinct():
        yield interview
        if interview.recording:
            yield from Clip.objects.filter(source=interview.recording.name)


def forget_mentions(person: Person, found: dict[Any, Model]) -> None:
    """Replace the names of the person by the neutral form in interviews where others mention the person."""
    gone = {thing.pk for thing in found.values() if isinstance(thing, Interview)}
    mentions = InterviewContributor.objects.filter(person=person).exclude(interview__in=gone)
    for contributor in mentions.select_related("interview", "person"):
        names = sorted({part for name in contributor.names for part in (name, *name.split())}, key=len)
        pattern = re.compile(
            r"\b(" + "|".join(re.escape(name) for name in reversed(names)) + r")\b", re.IGNORECASE
        )
        neutral = contributor.neutral_form or "[…]"
        for cue in Cue.objects.filter(interview=contributor.interview):
            text = pattern.sub(neutral, cue.text)
            if text != cue.text:
                Cue.objects.filter(pk=cue.pk).update(text=text)


personal_data.root_finders.append(interviews_of)
services.mention_erasers.append(forget_mentions)
