"""JSON of Azure: batch and fast transcription, and Video Indexer. Pure."""

from __future__ import annotations

from typing import Any

from transcripts.cues import Cue
from transcripts.formats.json_services import numbered
from transcripts.formats.json_values import Json, cue, moment, part, records, said, timed

TICKS = 1e-7


def azure(data: Any) -> list[Cue]:
    """Azure batch transcription: recognised phrases, in ticks of 100 nanoseconds or as a period."""
    cues = []
    for one in records(data, "recognizedPhrases"):
        best = next(iter(records(one, "nBest")), {})
        start = _azure_time(one, "offset")
        length = _azure_time(one, "duration")
        end = round(start + length, 3) if start is not None and length is not None else None
        words = []
        for word in records(best, "displayWords") or records(best, "words"):
            at, lasts = _azure_time(word, "offset"), _azure_time(word, "duration")
            until = round(at + lasts, 3) if at is not None and lasts is not None else None
            words.append((said(word, "displayText", "word"), at, until))
        speaker = said(one, "speaker")
        cues.append(cue(start, end, numbered(speaker), said(best, "display", "lexical"), timed(iter(words))))
    return sorted(cues, key=lambda found: found.start or 0.0)


def _azure_time(value: Json, name: str) -> float | None:
    ticks = moment(value, f"{name}InTicks", scale=TICKS)
    return ticks if ticks is not None else moment(value, name, scale=TICKS)


def azure_fast(data: Any) -> list[Cue]:
    """Azure fast transcription: phrases in milliseconds."""
    cues = []
    for one in records(data, "phrases"):
        words = []
        for word in [one, *records(one, "words")]:
            start = moment(word, "offsetMilliseconds", "offset", scale=0.001)
            length = moment(word, "durationMilliseconds", "duration", scale=0.001)
            end = round(start + length, 3) if start is not None and length is not None else None
            words.append((said(word, "text"), start, end))
        text, start, end = words[0]
        cues.append(cue(start, end, numbered(said(one, "speaker")), text, timed(iter(words[1:]))))
    return cues


def azure_indexer(data: Any) -> list[Cue]:
    """Azure Video Indexer: lines with the id of their speaker."""
    insights = part(next(iter(records(data, "videos")), {}), "insights")
    names = {said(one, "id"): said(one, "name") for one in records(insights, "speakers")}
    cues = []
    for one in records(insights, "transcript"):
        times = next(iter(records(one, "instances")), {})
        who = names.get(said(one, "speakerId"), "")
        start = moment(times, "adjustedStart", "start")
        cues.append(cue(start, moment(times, "adjustedEnd", "end"), who, said(one, "text")))
    return cues
