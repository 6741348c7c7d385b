"""JSON of Whisper and its relatives: openai-whisper, WhisperX, faster-whisper, whisper.cpp, and others that
write a list of segments with text, start and end. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transcripts.cues import Cue, TimedWord
from transcripts.formats.json_values import Json, cue, moment, part, records, said, timed

_TEXTS = ("text", "body", "sentence", "transcript", "raw_text", "content")
_STARTS = ("start", "startTime", "start_time", "begin", "start_timestamp")
_ENDS = ("end", "endTime", "end_time", "end_timestamp")
_SPEAKERS = ("speaker", "speaker_name", "speakerName", "speaker_label", "speaker_id", "speakerId")
_LISTS = ("segments", "sentences", "utterances", "chunks", "transcript", "captions", "cues", "paragraphs")


def is_whisper_cpp(data: Any) -> bool:
    return any("offsets" in one or "timestamps" in one for one in records(data, "transcription"))


def whisper_cpp(data: Any) -> list[Cue]:
    """Return the cues of whisper.cpp: offsets in milliseconds, and tokens that make words."""
    cues = []
    for one in records(data, "transcription"):
        offsets, stamps = part(one, "offsets"), part(one, "timestamps")
        start = moment(offsets, "from", scale=0.001)
        end = moment(offsets, "to", scale=0.001)
        if start is None:
            start, end = moment(stamps, "from"), moment(stamps, "to")
        speaker = said(one, "speaker")
        words = _words_of_tokens(records(one, "tokens"))
        cues.append(
            cue(start, end, f"Speaker {speaker}" if speaker.isdigit() else speaker, said(one, "text"), words)
        )
    return cues


def _words_of_tokens(tokens: list[Json]) -> list[TimedWord]:
    """Return words: a token that starts with a space starts a word. Tokens such as [_BEG_] are not words."""
    words: list[TimedWord] = []
    for one in tokens:
        text = one.get("text")
        if not isinstance(text, str) or text.startswith("[_") or not text.strip():
            continue
        offsets = part(one, "offsets")
        start, end = moment(offsets, "from", scale=0.001), moment(offsets, "to", scale=0.001)
        if words and not text.startswith(" "):
            words[-1] = TimedWord(words[-1].text + text.strip(), words[-1].start, end)
        else:
            words.append(TimedWord(text.strip(), start, end))
    return words


def segments_in(data: Any) -> list[Json]:
    """Return the segments of a file; [] for a file without a list of texts with times."""
    candidates = [records(data)] if isinstance(data, list) else [records(data, key) for key in _LISTS]
    for found in candidates:
        if found and all(_text(one) is not None for one in found) and any(_has_time(one) for one in found):
            return found
    return []


def _text(segment: Json) -> str | None:
    return next((segment[key] for key in _TEXTS if isinstance(segment.get(key), str)), None)


def _has_time(segment: Json) -> bool:
    return any(key in segment for key in _STARTS) or _pair(segment) is not None


def _pair(segment: Json) -> tuple[Any, Any] | None:
    """Return the times of Hugging Face's chunks: 'timestamp': [start, end]."""
    pair = segment.get("timestamp")
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else None


def segments(data: Any, scale: float = 1.0) -> list[Cue]:
    """Return the cues of a list of segments, with the times of words where it has them."""
    names = {
        said(one, "id"): said(one, "name", "display_name")
        for one in records(data, "speakers")
        if said(one, "name")
    }
    cues = []
    for one in segments_in(data):
        pair = _pair(one)
        times: Json = {"start": pair[0], "end": pair[1]} if pair else one
        start, end = moment(times, *_STARTS, scale=scale), moment(times, *_ENDS, scale=scale)
        length = moment(one, "duration", scale=scale)
        if end is None and start is not None and length is not None:
            end = start + length
        speaker = said(one, *_SPEAKERS) or said(part(one, "speaker"), "name", "display_name")
        speaker = (
            f"Speaker {speaker}"
            if speaker.isdigit() and speaker not in names
            else names.get(speaker, speaker)
        )
        cues.append(cue(start, end, speaker, _text(one) or "", timed(words_in(one, scale))))
    return cues


def words_in(segment: Json, scale: float = 1.0) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield each word of a segment with its times."""
    for word in records(segment, "words"):
        end = moment(word, "end", "endTime", "end_time", scale=scale)
        start = moment(word, "start", "startTime", "start_time", scale=scale)
        yield said(word, "punctuated_word", "word", "text", "value"), start, end


def premiere_segments(data: Any) -> list[Cue]:
    """Return the cues of Premiere's transcript: segments with words that have a start and a duration."""
    names = {said(one, "id"): said(one, "name") for one in records(data, "speakers")}
    cues = []
    for one in records(data, "segments"):
        words = []
        for word in records(one, "words"):
            start, length = moment(word, "start"), moment(word, "duration")
            until = round(start + length, 3) if start is not None and length is not None else None
            words.append((said(word, "text"), start, until))
        found = timed(iter(words))
        speaker = names.get(said(one, "speaker"), "")
        start, length = moment(one, "start"), moment(one, "duration")
        end = round(start + length, 3) if start is not None and length is not None else None
        cues.append(cue(start, end, speaker, " ".join(word.text for word in found), found))
    return cues


def is_premiere(data: Any) -> bool:
    found = records(data, "segments")
    return bool(found) and all("duration" in one and "text" not in one and "words" in one for one in found)
