"""Values of JSON from anywhere: each function returns what is asked for, or nothing. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from transcripts.cues import Cue, TimedWord, Unreadable, joined

Json = dict[str, Any]
MOST_SECONDS = 1e7  # four months
_PERIOD = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d{1,9})?)")
SENTENCE_END = (".", "?", "!", "…", "。", "？", "！", "؟")
PAUSE = 0.4  # seconds between two sentences of one speaker that make two cues
LONG_PAUSE = 2.0
LONGEST = 60  # words without a pause


def loaded(text: str) -> Any:
    """Return the JSON of a text. Raises Unreadable for a damaged file."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"The JSON cannot be read: {str(error)[:200]}. Export the transcript again, or as WebVTT."
        ) from error


def records(value: Any, key: str = "") -> list[Json]:
    """Return the objects in a list, or in the list `key` of an object; [] for anything else."""
    if key:
        value = value.get(key) if isinstance(value, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def part(value: Any, key: str) -> Json:
    """Return the object `key` of an object; {} for anything else."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def said(value: Json, *keys: str) -> str:
    """Return the first of the texts `keys`, or number as text; '' for anything else."""
    for key in keys:
        found = value.get(key)
        if isinstance(found, str) and found.strip():
            return found
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
    return ""


def moment(value: Json, *keys: str, scale: float = 1.0) -> float | None:
    """Return the first of the times `keys` in seconds: a number, '3.2', '3.2s', 'PT3.2S', '0:00:03.2' or
    Google's {seconds, nanos}.
    """
    for key in keys:
        found = value.get(key)
        if isinstance(found, dict):
            whole, nanos = _number(found.get("seconds", 0)), _number(found.get("nanos", 0))
            number = None if whole is None or nanos is None else whole + nanos / 1e9
        else:
            number = _number(found)
            number = number * scale if number is not None and not isinstance(found, str) else number
            if isinstance(found, str) and scale != 1 and found.strip().isdigit() and number is not None:
                number *= scale
        if number is not None and 0 <= number <= MOST_SECONDS:
            return round(number, 3)
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e15 and math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    value = value.strip()
    if value.startswith("PT"):
        found = _PERIOD.fullmatch(value)
        hours, minutes, seconds = (float(one or 0) for one in found.groups()) if found else (0.0, 0.0, 0.0)
        return hours * 3600 + minutes * 60 + seconds if found else None
    if clock := _CLOCK.fullmatch(value):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3].replace(",", "."))
    try:
        number = float(value.removesuffix("s"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def cue(
    start: float | None, end: float | None, speaker: str, text: str, words: Sequence[TimedWord] = ()
) -> Cue:
    """Return a cue with its times, or with those of its words; an end before its start is left out.

    `words` that are as many as those of `text` are written as there: some services time them in lower case.
    """
    text = joined([text])
    written = text.split()
    whole = words if len(words) == len(written) else ()
    if start is None and whole:
        start = whole[0].start
    if end is None and whole:
        end = whole[-1].end
    if start is None or (end is not None and end < start):
        end = None
    own = (TimedWord(word, one.start, one.end) for word, one in zip(written, whole, strict=False))
    return Cue(start, end, joined([speaker]), text, tuple(own))


def timed(words: Iterator[tuple[str, float | None, float | None]]) -> list[TimedWord]:
    """Return words with their times; what has no letter or digit joins the word before it."""
    found: list[TimedWord] = []
    for word, start, end in words:
        text = joined([word])
        if not text:
            continue
        if found and start is None and not any(char.isalnum() for char in text):
            last = found[-1]
            found[-1] = TimedWord(last.text + text, last.start, last.end)
        else:
            found.append(TimedWord(text, start, end))
    return found


def cues_of_words(words: Sequence[tuple[str, TimedWord, bool]]) -> list[Cue]:
    """Return cues of (speaker, word, whether a new cue starts here): one for each run of a speaker.

    A pause after a sentence, or a long one anywhere, starts a new cue too.
    """
    runs: list[list[tuple[str, TimedWord, bool]]] = []
    for one in words:
        last = runs[-1][-1] if runs else None
        if last is None or one[2] or last[0] != one[0] or _is_pause(last[1], one[1], len(runs[-1])):
            runs.append([])
        runs[-1].append(one)
    return [
        cue(None, None, run[0][0], " ".join(word.text for _who, word, _cut in run), [one[1] for one in run])
        for run in runs
    ]


def _is_pause(before: TimedWord, after: TimedWord, count: int) -> bool:
    ends = before.text.rstrip("\"'”’»)").endswith(SENTENCE_END)
    if before.end is None or after.start is None:
        return ends and count > LONGEST
    gap = after.start - before.end
    return gap >= LONG_PAUSE or (ends and (gap >= PAUSE or count > LONGEST))
