"""SubRip (SRT): numbered blocks with times. Read leniently, since there is no standard. Pure.

Also SBV (YouTube, Google Meet), which has both times in one line with a comma between them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from transcripts.cues import TIME, Cue, TranscriptRead, Unused, close_ends, seconds
from transcripts.formats.labelled import labelled
from transcripts.formats.rolling import CaptionBlock, are_rolling, unrolled

_TIMES = re.compile(rf"[ \t]*(?P<start>{TIME})[ \t]*-{{1,2}}>[ \t]*(?P<end>{TIME})?")
_SBV = re.compile(rf"[ \t]*(?P<start>{TIME}),(?P<end>{TIME})[ \t]*$")
_TAG = re.compile(
    r"</?(?:[bius]|font|c|v|span|br)\b[^<>]{0,200}>|\{\\[^{}]{0,200}\}|\{[^{}]{0,3}\\[^{}]{0,200}\}", re.I
)
_BREAK = re.compile(r"\\[Nn]|<br\s*/?>", re.I)


@dataclass
class _Block:
    start: float
    end: float | None
    line: int
    body: list[str] = field(default_factory=list)


def looks_like(text: str) -> bool:
    return any(_TIMES.match(line) for line in text[:4096].splitlines())


def looks_like_sbv(text: str) -> bool:
    return any(_SBV.match(line) for line in text[:500].splitlines()[:3])


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of an SRT file. Any line of times starts a cue; a number above it belongs to it."""
    return _read(text, _TIMES, "srt")


def read_sbv(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of an SBV file."""
    return _read(text, _SBV, "sbv")


def _read(text: str, times: re.Pattern[str], code: str) -> TranscriptRead:
    lines = text.splitlines()
    unused: list[Unused] = []
    blocks = list(_blocks(lines, times, unused))
    captions = [CaptionBlock(one.start, one.end, one.body) for one in blocks]
    if are_rolling(captions):
        note = "These are rolling captions; words that several cues repeat are read once."
        return TranscriptRead(code, close_ends(unrolled(captions)), unused, [note])
    cues = []
    for block in blocks:
        said = "\n".join(html.unescape(_TAG.sub("", _BREAK.sub("\n", line))) for line in block.body)
        end = block.end
        if end is not None and end < block.start:
            reason = "It ends before it starts, so its end is ignored."
            unused.append(Unused(block.line, lines[block.line - 1], reason))
            end = None
        cues.append(Cue(block.start, end, "", said))
    # A cue with two speakers becomes two, so cues and blocks are matched by one block at a time.
    read = labelled(cues)
    for block, cue in zip(blocks, cues, strict=True):
        if not cue.text.strip():
            reason = "There are no words under these times."
            unused.append(Unused(block.line, lines[block.line - 1], reason))
    found = [cue for cue in read if cue.text]
    return TranscriptRead(code, close_ends(found), sorted(unused, key=lambda one: one.line))


def _blocks(lines: list[str], times: re.Pattern[str], unused: list[Unused]) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(lines, 1):
        match = times.match(line)
        if match:
            if block:
                if block.body and block.body[-1].strip().isdigit():
                    block.body.pop()
                yield block
            start, end = seconds(match["start"]), seconds(match["end"]) if match["end"] else None
            block = _Block(start or 0.0, end, number)
        elif block:
            block.body.append(line)
        elif line.strip() and not line.strip("\ufeff \t").isdigit():
            unused.append(Unused(number, line, "There is no line with times before these words."))
    if block:
        yield block
