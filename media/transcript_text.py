"""A recording's cues as lines of text, and lengths of time in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from media.captions import Cue


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of a transcript. `seconds` is whole, `anchor` the id of the line on its page ('' for none)."""

    seconds: int
    stamp: str
    speaker: str
    text: str
    anchor: str

    @property
    def is_sound(self) -> bool:
        """Whether the line describes a sound, which captions put in brackets, rather than words."""
        return not self.speaker and self.text[:1] + self.text[-1:] in {"[]", "()", "♪♪"}


def transcript_lines(cues: Iterable[Cue]) -> list[TranscriptLine]:
    """Return a line for each cue with text, in order of time. The first of several in one second has the
    anchor.
    """
    lines: list[TranscriptLine] = []
    anchored: set[int] = set()
    for cue in sorted(cues, key=lambda cue: cue.start):
        if not cue.text:
            continue
        second = int(cue.start)
        anchor = "" if second in anchored else f"t{second}"
        anchored.add(second)
        lines.append(TranscriptLine(second, clock(second), cue.speaker, " ".join(cue.text.split()), anchor))
    return lines


def clock(seconds: float | str | None, *, pad: bool = True) -> str:
    """Return a time as '00:37' ('0:37' without `pad`), or '1:00:37' from an hour on; '' without a time."""
    if seconds is None or seconds == "":
        return ""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minute:02d}:{second:02d}"
    return f"{minute:02d}:{second:02d}" if pad else f"{minute}:{second:02d}"


def length_in_words(seconds: float) -> str:
    """Return a length as '1 minute 32 seconds'; from an hour on without the seconds."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if minute:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minute) % {"n": minute})
    if (second and not hours) or not parts:
        parts.append(ngettext("%(n)s second", "%(n)s seconds", second) % {"n": second})
    return " ".join(parts)
