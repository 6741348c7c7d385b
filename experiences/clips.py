"""Prepare what a published story shows of its interviews: a clip for each quote, whole transcripts with
consent.

This happens when the story is published (`read_interviews`), so that a request only reads it
(`experiences.story_audio`).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import Page

from experiences import transcript_text
from experiences.excerpt_quotes import BLOCK
from experiences.interview_identifiers import cues_of, replaced_in
from experiences.models import StoryClip, StoryInterview, StoryPage
from interviews.models import Excerpt, IdentifierDecision, Interview
from interviews.models.interview import Role
from interviews.speaker_consent import excerpts_by_key
from media.clip_tasks import enqueue_unfinished, remove_unused_clips
from media.clips import LONGEST
from media.models import Clip
from media.on_commit import after_commit
from publication import gate
from publication.models import Clearance
from queries.kept import Lookup

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
    """Return the quotes of a story that are tied to an excerpt, in order."""
    return [
        Quote(str(item.get("id", "")), value["excerpt"], value.get("start"), value.get("end"))
        for stream in page.streams
        for item in stream.raw_data
        if item.get("type") == BLOCK and isinstance((value := item.get("value") or {}).get("excerpt"), int)
    ]


@dataclass(frozen=True)
class QuotedInterviews:
    """The quotes of a story, their excerpts by key, and the publishers of its interviews in the story's
    order.
    """

    quotes: list[Quote]
    excerpts: Mapping[int, Excerpt]
    publishers: Mapping[int, InterviewPublisher]

    def clips(self, excluded: Collection[str] = ()) -> dict[str, Clip]:
        """Return the clip of each quote that has one, by the id of its block.

        `excluded`: parts that are redacted.
        """
        clips = {}
        for quote in self.quotes:
            excerpt = self.excerpts.get(quote.excerpt)
            if excerpt is None or f"clip:{quote.block_id}" in excluded:
                continue
            if clip := self.publishers[excerpt.interview_id].clip(quote, excerpt):
                clips[quote.block_id] = clip
        return clips


def quoted_interviews(page: StoryPage, excluded: Collection[str] = ()) -> QuotedInterviews:
    """Read a story's quotes and interviews: those quoted, in the order of the quotes, then others compiled
    into it.

    `excluded`: names of parts that are redacted; their quotes are left out.
    """
    quotes = [quote for quote in quotes_of(page) if f"block:{quote.block_id}" not in excluded]
    found = excerpts_by_key.of_all(quote.excerpt for quote in quotes)
    excerpts = {key: excerpt for key, excerpt in found.items() if excerpt is not None}
    quoted = dict.fromkeys(excerpts[q.excerpt].interview_id for q in quotes if q.excerpt in excerpts)
    by_id = {
        interview.pk: interview
        for interview in page.quoted_interviews()
        if interview.pk in quoted or interview.story_id == page.pk
    }
    order = [pk for pk in [*quoted, *(pk for pk in by_id if pk not in quoted)] if pk in by_id]
    return QuotedInterviews(quotes, excerpts, {pk: InterviewPublisher(by_id[pk]) for pk in order})


def has_interviews(page: StoryPage) -> bool:
    """Return whether a story has clips or interviews to bring up to date. Three queries where it has none."""
    return bool(page.quoted_interviews() or links_of.of(page.pk) or is_recorded.of(page.pk))


def story_was_published(page: StoryPage) -> None:
    """Bring the clips and interview records of a story up to date, in the transaction that published it.

    It was just saved, with its clearance: its row is locked, and its consents cannot change any more.
    """
    if page.clearance_now is None:
        forget_interviews(page.pk)
    else:
        _update(page, page.clearance_now)


@transaction.atomic
def read_interviews(page_id: int) -> None:
    """Bring a published story's clips and interview records up to date. New clips are cut by the task queue.

    An unchanged clip is not cut again. Clips that no story uses any more are removed. For a story that is not
    public, everything is removed.
    """
    # Lock the row of the Page table first, as a withdrawal does. A story that is withdrawn meanwhile is
    # withdrawn before this transaction or after it, never in the middle.
    list(Page.objects.select_for_update().filter(pk=page_id).values_list("pk"))
    page = StoryPage.objects.filter(pk=page_id).first()
    clearance = None
    if page is not None and page.live and Clearance.objects.filter(page=page_id).exists():
        # Ask the consents as they are now: without them no clip may be cut, whatever led here.
        clearance = gate.write_clearance(page)
    if page is not None:
        page.forget_clearance()
    if page is None or clearance is None:
        forget_interviews(page_id)
        return
    _update(page, clearance)


def _update(page: StoryPage, clearance: Clearance) -> None:
    redacted = clearance.redacted()
    quoted = quoted_interviews(page, redacted)
    clips = quoted.clips(redacted)
    is_any_unlinked = _link(page.pk, clips)
    _record(page.pk, list(quoted.publishers.values()), redacted)
    enqueue_unfinished(list(clips.values()))
    if is_any_unlinked:
        after_commit(remove_unused_clips.enqueue)


def forget_interviews(page_id: int) -> None:
    """Remove the clips and interview records of a story that is no longer public."""
    with transaction.atomic():
        dropped, _by_model = StoryClip.objects.filter(page_id=page_id).delete()
        StoryInterview.objects.filter(page_id=page_id).delete()
        if dropped:
            after_commit(remove_unused_clips.enqueue)


def reread(interview: Interview) -> None:
    """Update the published stories of an interview after a decision about it."""
    stories = StoryInterview.objects.filter(interview=interview).values_list("page_id", flat=True)
    for page_id in set(stories):
        after_commit(read_interviews, page_id)


class InterviewPublisher:
    """Publishes parts of one interview. Its cues and decisions are read once."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        decided: defaultdict[int, list[IdentifierDecision]] = defaultdict(list)
        for decision in replaced_in(interview):
            decided[decision.cue_id].append(decision)
        self.decisions: Decisions = decided
        self.cues = cues_of(interview)
        self.labels = _labels(interview, dict.fromkeys(cue.speaker for cue in self.cues))

    def clip(self, quote: Quote, excerpt: Excerpt) -> Clip | None:
        """Return the clip of a quote; None without a recording, or where a name that is replaced could be
        heard.
        """
        interview = self.interview
        start, end = quote.start, quote.end
        if not interview.recording or start is None or end is None or not 0 <= start < end <= start + LONGEST:
            return None
        audible = [
            cue for cue in self.cues if cue.start is None or (cue.start < end and (cue.end or 0) > start)
        ]
        if transcript_text.contains_replaced_name(audible, start, end, self.decisions):
            logger.info("No clip of excerpt %s: a replaced name could be heard.", excerpt.pk)
            return None
        extent = transcript_text.Extent(
            excerpt.start_cue_id, excerpt.start_offset, excerpt.end_cue_id, excerpt.end_offset
        )
        captions = transcript_text.captions(
            self.cues, start=start, end=end, extent=extent, decisions=self.decisions, labels=self.labels
        )
        return Clip.objects.wanted(
            storage=STORAGE,
            source=str(interview.recording.name),
            start=start,
            end=end,
            kind=interview.recording_kind or "audio",
            cues=captions,
            language=interview.language,
        )

    def record(self, excluded: Collection[str] = ()) -> dict[str, Any]:
        """Return the fields of a StoryInterview. `excluded`: names of parts that are redacted."""
        interview = self.interview
        whole = interview.full_transcript_allowed and f"transcript:{interview.pk}" not in excluded
        return {
            "interviewer": interview.interviewer,
            "employer": interview.interviewer_employer,
            "held_in": interview.held_on.year if interview.held_on else None,
            "language": interview.language,
            "source": str(interview.recording.name or ""),
            "lines": transcript_text.lines(self.cues, self.decisions, self.labels) if whole else [],
        }


