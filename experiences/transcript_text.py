"""Prepare a transcript for publication: identifiers replaced, speakers under their public labels.

No database.

Where an editor decided to replace an identifier (`IdentifierDecision`, state replaced), captions and
transcripts show its neutral form. In the recording the word itself is heard, so no clip is made of such a
moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from media.captions import Cue
from media.transcript_text import clock

# Seconds. Editors set times in tenths, and times in transcripts are no more exact than that.
TOUCH = 0.1


class Replacement(Protocol):
    """An editor's decision that `text`, at code points `at` to `end` of a cue, is published as `neutral`."""

    at: int
    end: int
    text: str
    neutral: str


class TranscriptCue(Protocol):
    """A cue of an interview's transcript."""

    pk: int
    start: float | None
    end: float | None
    speaker: str
    text: str


@dataclass(frozen=True)
class Extent:
    """The words of an excerpt, from an offset in one cue to an offset in another (in code points)."""

    start_cue: int | None
    start_offset: int
    end_cue: int | None
    end_offset: int


def redact(text: str, decisions: Iterable[Replacement], start: int = 0, end: int | None = None) -> str:
    """Return the code points `start` to `end` of a cue's `text`, with identifiers replaced by neutral forms.

    If the words are no longer at the offset of the decision (the transcript was corrected since), they are
    replaced everywhere in the cue.
    """
    end = len(text) if end is None else end
    out, position, moved = "", start, []
    for decision in sorted(decisions, key=lambda decision: decision.at):
        if text[decision.at : decision.end] != decision.text:
            moved.append(decision)
        elif decision.end > position and decision.at < end:
            out += text[position : max(position, decision.at)] + decision.neutral
            position = decision.end
    out += text[position:end]
    for decision in moved:
        out = out.replace(decision.text, decision.neutral)
    return " ".join(out.split())


def captions(
    cues: Sequence[TranscriptCue],
    *,
    start: float,
    end: float,
    extent: Extent,
    decisions: Mapping[int, Sequence[Replacement]],
    labels: Mapping[str, str],
) -> list[Cue]:
    """Return the captions of a clip from `start` to `end` (seconds of the interview), in the clip's own time.

    Of a cue that is partly in the clip, only the excerpt's words are used: the rest is not public. Cues
    around the excerpt are used if most of them is heard. `cues` in the order of the transcript; `labels` from
    speakers to public labels.
    """
    made: list[Cue] = []
    inside = False
    for cue in cues:
        inside = inside or cue.pk == extent.start_cue
        if cue.start is not None and cue.end is not None and cue.start < end and cue.end > start:
            whole = cue.start >= start - TOUCH and cue.end <= end + TOUCH
            audible = min(end, cue.end) - max(start, cue.start)
            text = ""
            if inside or whole or audible >= (cue.end - cue.start) / 2:
                text = _words_of(cue, extent, decisions.get(cue.pk, ()), whole=whole)
            if text:
                first, last = round(max(0.0, cue.start - start), 3), round(min(end, cue.end) - start, 3)
                made.append(Cue(first, last, labels.get(cue.speaker, ""), text))
        inside = inside and cue.pk != extent.end_cue
    return made


def _words_of(cue: TranscriptCue, extent: Extent, decisions: Sequence[Replacement], *, whole: bool) -> str:
    """Return the words of a cue that belong to the excerpt, or all of them if the clip contains the `whole`
    cue.
    """
    first = extent.start_offset if cue.pk == extent.start_cue and not whole else 0
    last = extent.end_offset if cue.pk == extent.end_cue and not whole else None
    return redact(cue.text, decisions, first, last)


def contains_replaced_name(
    cues: Iterable[TranscriptCue], start: float, end: float, decisions: Mapping[int, Sequence[Replacement]]
) -> bool:
    """Whether a word that is replaced in public text may be heard from `start` to `end`.

    The time of a word within its cue is not known, so any part of a cue counts as the whole cue.
    """
    return any(
        bool(decisions.get(cue.pk))
        and (cue.start is None or cue.end is None or min(end, cue.end) - max(start, cue.start) > TOUCH)
        for cue in cues
    )


def lines(
    cues: Iterable[TranscriptCue], decisions: Mapping[int, Sequence[Replacement]], labels: Mapping[str, str]
) -> list[dict[str, object]]:
    """Return the whole transcript as stored with its page: start, end, stamp, speaker, text, anchor (or '').

    `anchor`: 't134' for the first line of second 134.
    """
    made: list[dict[str, object]] = []
    anchored: set[str] = set()
    for cue in cues:
        text = redact(cue.text, decisions.get(cue.pk, ()))
        if not text:
            continue
        anchor = "" if cue.start is None else f"t{int(cue.start)}"
        made.append(
            {
                "start": cue.start,
                "end": cue.end,
                "stamp": "" if cue.start is None else clock(cue.start),
                "speaker": labels.get(cue.speaker, ""),
                "text": text,
                "anchor": "" if anchor in anchored else anchor,
            }
        )
        anchored.add(anchor)
    return made
