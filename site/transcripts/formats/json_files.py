"""JSON: recognises whose it is by its keys. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused, close_ends
from transcripts.formats import html_pages, json_azure, json_google, json_services, json_whisper
from transcripts.formats.json_values import loaded, part, records
from transcripts.formats.labelled import labelled


@dataclass(frozen=True)
class _Kind:
    """`looks_like` is given the whole value, an object or a list."""

    code: str
    looks_like: Callable[[Any], bool]
    read: Callable[[Any], list[Cue]]


def _has(*keys: str) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, dict) and all(data.get(key) is not None for key in keys)


def _in_results(key: str) -> Callable[[Any], bool]:
    return lambda data: key in part(data, "results")


def _is_google(data: Any) -> bool:
    results = records(part(data, "response") or part(data, "transcript") or data, "results")
    return any("alternatives" in one for one in results) and not any("type" in one for one in results)


def _is_speechmatics(data: Any) -> bool:
    return any("alternatives" in one and "type" in one for one in records(data, "results"))


def _is_elevenlabs(data: Any) -> bool:
    return any(one.get("type") in ("word", "spacing") for one in records(data, "words"))


def _is_assemblyai(data: Any) -> bool:
    return _has("words", "text")(data) and (
        "utterances" in data or "audio_url" in data or "acoustic_model" in data
    )


def _is_vosk(data: Any) -> bool:
    return any("word" in one and "conf" in one for one in records(data, "result"))


def _gladia(data: Any) -> list[Cue]:
    return json_whisper.segments(part(part(data, "result"), "transcription"))


def _fireflies(data: Any) -> list[Cue]:
    return json_whisper.segments(part(part(data, "data"), "transcript"))


KINDS = (
    _Kind("whisper.cpp", json_whisper.is_whisper_cpp, json_whisper.whisper_cpp),
    _Kind("amazon", _in_results("items"), json_services.amazon),
    _Kind("deepgram", _in_results("channels"), json_services.deepgram),
    _Kind("azure", _has("recognizedPhrases"), json_azure.azure),
    _Kind("azure", _has("phrases"), json_azure.azure_fast),
    _Kind("azure", _has("videos"), json_azure.azure_indexer),
    _Kind("speechmatics", _is_speechmatics, json_services.speechmatics),
    _Kind("google", _is_google, json_google.google),
    _Kind("rev.ai", _has("monologues"), json_services.rev_ai),
    _Kind("assemblyai", _is_assemblyai, json_services.assemblyai),
    _Kind("elevenlabs", _is_elevenlabs, json_services.elevenlabs),
    _Kind("vosk", _is_vosk, json_services.vosk),
    _Kind("premiere", json_whisper.is_premiere, json_whisper.premiere_segments),
    _Kind("json", lambda data: "transcription" in part(data, "result"), _gladia),
    _Kind("json", lambda data: "transcript" in part(data, "data"), _fireflies),
)
_OUTSIDE = ("response", "output", "data")


def looks_like(text: str) -> bool:
    head = text[:200].lstrip("\ufeff \t\r\n")
    after = head[1:].lstrip()[:1]
    return (head.startswith("{") and after in ('"', "}")) or (
        head.startswith("[") and after in ("{", "[", "]", '"')
    )


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of a JSON file.

    Raises Unreadable for a damaged file, and for JSON that is not a transcript of a known service.
    """
    data = loaded(text.lstrip("\ufeff"))
    if (
        isinstance(data, dict)
        and isinstance(data.get("text"), str)
        and ("media-time" in data or "media" in data)
    ):
        return html_pages.read_otranscribe(data["text"])
    for inside in (data, *(part(data, key) for key in _OUTSIDE)):
        kind = next((one for one in KINDS if inside and one.looks_like(inside)), None)
        if kind:
            return _checked(kind.code, kind.read(inside))
        if json_whisper.segments_in(inside):
            return _checked("whisper", json_whisper.segments(inside, _scale(inside)))
    raise Unreadable(
        "This is JSON (data), and not in a form that a transcription service is known to write. "
        "Export the transcript as WebVTT, SRT or DOCX."
    )


def _scale(data: Any) -> float:
    """Return 0.001 if the times of the segments count milliseconds, which makes speech incredibly slow."""
    cues = json_whisper.segments(data)
    lasting = [
        (len(one.text.split()), (one.end or 0) - (one.start or 0)) for one in cues if one.start is not None
    ]
    words, seconds = sum(one for one, _time in lasting), sum(time for _one, time in lasting)
    return 0.001 if words and seconds > 100 * words else 1.0


def _checked(code: str, cues: list[Cue]) -> TranscriptRead:
    unused = [
        Unused(number, "", "There are no words in this segment.")
        for number, one in enumerate(cues, 1)
        if not one.text
    ]
    found = labelled([one for one in cues if one.text])
    return TranscriptRead(code, close_ends(found), unused)
