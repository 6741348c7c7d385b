"""An interview with a recording of tones, and a story that quotes it."""

from __future__ import annotations

import functools
import json
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from interviews.models import Cue, Interview, InterviewContributor
from interviews.services import make_excerpt
from tests import factories as make
from tests.media import tones

SAID = (
    ("Interviewer", 0.0, 2.0, "When did you notice?"),
    ("Mother", 2.0, 5.0, "She let go of the rail. Hannah saw it first."),
    ("Mother", 5.0, 8.0, "No one had promised us anything."),
    ("Hannah Secretson", 8.0, 10.0, "I counted the stairs."),
    ("Mother", 10.0, 12.0, "Her speech has not changed."),
)


@functools.cache
def sound(seconds: float = 12) -> bytes:
    return tones.recording("webm", seconds)


@functools.cache
def film(seconds: float = 12) -> bytes:
    return tones.recording("mp4", seconds, pictures="libx264")


def interview(*, kind: str = "audio", recording: bytes | None = None, **fields: Any) -> Interview:
    """An interview of twelve seconds in five cues; `kind=""`: without a recording."""
    made = Interview.objects.create(
        title="Marta, in the kitchen",
        **{
            "interviewer": "Anna Berg",
            "interviewer_employer": "Example Press",
            "held_on": "2025-03-14",
            "recording_kind": kind,
            **fields,
        },
    )
    if kind:
        content = recording or (film() if kind == "video" else sound())
        made.recording.save("talk.mp4" if kind == "video" else "talk.webm", ContentFile(content))
    made.contributors.set(
        [
            InterviewContributor(
                role="parent",
                speaker="Mother",
                public_label="Marta, Ines’s mother",
                person=make.consenting(private_name="Realname Secretson", display_name="Marta"),
            ),
            InterviewContributor(role="interviewer", speaker="Interviewer"),
        ]
    )
    made.save()
    for position, (speaker, start, end, text) in enumerate(SAID):
        Cue.objects.create(
            interview=made, position=position, speaker=speaker, start=start, end=end, text=text
        )
    return Interview.objects.get(pk=made.pk)


def excerpt(talk: Interview, position: int, *, words: str = "", section: str = "before") -> Any:
    """An excerpt of one cue, or of some words in it, marked as an editor marks it."""
    cue = talk.cues.get(position=position)
    at = cue.text.index(words)
    editor, _made = User.objects.get_or_create(username="marker")
    return make_excerpt(
        interview=talk,
        start=(cue.pk, at),
        end=(cue.pk, at + len(words or cue.text)),
        section=section,
        by=editor,
    )


def quote(of: Any, **changes: Any) -> dict[str, Any]:
    """A block of a story that quotes an excerpt."""
    value = {
        "excerpt": of.pk,
        "text": of.text,
        "speaker": "Marta, Ines’s mother",
        "asked": "",
        "start": of.clip_in,
        "end": of.clip_out,
    }
    return {"type": "excerpt_quote", "value": {**value, **changes}}


def story(*quotes: dict[str, Any], **fields: Any) -> Any:
    """A draft with these blocks in its first part."""
    fields.setdefault("conditions", [make.ConditionFactory()])
    return make.StoryPageFactory(live=False, before=json.dumps(list(quotes)), **fields)


def publish(page: Any) -> Any:
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)
