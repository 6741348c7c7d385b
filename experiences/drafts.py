"""What a draft shows of its interviews to the family that is asked to approve it, before it is public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wagtail.models import Page

from approval.models import ApprovalLink
from experiences.clips import quoted_interviews
from experiences.models import StoryInterview, StoryPage
from experiences.story_audio import StoryAudio, conversations, set_clips
from media.clip_tasks import enqueue_unfinished
from media.models import Clip


def ready_clips(link: ApprovalLink, page: Page) -> None:
    """Enqueue the clips of a draft's quotes and attach them to the link; they are removed when the link is
    closed.
    """
    if not isinstance(page, StoryPage):
        return
    clips = list(quoted_interviews(page).clips().values())
    link.clips.add(*clips)
    enqueue_unfinished(clips)


def show_clips(page: Page, context: dict[str, Any], link: ApprovalLink) -> None:
    """Give each quote of the draft its clip, and the page the transcripts that would be public with it."""
    if not isinstance(page, StoryPage):
        return
    quoted = quoted_interviews(page)
    redacted = page.redacted_parts
    by_moment: dict[tuple[str, float | None, float | None], Clip] = {
        (clip.source, clip.start, clip.end): clip for clip in link.clips.all() if clip.is_ready
    }
    clips: dict[str, Clip] = {}
    for quote in quoted.quotes:
        excerpt = quoted.excerpts.get(quote.excerpt)
        if excerpt is None or f"clip:{quote.block_id}" in redacted:
            continue
        source = str(quoted.publishers[excerpt.interview_id].interview.recording.name)
        if clip := by_moment.get((source, quote.start, quote.end)):
            clips[quote.block_id] = clip
    set_clips(page, clips)
    records = [
        StoryInterview(page=page, interview=publisher.interview, position=position, **publisher.record())
        for position, publisher in enumerate(quoted.publishers.values())
    ]
    transcripts = conversations(page, records, list(clips.values()))
    earlier = context.get("audio") or StoryAudio()
    context["audio"] = replace(earlier, records=records, transcripts=transcripts, has_clips=bool(clips))
