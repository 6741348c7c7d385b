"""Timed text in XML: TTML, DFXP and YouTube's own forms. Pure.

Source: https://www.w3.org/TR/ttml2/ sections 12.3 (time expressions) and 8.1 (content); times of a paragraph
count from the start of what it is in.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from transcripts.cues import Cue, TranscriptRead, Unused, close_ends, joined
from transcripts.formats.labelled import labelled
from transcripts.formats.xml_tree import XML_ID, attribute, local, tree, walk

_CLOCK = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})(?:(\.\d{1,9})|:(\d{2,3})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_BREAK = "\u2028"
_NOT_SAID = frozenset({"metadata", "head", "title", "desc", "copyright"})


@dataclass(frozen=True)
class _Rates:
    """Frames and ticks a second."""

    frames: float
    ticks: float

    def seconds(self, value: str) -> float | None:
        """Return a time expression in seconds; None for anything else."""
        if found := _CLOCK.fullmatch(value):
            hours, minutes, second, fraction, frames = found.groups()
            part = float(fraction or 0) + int(frames or 0) / self.frames
            return round(int(hours) * 3600 + int(minutes) * 60 + int(second) + part, 3)
        if found := _OFFSET.fullmatch(value):
            unit = {**_SECONDS, "f": 1 / self.frames, "t": 1 / self.ticks}[found[2]]
            return round(float(found[1]) * unit, 3)
        return None


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of a TTML or DFXP file."""
    root = tree(text, "TTML file")
    rates = _rates(root)
    agents = _agents(root)
    cues: list[Cue] = []
    unused: list[Unused] = []
    bases: list[float] = [0.0]
    for event, element, _words in walk(root):
        kind = local(element)
        if kind not in ("body", "div", "p") or event == "text":
            continue
        if event == "end":
            bases.pop()
            continue
        begin = rates.seconds(attribute(element, "begin"))
        bases.append(bases[-1] + (begin or 0.0))
        if kind == "p" and (words := _words_of(element)):
            speaker = ", ".join(agents.get(one, one) for one in attribute(element, "agent").split())
            cues.append(_cue(element, words, speaker, bases, rates))
        elif kind == "p":
            unused.append(Unused(len(cues) + 1, attribute(element, "begin"), "There are no words in it."))
    return TranscriptRead("ttml", close_ends(labelled(cues)), unused)


def _cue(element: Element, words: str, speaker: str, bases: list[float], rates: _Rates) -> Cue:
    """Return the cue of a paragraph; it starts with its first <span> if it has no time itself."""
    spans = [one for one in element.iter() if local(one) == "span"]
    timed = (
        element if attribute(element, "begin") else next((s for s in spans if attribute(s, "begin")), element)
    )
    begin = rates.seconds(attribute(timed, "begin"))
    if begin is None and len(bases) < 3 and bases[-1] == 0:
        return Cue(None, None, speaker, words)
    start = bases[-1] if timed is element else bases[-1] + (begin or 0.0)
    end, length = rates.seconds(attribute(timed, "end")), rates.seconds(attribute(timed, "dur"))
    until = bases[-2] + end if end is not None else start + length if length is not None else None
    start = round(start, 3)
    return Cue(start, round(until, 3) if until is not None and until >= start else None, speaker, words)


def _rates(root: Element) -> _Rates:
    def number(name: str, usual: float) -> float:
        value = attribute(root, name)
        return float(value) if value.isascii() and value.isdigit() and 0 < int(value[:9]) < 10**9 else usual

    frames = number("frameRate", 30.0)
    multiplier = attribute(root, "frameRateMultiplier").replace(":", " ").split()
    if len(multiplier) == 2 and all(one.isdigit() and int(one[:9]) > 0 for one in multiplier):
        frames *= int(multiplier[0][:9]) / int(multiplier[1][:9])
    return _Rates(frames, number("tickRate", frames))


def _agents(root: Element) -> dict[str, str]:
    return {
        one.get(XML_ID, ""): joined(one.itertext()) or one.get(XML_ID, "")
        for one in root.iter()
        if local(one) == "agent"
    }


def _words_of(element: Element) -> str:
    words: list[str] = []
    skipped = 0
    for event, one, text in walk(element):
        kind = local(one)
        if kind in _NOT_SAID and event != "text":
            skipped += 1 if event == "start" else -1
        elif event == "start" and kind == "br":
            words.append(_BREAK)
        elif event == "text" and not skipped:
            words.append(text.replace(_BREAK, " "))
    return "\n".join(line for part in "".join(words).split(_BREAK) if (line := joined([part])))


def read_youtube(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of YouTube's XML: <text start dur> in seconds, or <p t d> in milliseconds."""
    root = tree(text, "captions from YouTube")
    rates = _Rates(30.0, 1.0)
    cues: list[Cue] = []
    for one in root.iter():
        kind = local(one)
        if kind not in ("text", "p") or not (words := joined([html.unescape("".join(one.itertext()))])):
            continue
        unit = "s" if kind == "text" else "ms"
        start = rates.seconds(f"{one.get('start' if kind == 'text' else 't', '')}{unit}")
        length = rates.seconds(f"{one.get('dur' if kind == 'text' else 'd', '')}{unit}")
        end = start + length if start is not None and length is not None else None
        cues.append(Cue(start, end, "", words))
    return TranscriptRead("ttml", close_ends(labelled(cues)))
