"""Plain text with speakers and, possibly, time codes: `[00:12:31] Mother: ...`. Pure.

Also `Mother (12:31): ...`, `Mother: [12:31] ...`, and a line `Mother 12:31` with the words below it, as
several services write it. A paragraph without a label belongs to the previous speaker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from transcripts.cues import TIME, Cue, TranscriptRead, Unused, close_ends, joined, seconds
from transcripts.speakers import Labels, label

_STAMP = rf"(?:\[\s*(?:{TIME})\s*\]|\(\s*(?:{TIME})\s*\)|(?:{TIME})(?![\d:]))"
_FIRST = re.compile(rf"[ \t]*(?P<time>{_STAMP})[ \t]*[-–—]?[ \t]*")
_AFTER_NAME = re.compile(
    rf"(?P<name>[^\W\d_][^:.!?\[\]()\n]{{0,39}}?)[ \t]*(?P<time>{_STAMP})[ \t]*(?P<colon>[:：]?)[ \t]*"
)


@dataclass
class _SpeechPart:
    """Words from one label, time code or paragraph to the next."""

    start: float | None
    speaker: str
    line: int
    words: list[str] = field(default_factory=list)


def _time(stamp: str) -> float | None:
    return seconds(stamp.strip("[]() \t"))


def read(text: str, name: str = "text") -> TranscriptRead:
    """Return the cues of a text: a new cue at each label, time code and paragraph.

    `name` is the format it came in.
    """
    lines = text.replace("\0", "").splitlines()
    stamps = [_FIRST.match(line) for line in lines]
    labels = Labels.of(
        line[stamp.end() :] if stamp else line for line, stamp in zip(lines, stamps, strict=True)
    )
    done: list[_SpeechPart] = []
    current: _SpeechPart | None = None
    speaker, fresh = "", True
    for number, raw in enumerate(lines, 1):
        line = raw.strip("\ufeff \t")
        if not line:
            # A line with only a heading belongs to the words below the blank line.
            fresh = not (current and not current.words)
            continue
        start: float | None = None
        named: tuple[str, str] | None = None
        heading = _AFTER_NAME.match(line)
        if heading and (heading["colon"] or heading.end() == len(line)) and len(heading["name"].split()) <= 4:
            named = (" ".join(heading["name"].split()), line[heading.end() :])
            start = _time(heading["time"])
        else:
            rest = line
            if first := _FIRST.match(line):
                start, rest = _time(first["time"]), line[first.end() :]
            # After a time code, even a label that occurs once is a label.
            found = label(rest) if start is not None else None
            who, words = found or labels.split(rest)
            if who:
                inner = _FIRST.match(words)
                if inner and start is None:
                    start, words = _time(inner["time"]), words[inner.end() :]
                named = (who, words)
            else:
                line = rest
        if named is not None or start is not None or current is None or (fresh and current.words):
            if named is not None:
                speaker, line = named
            current = _SpeechPart(start, speaker, number)
            done.append(current)
        if line.strip():
            current.words.append(line)
        fresh = False
    unused = [
        Unused(one.line, lines[one.line - 1].strip(), "There are no words with this label.")
        for one in done
        if not one.words
    ]
    cues = [Cue(one.start, None, one.speaker, joined(one.words)) for one in done if one.words]
    return TranscriptRead(name, close_ends(cues), unused)
