"""JSON of Google Speech-to-Text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transcripts.cues import Cue, TimedWord
from transcripts.formats.json_services import numbered
from transcripts.formats.json_values import Json, cue, cues_of_words, moment, part, records, said


def google(data: Any) -> list[Cue]:
    """Google Speech-to-Text, versions 1 and 2, also inside the answer of a long operation."""
    response = part(data, "response") or part(data, "transcript") or data
    tops = [(one, next(iter(records(one, "alternatives")), {})) for one in records(response, "results")]
    lists = [records(top, "words") for _one, top in tops]
    has_tags = [any(_google_speaker(word) for word in words) for words in lists]
    if len(tops) > 1 and has_tags[-1] and not any(has_tags[:-1]):
        # With speakers, version 1 repeats all words in the last result.
        return cues_of_words([(who, word, False) for who, word in _google_words(lists[-1])])
    cues: list[Cue] = []
    before: float | None = 0.0
    for (one, top), words in zip(tops, lists, strict=True):
        end = moment(one, "resultEndTime", "resultEndOffset", "result_end_time")
        marked = [(who, word, index == 0) for index, (who, word) in enumerate(_google_words(words))]
        if marked:
            cues += cues_of_words(marked)
        elif text := said(top, "transcript"):
            cues.append(cue(before, end, "", text))
        before = end
    return cues


def _google_speaker(word: Json) -> str:
    speaker = said(word, "speakerLabel", "speaker_label", "speakerTag", "speaker_tag")
    return "" if speaker == "0" else speaker


def _google_words(words: list[Json]) -> Iterator[tuple[str, TimedWord]]:
    for word in words:
        start = moment(word, "startTime", "startOffset", "start_time", "start_offset")
        end = moment(word, "endTime", "endOffset", "end_time", "end_offset")
        if text := said(word, "word"):
            yield (
                numbered(_google_speaker(word)),
                TimedWord(text, 0.0 if start is None and end else start, end),
            )
