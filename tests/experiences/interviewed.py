"""Interviews with a transcript and excerpts, made up for tests of what is compiled from them."""

from __future__ import annotations

from typing import Any

from interviews.importing import import_transcript
from interviews.models import Cue, Excerpt, Interview, InterviewContributor
from interviews.services import make_excerpt
from tests import factories as make
from transcripts import read

TRANSCRIPT = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Anna>What was it like before?

2
00:00:04.500 --> 00:00:10.000
<v Mother>She could not, um, climb the stairs at home.

3
00:00:10.500 --> 00:00:15.000
<v Mother>There are fourteen of them, and I carried her.

4
00:00:16.000 --> 00:00:18.000
<v Anna>And during the treatment?

5
00:00:18.500 --> 00:00:24.000
<v Mother>Hannah slept beside her every night in the ward.

6
00:00:25.000 --> 00:00:31.000
<v Mother>Now she climbs them herself, but her speech has not changed.
"""


def interview(by: Any, **fields: Any) -> Interview:
    """A mother and an interviewer, six cues; the patient is Ines from Portugal."""
    made = Interview.objects.create(
        **{
            "title": "Private title of a family",
            "interviewer": "Anna Berg",
            "interviewer_employer": "Returning Hope",
            **fields,
        }
    )
    ines = make.consenting(private_name="Inês Oliveira", display_name="Ines", country="PT")
    marta = make.consenting(private_name="Realname Secretson", display_name="Marta")
    roles: list[dict[str, Any]] = [
        {"role": "interviewer", "speaker": "Anna"},
        {"role": "parent", "speaker": "Mother", "public_label": "Marta, Ines’s mother", "person": marta},
        {"role": "patient", "person": ines},
        {"role": "mentioned", "private_names": "Hannah", "neutral_form": "[my sister]"},
    ]
    for number, one in enumerate(roles):
        InterviewContributor.objects.create(interview=made, sort_order=number, **one)
    import_transcript(interview=made, read=read(TRANSCRIPT.encode(), "talk.vtt"), by=by)
    return Interview.objects.get(pk=made.pk)


def cue(made: Interview, number: int) -> Cue:
    return made.cues.order_by("position")[number]


def mark(made: Interview, number: int, section: str, by: Any) -> Excerpt:
    """The whole of cue `number` as an excerpt."""
    one = cue(made, number)
    return make_excerpt(
        interview=made, start=(one.pk, 0), end=(one.pk, len(one.text)), section=section, by=by
    )
