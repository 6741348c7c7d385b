"""What a published story shows of its interviews: a clip for each quote, the transcript where consent allows it.

All is read off when the story is published (`read_interviews`), so that a request only reads it (`Heard`).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from wagtail.models import Page

from experiences import spoken
from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryClip, StoryInterview, StoryPage
from interviews.models import Excerpt, IdentifierDecision, Interview
from interviews.models.interview import Role
from media.clip_tasks import enqueue_unfinished, remove_unused_clips
from media.clips import LONGEST
from media.models import Clip
from media.on_commit import after_commit
from publication import gate
from publication.models import Clearance

logger = logging.getLogger(__name__)

# The alias in STORAGES under which interviews keep their recordings (`Interview.recording`).
STORAGE = "private"
Decisions = Mapping[int, list[IdentifierDecision]]


@dataclass(frozen=True)
class Quote:
    """A quote block of a story, as stored."""

    block_id: str
    excerpt: int
    start: float | None
    end: float | None


def quotes_of(page: StoryPage) -> list[Quote]:
    """The quotes of a story that lead to an excerpt, in order."""
    return [
        Quote(str(item.get("id", "")), value["excerpt"], value.get("start"), value.get("end"))
        for stream in page.streams
        for item in stream.raw_data
        if item.get("type") == BLOCK and isinstance((value := item.get("value") or {}).get("excerpt"), int)
    ]


# When a story is published ----------------------------------------------------------------------------------


def read_interviews(page_id: int) -> None:
    """Make a published story's clips and records of its interviews what they must be now. Cutting follows in the queue.

    What is as it was stays as it is: an unchanged clip is not cut again. Clips that no story uses any more are removed.
    """
    with transaction.atomic():
        # Held: a story that is withdrawn meanwhile is withdrawn before this or after it, never in the middle.
        # The row that all kinds of pages have, and first: as whoever withdraws does.
        list(Page.objects.select_for_update().filter(pk=page_id).values_list("pk"))
        page = StoryPage.objects.filter(pk=page_id).first()
        if page is None or not page.live:
            forget_interviews(page_id)
            return
        # Asked of the consents themselves, as they are now: whatever brought us here, nothing is cut without.
        clearance = gate.write_clearance(page) if Clearance.objects.filter(page=page_id).exists() else None
        page.forget_clearance()
        if clearance is None:
            forget_interviews(page_id)
            return
        withheld = clearance.redacted()
        quotes = [quote for quote in quotes_of(page) if f"block:{quote.block_id}" not in withheld]
        excerpts = Excerpt.objects.select_related("interview").in_bulk({quote.excerpt for quote in quotes})
        used = dict.fromkeys(excerpts[q.excerpt].interview_id for q in quotes if q.excerpt in excerpts)
        interviews = list(
            Interview.objects.filter(Q(pk__in=used) | Q(story_id=page_id)).prefetch_related("contributors")
        )
        known = {interview.pk: _Known(interview) for interview in interviews}
        wanted: dict[str, Clip] = {}
        for quote in quotes:
            excerpt = excerpts.get(quote.excerpt)
            if f"clip:{quote.block_id}" in withheld:
                continue
            if excerpt and (clip := known[excerpt.interview_id].clip(quote, excerpt)):
                wanted[quote.block_id] = clip
        _link(page_id, wanted)
        order = list(used) + [pk for pk in known if pk not in used]
        _record(page_id, [known[pk] for pk in order], withheld)
        enqueue_unfinished(list(wanted.values()))
        after_commit(remove_unused_clips.enqueue)


def forget_interviews(page_id: int) -> None:
    """A story is public no longer: neither are its clips and transcripts."""
    with transaction.atomic():
        dropped, _by_model = StoryClip.objects.filter(page_id=page_id).delete()
        StoryInterview.objects.filter(page_id=page_id).delete()
        if dropped:
            after_commit(remove_unused_clips.enqueue)


def reread(interview: Interview) -> None:
    """Something was decided about an interview: what is public of it follows at once."""
    stories = StoryInterview.objects.filter(interview=interview).values_list("page_id", flat=True)
    for page_id in set(stories):
        after_commit(read_interviews, page_id)


class _Known:
    """One interview with what is needed to publish parts of it: its cues are read once."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        decided: defaultdict[int, list[IdentifierDecision]] = defaultdict(list)
        for decision in interview.identifier_decisions.filter(state=IdentifierDecision.State.REPLACED):
            decided[decision.cue_id].append(decision)
        self.decisions: Decisions = decided
        self.cues = list(interview.cues.order_by("position"))
        self.labels = _labels(interview, dict.fromkeys(cue.speaker for cue in self.cues))

    def clip(self, quote: Quote, excerpt: Excerpt) -> Clip | None:
        """The clip of a quote; None where there is nothing to hear, or something that must not be heard."""
        interview = self.interview
        start, end = quote.start, quote.end
        if not interview.recording or start is None or end is None or not 0 <= start < end <= start + LONGEST:
            return None
        heard = [
            cue for cue in self.cues if cue.start is None or (cue.start < end and (cue.end or 0) > start)
        ]
        if spoken.names_somebody(heard, start, end, self.decisions):
            logger.info("No clip of excerpt %s: it may name somebody.", excerpt.pk)
            return None
        extent = spoken.Extent(
            excerpt.start_cue_id, excerpt.start_offset, excerpt.end_cue_id, excerpt.end_offset
        )
        said = spoken.captions(
            self.cues, start=start, end=end, extent=extent, decisions=self.decisions, labels=self.labels
        )
        return Clip.objects.wanted(
            storage=STORAGE,
            source=str(interview.recording.name),
            start=start,
            end=end,
            kind=interview.recording_kind or "audio",
            cues=said,
            language=interview.language,
        )

    def record(self, withheld: Collection[str] = ()) -> dict[str, Any]:
        interview = self.interview
        whole = interview.full_transcript_allowed and f"transcript:{interview.pk}" not in withheld
        return {
            "interviewer": interview.interviewer,
            "employer": interview.interviewer_employer,
            "held_in": interview.held_on.year if interview.held_on else None,
            "language": interview.language,
            "source": str(interview.recording.name or ""),
            "lines": spoken.lines(self.cues, self.decisions, self.labels) if whole else [],
        }


