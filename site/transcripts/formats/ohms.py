"""OHMS (Oral History Metadata Synchronizer) records: 5.4 with minute marks, 6.0 with WebVTT inside. Pure.

5.4 keeps the transcript as lines and, in <sync>, '1:|9(11)|29(8)|...': the number of minutes between two
marks, then for each mark the line and the word that are spoken at that time. Between two marks times are
estimated by words.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused
from transcripts.formats import webvtt
from transcripts.speakers import Labels

_NUMBER = re.compile(r"\[\[footnote\]\].{0,20}?\[\[/footnote\]\]")
_NOTES = re.compile(r"\[\[footnotes\]\].*?(?:\[\[/footnotes\]\]|\Z)", re.S)
_TAGS = re.compile(r"\[\[/?\w{1,12}\]\]")
_MARK = re.compile(r"\s*(\d{1,7})(?:\((\d{1,5})\))?\s*")


def looks_like(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("<") and bool(
        re.search(r"<(?:\w+:)?(?:ROOT|record)\b", text[:2000])
    )


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1].lower()


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of an OHMS record.

    Raises Unreadable for XML that is damaged, hostile, or without a transcript.
    """
    try:
        root = fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(f"The XML cannot be read: {error}. Export the record from OHMS again.") from error
    parts = {"vtt_transcript": "", "transcript": "", "sync": ""}
    for element in root.iter():
        name = _local(element)
        if name in parts and not parts[name]:
            parts[name] = "".join(element.itertext())
    inside = parts["vtt_transcript"].strip() or parts["transcript"].strip()
    if inside.startswith("WEBVTT"):
        found = webvtt.read(inside)
        return TranscriptRead("ohms", found.cues, found.unused, found.notes)
    if not inside:
        raise Unreadable("The OHMS record has no transcript. Add one in OHMS and export it again.")
    said, notes = _without_notes(parts["transcript"].strip("\r\n"))
    read = _minutes(said, parts["sync"])
    return TranscriptRead("ohms", read.cues, [*read.unused, *notes], read.notes)


def _without_notes(transcript: str) -> tuple[str, list[Unused]]:
    """Return the transcript without the numbers and texts of its notes, and these texts as left out."""
    left = _NOTES.findall(transcript)
    said = _NUMBER.sub("", _NOTES.sub("", transcript))
    texts = [" ".join(_TAGS.sub(" ", one).split()) for one in left]
    return said, [Unused(0, one[:2000], "These are notes, not speech.") for one in texts]


def _marks(sync: str, unused: list[Unused]) -> list[tuple[int, int, float]]:
    """Return (line, word, seconds) of each mark, in order. Lines count from 1, words from 0."""
    head, _colon, rest = sync.strip().partition(":")
    if not rest or not head.strip().isdigit():
        if sync.strip():
            unused.append(
                Unused(1, sync[:200], "The minute marks (<sync>) are not in the form 1:|9(11)|29(8).")
            )
        return []
    interval = int(head[:4]) * 60.0
    marks: list[tuple[int, int, float]] = []
    for index, part in enumerate(rest.strip().strip("|").split("|"), 1):
        match = _MARK.fullmatch(part)
        if not match:
            unused.append(Unused(1, part[:80], f"Minute mark {index} is not in the form 9(11)."))
            continue
        place = (int(match[1]), int(match[2] or 0))
        if marks and place < marks[-1][:2]:
            unused.append(
                Unused(1, part[:80], f"Minute mark {index} is at an earlier place than the previous mark.")
            )
            continue
        marks.append((*place, index * interval))
    return marks


def _minutes(transcript: str, sync: str) -> TranscriptRead:
    unused: list[Unused] = []
    marks = _marks(sync, unused)
    lines = transcript.splitlines()
    labels = Labels.of(lines)
    words: list[tuple[str, str, int]] = []  # word, speaker, number of its paragraph
    anchors: list[tuple[int, float]] = [(0, 0.0)] if marks else []
    pending = list(reversed(marks))
    speaker, paragraph = "", 0
    for number, line in enumerate(lines, 1):
        named, rest = labels.split(line)
        if named:
            speaker, paragraph = named, paragraph + 1
        elif not line.strip():
            paragraph += 1
        # Marks count all words of the line, including its label.
        label_words = len(line.split()) - len(rest.split())
        here = rest.split()
        while pending and pending[-1][0] <= number:
            _line, word, at = pending.pop()
            anchors.append((len(words) + min(max(0, word - label_words), len(here)), at))
        words.extend((word, speaker, paragraph) for word in here)
    notes = [f"{len(pending)} minute marks are after the last line."] if pending else []
    if marks:
        notes.append(
            "OHMS marks whole minutes; times between two marks are estimated by the number of words."
        )
    return TranscriptRead("ohms", _cues(words, anchors), unused, notes)


def _time_at(index: int, anchors: list[tuple[int, float]]) -> float | None:
    if not anchors:
        return None
    for (left, start), (right, end) in pairwise(anchors):
        if left <= index < right:
            return round(start + (end - start) * (index - left) / (right - left), 1)
    last, at = anchors[-1]
    return round(at + max(0, index - last) / 2.5, 1)


def _cues(words: list[tuple[str, str, int]], anchors: list[tuple[int, float]]) -> list[Cue]:
    """Return a cue for each run of words by one speaker in one paragraph between two marks."""
    cuts = {index for index, _at in anchors}
    starts = [
        index
        for index, (_word, speaker, paragraph) in enumerate(words)
        if index == 0 or index in cuts or (speaker, paragraph) != words[index - 1][1:]
    ]
    times = _times([*starts, len(words)], anchors)
    cues = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(words)
        said = " ".join(word for word, _speaker, _paragraph in words[start:end])
        cues.append(Cue(times[index], times[index + 1], words[start][1], said))
    return cues


def _times(indices: list[int], anchors: list[tuple[int, float]]) -> list[float | None]:
    """Return the estimated time of each word index. Both lists ascend, so one pass is enough."""
    times: list[float | None] = []
    at = 0
    for index in indices:
        while at + 1 < len(anchors) and anchors[at + 1][0] <= index:
            at += 1
        times.append(_time_at(index, anchors[at : at + 2]))
    return times