def _labels(interview: Interview, speakers: Iterable[str]) -> dict[str, str]:
    """Return the public name of each speaker of the transcript: a label given, else the role, else a number.

    Never the transcript's own label: some transcripts contain real names.
    """
    given = {
        contributor.speaker: contributor.public_label
        or (str(Role(contributor.role).label) if contributor.role in Role.values else "")
        for contributor in interview.contributors.all()
        if contributor.speaker
    }
    labels, number = {"": ""}, 0
    for speaker in speakers:
        if speaker and not given.get(speaker):
            number += 1
        if speaker:
            labels[speaker] = given.get(speaker) or gettext("Voice %(number)s") % {"number": number}
    return labels


def _read_links(pages: Collection[int]) -> dict[int, list[StoryClip]]:
    found: defaultdict[int, list[StoryClip]] = defaultdict(list)
    for link in StoryClip.objects.filter(page_id__in=pages):
        found[link.page_id].append(link)
    return found


def _read_recorded(pages: Collection[int]) -> dict[int, bool]:
    recorded = StoryInterview.objects.filter(page_id__in=pages).values_list("page_id", flat=True)
    return dict.fromkeys(recorded, True)


# By story, as it was before it is published: its clips, and whether any interview is recorded for it.
links_of: Lookup[int, list[StoryClip]] = Lookup(_read_links, [])
is_recorded: Lookup[int, bool] = Lookup(_read_recorded, False)


def _link(page_id: int, clips: Mapping[str, Clip]) -> bool:
    """Store which quotes have which clips. Return whether a clip that was shown is not shown any more."""
    links = {link.block_id: link for link in links_of.of(page_id)}
    unused = [link.pk for block_id, link in links.items() if block_id not in clips]
    is_any_unlinked = bool(unused)
    if unused:
        StoryClip.objects.filter(pk__in=unused).delete()
    for block_id, clip in clips.items():
        link = links.get(block_id)
        if link is None:
            StoryClip.objects.create(page_id=page_id, block_id=block_id, clip=clip)
        elif link.clip_id != clip.pk:
            StoryClip.objects.filter(pk=link.pk).update(clip=clip)
            is_any_unlinked = True
    return is_any_unlinked


def _record(page_id: int, publishers: list[InterviewPublisher], redacted: Collection[str]) -> None:
    interviews = [publisher.interview for publisher in publishers]
    if not interviews and not is_recorded.of(page_id):
        return
    StoryInterview.objects.filter(page_id=page_id).exclude(interview__in=interviews).delete()
    for position, publisher in enumerate(publishers):
        StoryInterview.objects.update_or_create(
            page_id=page_id,
            interview=publisher.interview,
            defaults={"position": position, **publisher.record(redacted)},
        )
