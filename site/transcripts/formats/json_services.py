"""JSON of speech services: Amazon, Deepgram, AssemblyAI, Speechmatics, Rev.ai, ElevenLabs, Vosk. Pure.

Each reader follows the service's own description of its answers; speakers and times of words are kept.
"""

from __future__ import annotations

from typing import Any

from transcripts.cues import Cue, TimedWord
from transcripts.formats.json_values import Json, cue, cues_of_words, moment, part, records, said, timed
from transcripts.formats.json_whisper import words_in

Marked = tuple[str, TimedWord, bool]


def numbered(speaker: str) -> str:
    """Return the label of a speaker whom a service only numbers."""
    return f"Speaker {speaker}" if speaker.isdigit() else speaker


def amazon(data: Any) -> list[Cue]:
    """Amazon Transcribe: items with a speaker each, or segments that say who speaks when."""
    results = part(data, "results")
    segments = records(part(results, "speaker_labels"), "segments")
    starts = {said(one, "start_time") for one in segments}
    who: dict[str, str] = {
        said(item, "start_time"): said(item, "speaker_label")
        for one in segments
        for item in records(one, "items")
    }
    channels = records(part(results, "channel_labels"), "channels")
    if channels and not segments:
        cues = [
            found
            for one in channels
            for found in cues_of_words(
                _amazon_items(records(one, "items"), {}, set(), said(one, "channel_label"))
            )
        ]
        return sorted(cues, key=lambda found: found.start or 0.0)
    return cues_of_words(_amazon_items(records(results, "items"), who, starts, ""))


def _amazon_items(items: list[Json], who: dict[str, str], starts: set[str], channel: str) -> list[Marked]:
    found: list[Marked] = []
    for item in items:
        text = next((said(one, "content") for one in records(item, "alternatives")), "")
        if said(item, "type") == "punctuation" and found:
            speaker, last, cut = found[-1]
            found[-1] = (speaker, TimedWord(last.text + text, last.start, last.end), cut)
        elif text:
            key = said(item, "start_time")
            speaker = said(item, "speaker_label") or who.get(key, "") or channel
            word = TimedWord(text, moment(item, "start_time"), moment(item, "end_time"))
            found.append((speaker, word, key in starts))
    return found


def deepgram(data: Any) -> list[Cue]:
    """Deepgram: utterances, else paragraphs, else words."""
    results = part(data, "results")
    if utterances := records(results, "utterances"):
        return [_deepgram_cue(one, said(one, "transcript")) for one in utterances]
    cues: list[Cue] = []
    for channel in records(results, "channels"):
        best = next(iter(records(channel, "alternatives")), {})
        words = records(best, "words")
        paragraphs = records(part(best, "paragraphs"), "paragraphs")
        starts = {said(one, "start") for one in paragraphs}
        found = [
            (numbered(said(word, "speaker")), timed_word, said(word, "start") in starts)
            for word in words
            for timed_word in timed(words_in({"words": [word]}))
        ]
        cues += cues_of_words(found) if found else [cue(None, None, "", said(best, "transcript"))]
    return sorted(cues, key=lambda found: found.start or 0.0)


def _deepgram_cue(one: Json, text: str) -> Cue:
    words = timed(words_in(one))
    return cue(moment(one, "start"), moment(one, "end"), numbered(said(one, "speaker")), text, words)


def assemblyai(data: Any) -> list[Cue]:
    """AssemblyAI: utterances, else words, in milliseconds."""
    cues = []
    for one in records(data, "utterances"):
        start, end = moment(one, "start", scale=0.001), moment(one, "end", scale=0.001)
        words = timed(words_in(one, 0.001))
        cues.append(cue(start, end, _lettered(said(one, "speaker")), said(one, "text"), words))
    if cues:
        return cues
    return cues_of_words(
        [
            (_lettered(said(word, "speaker")), one, False)
            for word in records(data, "words")
            for one in timed(words_in({"words": [word]}, 0.001))
        ]
    )


def _lettered(speaker: str) -> str:
    return f"Speaker {speaker}" if len(speaker) == 1 else speaker


def speechmatics(data: Any) -> list[Cue]:
    """Speechmatics: words and punctuation, each with a speaker; S1, S2 ... and UU for an unknown one."""
    found: list[Marked] = []
    for one in records(data, "results"):
        best = next(iter(records(one, "alternatives")), {})
        text = said(best, "content")
        speaker = said(best, "speaker").replace("UU", "") or said(one, "channel")
        if said(one, "type") == "punctuation" and found:
            who, last, cut = found[-1]
            found[-1] = (who, TimedWord(last.text + text, last.start, last.end), cut)
        elif text:
            word = TimedWord(text, moment(one, "start_time"), moment(one, "end_time"))
            found.append((speaker, word, False))
    return cues_of_words(found)


def rev_ai(data: Any) -> list[Cue]:
    """Rev.ai: monologues of elements; each element that is a word has its times."""
    names = {said(one, "id"): said(one, "name") for one in records(data, "speakers")}
    cues: list[Cue] = []
    for one in records(data, "monologues"):
        words: list[tuple[str, float | None, float | None]] = []
        text = ""
        for element in records(one, "elements"):
            value = element.get("value")
            value = value if isinstance(value, str) else ""
            if said(element, "type") == "unknown":
                value = " [inaudible] "
                words.append((value, None, None))
            elif said(element, "type") == "text":
                words.append((value, moment(element, "ts"), moment(element, "end_ts")))
            elif words and value.strip():
                words[-1] = (words[-1][0] + value.strip(), words[-1][1], words[-1][2])
            text += value
        number = said(one, "speaker")
        speaker = said(part(one, "speaker_info"), "display_name") or names.get(number) or numbered(number)
        whole = cue(None, None, speaker, text, timed(iter(words)))
        cues += cues_of_words([(speaker, word, False) for word in whole.words]) or [whole]
    return cues


def elevenlabs(data: Any) -> list[Cue]:
    """ElevenLabs: words, spaces and sounds, each with a speaker."""
    found: list[Marked] = []
    for word in records(data, "words"):
        text = said(word, "text").strip()
        if text and said(word, "type") != "spacing":
            speaker = said(word, "speaker_id")
            found.append((speaker, TimedWord(text, moment(word, "start"), moment(word, "end")), False))
    return cues_of_words(found)


def vosk(data: Any) -> list[Cue]:
    """Vosk: words in `result`."""
    return cues_of_words([("", word, False) for word in timed(words_in({"words": data.get("result")}))])
