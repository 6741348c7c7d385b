"""Speech in TEI: utterances with marks on a timeline. Pure.

Source: TEI P5 Guidelines, chapter 8 (Transcriptions of Speech), and ISO 24624:2016, whose annotationBlock is
read too. A speaker is a pointer to a person in the header; without that person the file does not say who
speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused, close_ends, joined
from transcripts.formats.xml_tree import XML_ID, attribute, local, tree, walk

# Elements inside an utterance that hold no words that were said.
_NOT_SAID = frozenset({"note", "spangrp", "span", "fs", "gloss", "del", "desc"})
_SOUNDS = {"pause": "pause", "vocal": "", "incident": "", "kinesic": "", "gap": "inaudible", "unclear": ""}
_UNITS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0}
_GLUED = frozenset(".,;:!?…")


@dataclass
class _Utterance:
    who: str
    start: str
    end: str
    words: list[str] = field(default_factory=list)


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return a cue for each utterance.

    Raises Unreadable for a file without utterances, and for one whose header does not name its speakers.
    """
    root = tree(text, "TEI file")
    people, times = _people(root), _timeline(root)
    unused: list[Unused] = []
    said = [one for one in _utterances(root, unused) if joined(one.words)]
    if not said:
        raise Unreadable(
            "The TEI file has no utterances (<u>), so it is not a transcript of speech. Export the "
            "transcript as WebVTT, DOCX or plain text."
        )
    unknown = sorted({one.who for one in said if one.who and one.who.lstrip("#") not in people})
    if unknown:
        raise Unreadable(
            f"The TEI file has the speakers {', '.join(unknown)[:200]}, and its header (<listPerson>) has no "
            "person with that xml:id. Add them there, or export the transcript as WebVTT, DOCX or plain text."
        )
    cues = []
    for one in said:
        start, end = times.get(one.start.lstrip("#")), times.get(one.end.lstrip("#"))
        if start is None or (end is not None and end < start):
            end = None
        cues.append(Cue(start, end, people.get(one.who.lstrip("#"), ""), _spaced(one.words)))
    return TranscriptRead("tei", close_ends(cues), unused)


def _people(root: Element) -> dict[str, str]:
    """Return the name of each person in the header by its id; the id itself for one without a name."""
    found: dict[str, str] = {}
    for one in root.iter():
        if local(one) in ("person", "participant", "persongrp") and (key := one.get(XML_ID) or one.get("id")):
            names = [
                joined(" ".join(part.itertext()).split())
                for part in one.iter()
                if local(part) in ("persname", "name")
            ]
            found[key] = next((name for name in names if name), "") or attribute(one, "n") or key
    return found


def _timeline(root: Element) -> dict[str, float]:
    """Return the seconds of each mark on the timeline by its id."""
    times: dict[str, float] = {}
    for line in (one for one in root.iter() if local(one) == "timeline"):
        unit = _UNITS.get(line.get("unit", "s"), 1.0)
        origin = line.get("origin", "").lstrip("#")
        for index, mark in enumerate(one for one in line.iter() if local(one) == "when"):
            key, interval = mark.get(XML_ID, ""), mark.get("interval", "")
            since = mark.get("since", "").lstrip("#")
            base = 0.0 if since in ("", key, origin) else times.get(since)
            length = _number(interval)
            if length is not None and base is not None:
                times[key] = round(base + length * unit, 3)
            elif index == 0 or key == origin:
                times[key] = 0.0
    return times


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


def _utterances(root: Element, unused: list[Unused]) -> list[_Utterance]:
    """Return the utterances in order; words outside of one, such as a heading, are listed in `unused`."""
    found: list[_Utterance] = []
    block: Element | None = None
    inside: Element | None = None
    skipped = depth = 0
    for event, element, words in walk(root):
        kind = local(element)
        if kind == "annotationblock" and event != "text":
            block = element if event == "start" else None
        elif kind == "u" and event == "start" and inside is None:
            inside = element
            found.append(_opened(element, block))
        elif kind == "u" and event == "end" and element is inside:
            inside = None
        elif inside is None:
            depth += {"start": 1, "end": -1}.get(event, 0) if kind == "body" else 0
            if depth and event == "text" and words.strip() and kind in ("head", "p", "note", "desc"):
                unused.append(
                    Unused(1, joined([words])[:500], f"It is in <{kind}>, outside of what is said.")
                )
        elif kind in _NOT_SAID and event != "text":
            skipped += 1 if event == "start" else -1
            if event == "start" and kind == "note":
                unused.append(Unused(1, joined(element.itertext())[:500], "It is a note, not speech."))
        elif not skipped:
            _add(found[-1], event, element, words)
    return found


def _opened(element: Element, block: Element | None) -> _Utterance:
    def value(name: str) -> str:
        own = element.get(name, "")
        return own or (block.get(name, "") if block is not None else "")

    return _Utterance(value("who").split(" ")[0], value("start"), value("end"))


def _add(one: _Utterance, event: str, element: Element, words: str) -> None:
    kind = local(element)
    if event == "text":
        one.words.append(words)
    elif event == "start" and kind == "anchor" and not one.start and not joined(one.words):
        one.start = attribute(element, "synch")
    elif event == "start" and kind == "anchor":
        one.end = attribute(element, "synch")
    elif event == "start" and kind in _SOUNDS:
        described = next((joined(part.itertext()) for part in element if local(part) == "desc"), "")
        if sound := described or _SOUNDS[kind]:
            one.words.append(f" [{sound}] ")
    elif event == "end" and kind in ("w", "pc", "seg"):
        one.words.append(" ")


def _spaced(words: list[str]) -> str:
    """Return the words with single spaces, and none before a punctuation mark that has its own element."""
    text = joined(["".join(words)])
    for mark in _GLUED:
        text = text.replace(f" {mark}", mark)
    return text
