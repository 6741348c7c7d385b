"""Transcriber files (TRS): turns of speakers with marks of time (<Sync>) between the words. Pure.

Source: the DTD trans-14.dtd of Transcriber.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from transcripts.cues import Cue, TranscriptRead, Unused, close_ends, joined, seconds
from transcripts.formats.xml_tree import local, tree, walk


@dataclass
class _TurnPart:
    start: float | None
    speaker: str
    words: list[str] = field(default_factory=list)


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return a cue for each mark of time, and for each speaker where two speak at once."""
    root = tree(text, "file from Transcriber")
    names = {
        one.get("id", ""): joined([one.get("name", "")]) for one in root.iter() if local(one) == "speaker"
    }
    cues: list[Cue] = []
    unused: list[Unused] = []
    for number, turn in enumerate((one for one in root.iter() if local(one) == "turn"), 1):
        cues += _cues(turn, names, number, unused)
    return TranscriptRead("trs", close_ends(cues), unused)


def _cues(turn: Element, names: dict[str, str], number: int, unused: list[Unused]) -> list[Cue]:
    who = [names.get(one, one) for one in turn.get("speaker", "").split()]
    parts = [_TurnPart(seconds(turn.get("startTime", "")), who[0] if who else "")]
    for event, element, words in walk(turn):
        kind = local(element)
        if event == "text" and kind == "turn":
            parts[-1].words.append(words)
        elif event == "start" and kind == "sync":
            parts.append(_TurnPart(seconds(element.get("time", "")), parts[0].speaker))
        elif event == "start" and kind == "who":
            index = element.get("nb", "1")
            speaker = who[int(index) - 1] if index in ("1", "2") and int(index) <= len(who) else ""
            parts.append(_TurnPart(parts[-1].start, speaker))
        elif event == "start" and kind == "event" and element.get("type", "noise") == "noise":
            if element.get("extent", "instantaneous") == "instantaneous" and element.get("desc"):
                parts[-1].words.append(f" [{element.get('desc')}] ")
        elif event == "start" and kind == "comment":
            unused.append(Unused(number, element.get("desc", ""), "It is a comment in a turn, not speech."))
    return _timed([part for part in parts if joined(part.words)], seconds(turn.get("endTime", "")))


def _timed(parts: list[_TurnPart], end: float | None) -> list[Cue]:
    """Return the cues of a turn: each ends where the next one starts, the last where the turn ends."""
    cues = []
    for index, part in enumerate(parts):
        later = [one.start for one in parts[index + 1 :] if one.start is not None and one.start != part.start]
        until = later[0] if later else end
        if part.start is None or until is None or until < part.start:
            until = None
        cues.append(Cue(part.start, until, part.speaker, joined(part.words)))
    return cues
