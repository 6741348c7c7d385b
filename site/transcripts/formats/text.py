"""Plain text with speakers and, possibly, time codes, as people type it and as services export it. Pure.

    [00:12:31] Mother: ...      Mother (12:31): ...      Mother: [12:31] ...      Mother: ... #00:12:40-0#
    Mother  12:31 / ...         [00:12:31] Mother / ...  12:31 - Mother / ...     Mother / ... (two lines)

A paragraph without a label belongs to the previous speaker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from transcripts.cues import Cue, TranscriptRead, Unused, close_ends, joined
from transcripts.formats.text_layout import Heading, TextLayout, lines_of
from transcripts.stamps import FIRM

_INSIDE = re.compile(rf"[ \t]*({FIRM})[ \t]*")
# What services write above and below a transcript.
_FURNITURE = re.compile(
    r"transcribed (?:by|with|using)\b.*|transcript(?:ion)? (?:by|provided|generated|created)\b.*"
    r"|(?:this|the) (?:editable )?transcript (?:was|is|has been)\b.*|automatically transcribed\b.*"
    r"|.*(?:started|stopped) (?:the )?transcription|(?:meeting|transcription|recording) ended after\b.*"
    r"|\[?(?:end|start|beginning) of (?:the )?(?:recording|transcript|interview|audio|tape|file)\]?\.?"
    r"|convert (?:your )?audio to text\b.*|sonix is the\b.*"
    r"|(?:view|see) (?:the )?(?:original|latest version)\b.*"
    r"|https?://\S+|page \d+(?: of \d+)?",
    re.I,
)
_MOST_ABOVE = 40  # lines above the first words


@dataclass
class _SpeechPart:
    """Words from one label, time code or paragraph to the next. `line`: where it starts.

    `is_end`: it starts with the time code at the end of the line above, which may be the end of those words.
    """

    start: float | None
    end: float | None
    speaker: str
    line: int
    has_time: bool = False
    has_name: bool = False
    is_end: bool = False
    words: list[str] = field(default_factory=list)

    @property
    def has_heading(self) -> bool:
        return self.has_time or self.has_name


class _TextReader:
    """Reads one text line by line."""

    def __init__(self, text: str) -> None:
        self.lines = lines_of(text.replace("\0", ""))
        self.layout = TextLayout.of(self.lines)
        self.parts: list[_SpeechPart] = []
        self.unused: list[Unused] = []
        self.speaker = ""
        self.is_new_paragraph = True

    def read(self) -> None:
        for number, line in enumerate(self.lines, 1):
            if not line:
                # A line with only a heading belongs to the words below the blank line.
                self.is_new_paragraph = not (self.parts and not self.parts[-1].words)
            elif len(line) < 300 and _FURNITURE.fullmatch(line):
                self.unused.append(Unused(number, line, "The program that made the file wrote this line."))
            else:
                self._line(number, self._heading(number, line))
                self.is_new_paragraph = False

    def _heading(self, number: int, line: str) -> Heading:
        above = self.parts[-1] if self.parts else None
        is_below_time = above and above.line == number - 1 and above.has_time and not above.has_name
        if self.layout.has_name_below_time and above and is_below_time and not above.words:
            return Heading("", line, "")
        return self.layout.heading(line)

    def _line(self, number: int, heading: Heading) -> None:
        part = self.parts[-1] if self.parts else None
        if part and heading.last and not heading.words and heading.name is None:
            part.end = self.layout.clock.times(heading.last)[0]
            return
        if heading.name is not None:
            self.speaker = heading.name
        is_open = part and part.has_time and not part.has_name and not part.words
        if part and is_open and not heading.stamp:
            # The name stands in the line below its time.
            part.has_name = heading.name is not None
            part.speaker = self.speaker
        elif heading.stamp or heading.name is not None or part is None or self._goes_on_apart(part):
            self._open(number, heading)
        self._words(number, heading.words)
        if heading.last:
            self.parts[-1].end = self.layout.clock.times(heading.last)[0]

    def _goes_on_apart(self, part: _SpeechPart) -> bool:
        if self.layout.times_last:
            return part.end is not None
        # Paragraphs below one time code are one cue: the others would have no time.
        return self.is_new_paragraph and bool(part.words) and not part.has_time

    def _open(self, number: int, heading: Heading) -> None:
        start, end = self.layout.clock.times(heading.stamp) if heading.stamp else (None, None)
        self.parts.append(
            _SpeechPart(start, end, self.speaker, number, bool(heading.stamp), heading.name is not None)
        )

    def _words(self, number: int, words: str) -> None:
        """Add words to the last part; a time code between them starts a new one."""
        pieces = _INSIDE.split(joined([words]))
        if pieces[0].strip():
            self.parts[-1].words.append(pieces[0])
        for stamp, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            opening = "" if self.layout.times_last else stamp
            if self.layout.times_last:
                self.parts[-1].end = self.layout.clock.times(stamp)[0]
            elif not self.parts[-1].words and not self.parts[-1].has_time:
                self.parts.pop()
            if piece.strip() or opening:
                self._open(number, Heading(opening, None, ""))
            if piece.strip():
                self.parts[-1].words.append(piece)
            elif opening:
                self.parts[-1].is_end = len(self.parts) > 1

    def leave_out_titles(self) -> None:
        """Move lines above the first name or time to what was left out, if the rest has names or times."""
        first = next((index for index, part in enumerate(self.parts) if part.has_heading), 0)
        later = {part.speaker for part in self.parts[first + 1 :] if part.has_name}
        is_timed = sum(1 for part in self.parts if part.has_time) > 1
        while (
            is_timed
            and first < len(self.parts)
            and not self.parts[first].has_time
            and self.parts[first].speaker not in later
            and any(part.has_time for part in self.parts[first:])
        ):
            first += 1
        above = self.parts[:first]
        if len(self.parts) - first < 2 or sum(len(part.words) for part in above) > _MOST_ABOVE:
            return
        if not is_timed and any(line[-1:] in ".?!。？！…" for part in above for line in part.words):
            return  # An opening without a name may be speech.
        for part in above:
            said = f"{part.speaker}: " if part.has_name else ""
            self.unused.append(
                Unused(part.line, said + joined(part.words), "It stands above the first words that are said.")
            )
        del self.parts[:first]

    def close_with_ends(self) -> None:
        """Take a time code after the last words of a line for their end, if no words follow it."""
        for part, after in zip(self.parts, self.parts[1:], strict=False):
            if after.is_end and not after.words and part.end is None:
                part.end = after.start
        self.parts = [part for part in self.parts if part.words or not part.is_end]

    def time_from_ends(self) -> None:
        """Give each part the end of the previous one as its start, where times stand after the words."""
        at: float | None = 0.0
        for part in self.parts:
            if part.words and part.start is None:
                part.start = at if at is None or part.end is None or at <= part.end else None
                at = part.end


def read(text: str, name: str = "text") -> TranscriptRead:
    """Return the cues of a text: a new cue at each label, time code and paragraph.

    `name` is the format it came in.
    """
    reader = _TextReader(text)
    reader.read()
    reader.close_with_ends()
    reader.leave_out_titles()
    notes = [note] if (note := reader.layout.clock.note) else []
    if reader.layout.times_last:
        reader.time_from_ends()
        notes.append("The times stand after the words; they are read as the ends of the words.")
    for part in reader.parts:
        if not part.words and part.has_heading:
            what = "label" if part.has_name else "time"
            line = reader.lines[part.line - 1]
            reader.unused.append(Unused(part.line, line, f"There are no words with this {what}."))
    cues = [
        Cue(part.start, part.end if part.start is not None else None, part.speaker, joined(part.words))
        for part in reader.parts
        if part.words
    ]
    unused = sorted(reader.unused, key=lambda one: one.line)
    return TranscriptRead(name, close_ends(cues), unused, notes)
