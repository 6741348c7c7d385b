"""The workbench's data, ready for JSON. Offsets are in UTF-16 units, times in seconds, people are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import get_language_info

from interviews.models import (
    ConditionDecision,
    Excerpt,
    IdentifierDecision,
    Interview,
    InterviewState,
    Topic,
)
from interviews.services import interviewers
from interviews.workbench.offsets import to_utf16
from transcripts import words

# Languages written from right to left that Django does not know.
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "syr", "ug", "ur", "yi"}


def person(user: User | None) -> dict[str, Any] | None:
    """Return an editor as colleagues see her: key, name, initials."""
    if user is None:
        return None
    name = user.get_full_name().strip() or user.get_username()
    parts = name.split()
    letters = parts[0][:1] + parts[-1][:1] if len(parts) > 1 else name[:2]
    return {"id": user.pk, "name": name, "letters": letters.upper()}


def is_right_to_left(language: str) -> bool:
    """Return whether a language, given by its code, is written from right to left."""
    primary = language.lower().split("-")[0]
    try:
        return bool(get_language_info(primary)["bidi"])
    except KeyError:
        return primary in _RIGHT_TO_LEFT


def steps(interview: Interview) -> list[dict[str, str]]:
    """Return the steps of an interview.

    `is` says whether each is done, is being worked on ('now') or comes next.
    """
    states = InterviewState.values
    at = states.index(interview.state)
    if interview.state == InterviewState.PUBLISHED:
        now = len(states)
    else:
        now = at if interview.state in (InterviewState.CODED, InterviewState.COMPILED) else at + 1
    return [
        {
            "state": value,
            "label": str(InterviewState(value).label),
            "is": "done" if index < now else "now" if index == now else "next",
        }
        for index, value in enumerate(states)
    ]


def transcript(interview: Interview) -> dict[str, Any]:
    """Return cues as [key, start, end, index of the speaker, words], and the speakers; `asking` are
    interviewers.
    """
    voices: dict[str, int] = {}
    cues = [
        [pk, start, end, voices.setdefault(speaker, len(voices)), text]
        for pk, start, end, speaker, text in interview.cues.order_by("position").values_list(
            "pk", "start", "end", "speaker", "text"
        )
    ]
    asking = interviewers(interview)
    return {
        "cues": cues,
        "voices": list(voices),
        "asking": [index for voice, index in voices.items() if voice in asking],
    }


def language_of(interview: Interview) -> dict[str, Any]:
    """Return the language and its words for the rating rule, from the file that the server uses too."""
    data = words.language(interview.language)
    return {
        "code": interview.language,
        "dir": "rtl" if is_right_to_left(interview.language) else "ltr",
        "fillers": sorted(data.fillers),
        "loose": [" ".join(phrase) for phrase in data.loose],
        "protected": sorted(data.protected or words.language("en").protected),
    }


def with_all(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """Return excerpts with everything that `excerpt` reads, in four queries for any number."""
    return excerpts.select_related("start_cue", "end_cue", "created_by", "edited_by").prefetch_related(
        "topics"
    )


def excerpt(one: Excerpt) -> dict[str, Any]:
    return {
        "id": one.pk,
        "start": [one.start_cue.pk, to_utf16(one.start_cue.text, one.start_offset)]
        if one.start_cue
        else None,
        "end": [one.end_cue.pk, to_utf16(one.end_cue.text, one.end_offset)] if one.end_cue else None,
        "speaker": one.speaker,
        "asked": one.asked,
        "verbatim": one.verbatim,
        "text": one.text,
        "section": one.section,
        "order": one.order,
        "topics": [topic.name for topic in one.topics.all()],
        "in": one.clip_in,
        "out": one.clip_out,
        "rev": one.rev,
        "placed": one.placed,
        "removed": one.removed_at is not None,
        "by": person(one.created_by),
        "editor": person(one.edited_by),
    }


def excerpts(rows: Iterable[Excerpt]) -> list[dict[str, Any]]:
    return [excerpt(one) for one in rows]


def identifier(decision: IdentifierDecision) -> dict[str, Any]:
    """Return a decision on words that may identify a person. Reads `decision.cue`."""
    text = decision.cue.text
    return {
        "cue": decision.cue_id,
        "at": to_utf16(text, decision.at),
        "end": to_utf16(text, decision.end),
        "text": decision.text,
        "kind": decision.kind,
        "state": decision.state,
        "neutral": decision.neutral,
        "why": decision.reason,
        "by": person(decision.by),
    }


def condition(decision: ConditionDecision) -> dict[str, Any]:
    return {
        "id": decision.condition_id,
        "name": str(decision.condition.name),
        "accepted": decision.accepted,
    }


def decisions(interview: Interview) -> dict[str, Any]:
    return {
        "identifiers": [
            identifier(one) for one in interview.identifier_decisions.select_related("cue", "by")
        ],
        "conditions": [condition(one) for one in interview.condition_decisions.select_related("condition")],
    }


def topics(interview: Interview) -> dict[str, Any]:
    """Return `keys`, the topic on each key 4 to 9, and `all`, every topic of the site."""
    return {
        "keys": {str(one.key): one.topic.name for one in interview.pinned_topics.select_related("topic")},
        "all": list(Topic.objects.values_list("name", flat=True)),
    }
