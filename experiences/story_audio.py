"""What a visitor's request reads of a story's interviews: clips for its quotes, records and whole
transcripts.

All of it was prepared when the story was published (`experiences.clips`); a request only reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryClip, StoryInterview, StoryPage
from media.models import Clip
from queries.prepared import Prepared

# Seconds: times in transcripts are no more exact than this.
TOLERANCE = 0.05


@dataclass(slots=True)
class TranscriptLine:
    """A line of a public transcript.

    `url`: a clip that contains the line, which begins `at` seconds in; or ''.
    """

    start: float | None
    stamp: str
    speaker: str
    text: str
    anchor: str
    url: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Conversation:
    """A whole transcript."""

    language: str
    lines: list[TranscriptLine]


@dataclass(frozen=True)
class StoryAudio:
    """What a story's page shows of its interviews in addition to the quotes."""

    records: list[StoryInterview] = field(default_factory=list)
    transcripts: list[Conversation] = field(default_factory=list)
    has_clips: bool = False


def audio_for(page: StoryPage) -> StoryAudio:
    """Set the clip of each quote of `page` (`value.clip`) and return what else it shows of its interviews.

    Two queries; none for a story without quotes from interviews.
    """
    if not page.pk or not any(child.block_type == BLOCK for stream in page.streams for child in stream):
        return StoryAudio()
    links = _links(page=page.pk)
    withheld = page.redacted_parts
    clips = {link.block_id: link.clip for link in links if f"clip:{link.block_id}" not in withheld}
    set_clips(page, clips)
    records = _records(page=page.pk)
    ready = [clip for clip in clips.values() if clip.is_ready]
    return StoryAudio(records, conversations(page, records, ready), bool(ready))


_links = Prepared(lambda page: StoryClip.objects.filter(page_id=page).select_related("clip"))
_records = Prepared(lambda page: StoryInterview.objects.filter(page_id=page))


def set_clips(page: StoryPage, clips: Mapping[str, Clip]) -> None:
    """Give each quote of `page` its clip, by the id of its block."""
    for stream in page.streams:
        for child in stream:
            if child.block_type == BLOCK:
                child.value.clip = clips.get(str(child.id))


def conversations(
    page: StoryPage, records: Iterable[StoryInterview], clips: Sequence[Clip]
) -> list[Conversation]:
    """Return the whole transcripts that `page` may show. `clips`: those whose moments the lines link to."""
    return [
        Conversation(record.language, _lines(record, clips, anchored=record.position == 0))
        for record in records
        if record.lines and f"transcript:{record.interview_id}" not in page.redacted_parts
    ]


def _lines(record: StoryInterview, clips: Sequence[Clip], *, anchored: bool) -> list[TranscriptLine]:
    # Two interviews on one page have the same moments, so only the lines of the first have anchors.
    clips = [clip for clip in clips if clip.source == record.source]
    lines = []
    for line in record.lines:
        clip = _clip_at(line["start"], clips)
        lines.append(
            TranscriptLine(
                line["start"],
                line["stamp"],
                line["speaker"],
                line["text"],
                line["anchor"] if anchored else "",
                clip.url if clip else "",
                round(max(0.0, line["start"] - clip.start), 2) if clip else 0.0,
            )
        )
    return lines


def _clip_at(moment: float | None, clips: Iterable[Clip]) -> Clip | None:
    if moment is None:
        return None
    return next((clip for clip in clips if clip.start - TOLERANCE <= moment < clip.end - TOLERANCE), None)
