"""SubRip (SRT): numbered blocks with times. Read leniently, since there is no standard. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from transcripts.cues import TIME, Cue, TranscriptRead, Unused, close_ends, joined, seconds
from transcripts.speakers import Labels

_TIMES = re.compile(rf"[ \t]*(?P<start>{TIME})[ \t]*-{{1,2}}>[ \t]*(?P<end>{TIME})?")
_TAG = re.compile(r"</?(?:[bius]|font|c|v|span)\b[^<>]{0,200}>|\{\\[^{}]{0,80}\}", re.I)


def looks_like(text: str) -> bool:
    return any(_TIMES.match(line) for line in text[:4096].splitlines())


def read(text: str) -> TranscriptRead:
    """Return the cues of an SRT file. Any line of times starts a cue; a number above it belongs to it."""
    lines = text.splitlines()
    unused: list[Unused] = []
    blocks = list(_blocks(lines, unused))
    words = [_TAG.sub("", joined(body)) for _start, _end, _line, body in blocks]
    labels = Labels.of(html.unescape(said) for said in words)
    cues = []
    for (start, given_end, line, _body), said in zip(blocks, words, strict=True):
        speaker, rest = labels.split(html.unescape(said))
        if not rest:
            unused.append(Unused(line, lines[line - 1], "There are no words under these times."))
            continue
        end = given_end
        if given_end is not None and given_end < start:
            unused.append(Unused(line, lines[line - 1], "It ends before it starts, so its end is ignored."))
            end = None
        cues.append(Cue(start, end, speaker, rest))
    return TranscriptRead("srt", close_ends(cues), sorted(unused, key=lambda one: one.line))


def _blocks(lines: list[str], unused: list[Unused]) -> Iterator[tuple[float, float | None, int, list[str]]]:
    at = 0
    open_block: tuple[float, float | None, int, list[str]] | None = None
    while at < len(lines):
        line = lines[at]
        match = _TIMES.match(line)
        if match:
            if open_block:
                if open_block[3] and open_block[3][-1].strip().isdigit():
                    open_block[3].pop()
                yield open_block
            start, end = seconds(match["start"]), seconds(match["end"]) if match["end"] else None
            assert start is not None
            open_block = (start, end, at + 1, [])
        elif open_block:
            open_block[3].append(line)
        elif line.strip() and not line.strip("\ufeff \t").isdigit():
            unused.append(Unused(at + 1, line, "There is no line with times before these words."))
        at += 1
    if open_block:
        yield open_block