def _labels(interview: Interview, voices: Iterable[str]) -> dict[str, str]:
    """What the public reads in place of each voice of the transcript: a label given, else the role, else a number.

    Never the transcript's own word for the voice: some transcripts name people.
    """
    given = {
        one.speaker: one.public_label or (str(Role(one.role).label) if one.role in Role.values else "")
        for one in interview.contributors.all()
        if one.speaker
    }
    labels, number = {"": ""}, 0
    for voice in voices:
        if voice and not given.get(voice):
            number += 1
        if voice:
            labels[voice] = given.get(voice) or gettext("Voice %(number)s") % {"number": number}
    return labels


def _link(page_id: int, wanted: Mapping[str, Clip]) -> None:
    links = {link.block_id: link for link in StoryClip.objects.filter(page_id=page_id)}
    gone = [link.pk for block_id, link in links.items() if block_id not in wanted]
    StoryClip.objects.filter(pk__in=gone).delete()
    for block_id, clip in wanted.items():
        link = links.get(block_id)
        if link is None:
            StoryClip.objects.create(page_id=page_id, block_id=block_id, clip=clip)
        elif link.clip_id != clip.pk:
            StoryClip.objects.filter(pk=link.pk).update(clip=clip)


def _record(page_id: int, known: list[_Known], withheld: Collection[str]) -> None:
    StoryInterview.objects.filter(page_id=page_id).exclude(
        interview__in=[one.interview.pk for one in known]
    ).delete()
    for position, one in enumerate(known):
        StoryInterview.objects.update_or_create(
            page_id=page_id, interview=one.interview, defaults={"position": position, **one.record(withheld)}
        )


# When a story is read ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of a public transcript. `url`: its moment in a clip that holds it, `at` seconds in; else ''."""

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
    lines: list[Line]


@dataclass(frozen=True)
class Heard:
    """What a story's page shows of its interviews beside the quotes."""

    records: list[StoryInterview] = field(default_factory=list)
    transcripts: list[Conversation] = field(default_factory=list)
    has_clips: bool = False


def heard_in(page: StoryPage) -> Heard:
    """Give each quote of the page its clip (`value.clip`), and read what else is kept: two queries, none without quotes."""
    quotes = [child for stream in page.streams for child in stream if child.block_type == BLOCK]
    if not quotes or not page.pk:
        return Heard()
    links = StoryClip.objects.filter(page_id=page.pk).select_related("clip")
    withheld = page.redacted_parts
    clips = {link.block_id: link.clip for link in links if f"clip:{link.block_id}" not in withheld}
    for quote in quotes:
        quote.value.clip = clips.get(str(quote.id))
    records = list(StoryInterview.objects.filter(page_id=page.pk))
    ready = [clip for clip in clips.values() if clip.is_ready]
    transcripts = [
        Conversation(record.language, _lines(record, ready, anchored=record.position == 0))
        for record in records
        if record.lines and f"transcript:{record.interview_id}" not in withheld
    ]
    return Heard(records, transcripts, bool(ready))


def _lines(record: StoryInterview, clips: list[Clip], *, anchored: bool) -> list[Line]:
    # Two interviews on one page share moments: only the first one's lines have addresses.
    clips = [clip for clip in clips if clip.source == record.source]
    lines = []
    for line in record.lines:
        start = line["start"]
        clip = None
        if start is not None:
            clip = next((one for one in clips if one.start - 0.05 <= start < one.end - 0.05), None)
        lines.append(
            Line(
                start,
                line["stamp"],
                line["speaker"],
                line["text"],
                line["anchor"] if anchored else "",
                clip.url if clip else "",
                round(max(0.0, start - clip.start), 2) if clip else 0.0,
            )
        )
    return lines
