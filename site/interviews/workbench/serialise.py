"""What the workbench is told, as plain data for JSON. Offsets are UTF-16 units, times seconds, people names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import get_language_info

from interviews import words
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

FIRST_KEY, LAST_KEY = 4, 9
# Written from right to left, where Django knows no such language.
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "syr", "ug", "ur", "yi"}


def person(user: User | None) -> dict[str, Any] | None:
    """An editor as colleagues see her: key, name, two letters."""
    if user is None:
        return None
    name = user.get_full_name().strip() or user.get_username()
    parts = name.split()
    letters = parts[0][:1] + parts[-1][:1] if len(parts) > 1 else name[:2]
    return {"id": user.pk, "name": name, "letters": letters.upper()}


def written_from_right(language: str) -> bool:
    primary = language.lower().split("-")[0]
    try:
        return bool(get_language_info(primary)["bidi"])
    except KeyError:
        return primary in _RIGHT_TO_LEFT


def steps(interview: Interview) -> list[dict[str, str]]:
    """The way of an interview: each step is done, now or to come. What is being worked on is 'now'."""
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
    """Cues as [key, start, end, index of the voice, words], and the voices; `asking` are those who interview."""
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
    """The language and its words for the rating rule; the same file that the server judges by."""
    data = words.language(interview.language)
    return {
        "code": interview.language,
        "dir": "rtl" if written_from_right(interview.language) else "ltr",
        "fillers": sorted(data.fillers),
        "loose": [" ".join(phrase) for phrase in data.loose],
        "protected": sorted(data.protected or words.language("en").protected),
    }


def with_all(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """Excerpts with what `excerpt` reads, in four queries however many they are."""
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
    """A decision on words that may identify somebody. Needs `decision.cue`."""
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
    """`keys`: the topic under each key 4 to 9; `all`: every topic of the site, to choose from."""
    return {
        "keys": {str(one.key): one.topic.name for one in interview.pinned_topics.select_related("topic")},
        "all": list(Topic.objects.values_list("name", flat=True)),
    }
