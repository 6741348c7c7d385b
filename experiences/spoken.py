"""What of a transcript may be public, and how it reads: names replaced, voices as the public knows them. No database.

A neutral form stands for an identifying word wherever an editor decided so (`IdentifierDecision`, state replaced). It
stands in captions and transcripts. In a recording the word itself is heard: no clip is made of such a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from media.captions import Cue
from media.transcript_text import clock

# Seconds. Marks are set in tenths, and times in transcripts are no more exact than that.
TOUCH = 0.1


class Replaced(Protocol):
    """An editor's decision that `text`, at code points `at` to `end` of a cue, is published as `neutral`."""

    at: int
    end: int
    text: str
    neutral: str


class Said(Protocol):
    """A cue of an interview's transcript."""

    pk: int
    start: float | None
    end: float | None
    speaker: str
    text: str


@dataclass(frozen=True)
class Extent:
    """The words of an excerpt: from a place in one cue to a place in another, in code points."""

    start_cue: int | None
    start_offset: int
    end_cue: int | None
    end_offset: int


def published(text: str, decisions: Iterable[Replaced], start: int = 0, end: int | None = None) -> str:
    """The code points `start` to `end` of a cue's `text`, with every neutral form in its place.

    Where the words are no longer at the place decided on (the transcript was corrected since), they are replaced
    wherever they stand in the cue.
    """
    end = len(text) if end is None else end
    out, position, moved = "", start, []
    for decision in sorted(decisions, key=lambda one: one.at):
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
    cues: Sequence[Said],
    *,
    start: float,
    end: float,
    extent: Extent,
    decisions: Mapping[int, Sequence[Replaced]],
    labels: Mapping[str, str],
) -> list[Cue]:
    """What is said in a clip from `start` to `end` (seconds of the interview), in the clip's own time.

    Of a cue that the clip holds in part, only the excerpt's words: the rest is not public. Of cues around the excerpt
    those that are heard for the most part. `cues` in order of the transcript, `labels` from voices to public names.
    """
    said: list[Cue] = []
    inside = False
    for cue in cues:
        inside = inside or cue.pk == extent.start_cue
        if cue.start is not None and cue.end is not None and cue.start < end and cue.end > start:
            whole = cue.start >= start - TOUCH and cue.end <= end + TOUCH
            heard = min(end, cue.end) - max(start, cue.start)
            if inside or whole or heard >= (cue.end - cue.start) / 2:
                first = extent.start_offset if cue.pk == extent.start_cue and not whole else 0
                last = extent.end_offset if cue.pk == extent.end_cue and not whole else None
                text = published(cue.text, decisions.get(cue.pk, ()), first, last)
                if text:
                    said.append(
                        Cue(
                            round(max(0.0, cue.start - start), 3),
                            round(min(end, cue.end) - start, 3),
                            labels.get(cue.speaker, ""),
                            text,
                        )
                    )
        inside = inside and cue.pk != extent.end_cue
    return said


def names_somebody(
    cues: Iterable[Said], start: float, end: float, decisions: Mapping[int, Sequence[Replaced]]
) -> bool:
    """Whether a word that is replaced in what is published may be heard from `start` to `end`.

    Nobody knows when in a cue a word falls: a cue that is heard at all counts as a whole.
    """
    return any(
        bool(decisions.get(cue.pk))
        and (cue.start is None or cue.end is None or min(end, cue.end) - max(start, cue.start) > TOUCH)
        for cue in cues
    )


def lines(
    cues: Iterable[Said], decisions: Mapping[int, Sequence[Replaced]], labels: Mapping[str, str]
) -> list[dict[str, object]]:
    """The whole transcript as its page keeps it: start, end, stamp, speaker, text, anchor ('' for none).

    `anchor`: 't134' for the first line of second 134.
    """
    made: list[dict[str, object]] = []
    anchored: set[str] = set()
    for cue in cues:
        text = published(cue.text, decisions.get(cue.pk, ()))
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
