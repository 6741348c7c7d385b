"""Reads WebVTT, the web's format for captions, by the standard's own algorithm, and writes it. Pure.

Source: https://www.w3.org/TR/webvtt1/ sections 6.1 (files), 6.3 (timings) and 6.4 (cue text). Styles, regions
and cue settings are ignored, because the browser reads them from the file. All functions take linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from uploads.errors import EditorError

# Section 6.3. Hours may have any number of digits in the standard; more than nine (114,000 years) fail here.
TIME = r"(?:([0-9]{1,9}):)?([0-9]{2}):([0-9]{2})\.([0-9]{3})(?![0-9])"
TIMINGS = re.compile(rf"[ \t\f]*{TIME}[ \t\f]*-->[ \t\f]*{TIME}")
# A piece of cue text: a tag, closed or cut off by the end, or the text between two tags.
PIECE = re.compile(r"<([^>]*)>?|[^<]+")
TAG = re.compile(r"(/?)([^\s.]*)(?:\.\S*)?(.*)", re.DOTALL)
KNOWN_TAGS = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
NOT_TEXT = re.compile(r"(NOTE|STYLE|REGION)([ \t]|$)")


class NotWebVTT(EditorError):
    """The text does not begin as every WebVTT file must."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words said (or sounds heard) from `start` to `end`, in seconds; `speaker` and `identifier` may be ''.

    `text` is plain: no tags, character references resolved, lines separated by a line feed.
    """

    start: float
    end: float
    speaker: str = ""
    text: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Unused:
    """Lines of a file that do not belong to a cue: the number of the first (from 1), their text, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Captions:
    cues: list[Cue]
    unused: list[Unused]


def parse(text: str) -> Captions:
    """Return the cues of a WebVTT file in its order, and the lines that could not be used.

    A cue in which several people speak gives one Cue for each voice, all with the cue's times.
    Raises NotWebVTT when the first line is not 'WEBVTT'; any other error affects only its own block.
    """
    lines = (
        text.removeprefix("\ufeff")
        .replace("\0", "\ufffd")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .split("\n")
    )
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise NotWebVTT("A WebVTT file begins with the word WEBVTT on its first line.")
    captions = Captions([], [])
    at = 1
    if at < len(lines) and lines[at]:
        at = _Block(lines, at, in_header=True).end
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        block = _Block(lines, at)
        captions.cues.extend(block.cues())
        if reason := block.reason_unused():
            captions.unused.append(Unused(at + 1, "\n".join(lines[at : block.end]).strip("\n"), reason))
        at = block.end
    return captions


def to_webvtt(cues: Iterable[Cue]) -> str:
    """Return a WebVTT file with `cues`, each speaker as a voice. `parse` reads the same cues from it."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        identifier = " ".join(cue.identifier.replace("-->", "->").splitlines())
        text = _escape(cue.text.strip()).replace("\n\n", "\n&#10;").replace("\n\n", "\n&#10;")
        if speaker := " ".join(cue.speaker.split()):
            text = f"<v {_escape(speaker)}>{text}</v>"
        times = f"{_stamp(cue.start)} --> {_stamp(cue.end)}"
        blocks.append("\n".join(part for part in (identifier, times, text) if part) + "\n")
    return "\n".join(blocks)


class _Block:
    """One block of lines, from line index `start` on ("collect a WebVTT block", section 6.1)."""

    def __init__(self, lines: list[str], start: int, *, in_header: bool = False) -> None:
        self.lines = lines
        self.times: tuple[float, float] | None = None
        self.saw_arrow = False
        self.identifier = ""
        self.body: list[str] = []
        at = start
        while at < len(lines) and lines[at]:
            line = lines[at]
            if "-->" in line:
                may_be_timings = at == start or (at == start + 1 and not self.saw_arrow)
                if in_header or not may_be_timings:
                    break
                self.saw_arrow = True
                self.times = _timings(line)
                if self.times is not None:
                    self.identifier = "\n".join(self.body)
                    self.body = []
            else:
                self.body.append(line)
            at += 1
        # A header that timings interrupt at once is empty, and the next block begins at that line.
        self.end = at

    def cues(self) -> Iterator[Cue]:
        if self.times is None:
            return
        start, end = self.times
        for speaker, text in _voices("\n".join(self.body)):
            yield Cue(start, end, speaker, text, self.identifier)

    def reason_unused(self) -> str:
        if self.times is not None:
            return ""
        if self.saw_arrow:
            return "The times are not in the form 00:00:00.000 --> 00:00:00.000."
        if self.body and not NOT_TEXT.match(self.body[0]):
            return "There is no line with times above these words."
        return ""


def _timings(line: str) -> tuple[float, float] | None:
    if not (match := TIMINGS.match(line)):
        return None
    parts = match.groups(default="0")
    if any(int(parts[i]) > 59 for i in (1, 2, 5, 6)):
        return None
    start, end = (
        (int(hours) * 3_600_000 + int(minutes) * 60_000 + int(seconds) * 1000 + int(thousandths)) / 1000
        for hours, minutes, seconds, thousandths in (parts[:4], parts[4:])
    )
    return start, end


def _voices(raw: str) -> list[tuple[str, str]]:
    """Return at least one (speaker, plain text) of a cue; adjacent texts of one voice are joined."""
    open_tags: list[str] = []
    voices = [""]
    spoken: list[tuple[str, list[str]]] = []
    for piece in PIECE.finditer(raw):
        if piece[1] is not None:
            _apply_tag(piece[1], open_tags, voices)
        if not spoken or spoken[-1][0] != voices[-1]:
            spoken.append((voices[-1], []))
        if piece[1] is None:
            spoken[-1][1].append(html.unescape(piece[0]))
    pairs = [(speaker, text) for speaker, pieces in spoken if (text := "".join(pieces).strip())]
    return pairs or [(next((speaker for speaker, _pieces in spoken if speaker), ""), "")]


def _apply_tag(tag: str, open_tags: list[str], voices: list[str]) -> None:
    """Open or close `tag` as section 6.4 says; the last of `voices` is the present speaker."""
    match = TAG.match(tag)
    closing, name, annotation = match.groups() if match else ("", "", "")
    current = open_tags[-1] if open_tags else ""
    if not closing:
        if name in KNOWN_TAGS and (name != "rt" or current == "ruby"):
            open_tags.append(name)
            if name == "v":
                voices.append(" ".join(html.unescape(annotation).split()))
    elif name and name == current:
        open_tags.pop()
        if name == "v":
            voices.pop()
    elif name == "ruby" and current == "rt":
        del open_tags[-2:]


def _escape(text: str) -> str:
    return (
        text.replace("\0", "\ufffd")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\r", "&#13;")
    )


def _stamp(seconds: float) -> str:
    rest, thousandths = divmod(max(0, round(seconds * 1000)), 1000)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}.{thousandths:03d}"
