"""What a draft shows of its interviews to the family that is asked about it, before anything of it is public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q

from approval.models import ApprovalLink
from experiences.clips import Conversation, Heard, Quote, _Known, _lines, quotes_of
from experiences.excerpt_quotes import BLOCK
from experiences.models import StoryInterview, StoryPage
from interviews.models import Excerpt, Interview
from media.clip_tasks import enqueue_unfinished
from media.models import Clip


def ready_clips(link: ApprovalLink, page: Any) -> None:
    """Have the clips of a draft's quotes cut, and hold them by the link: they are removed when it is closed."""
    if not isinstance(page, StoryPage):
        return
    quotes, excerpts, known = _read(page)
    clips = [
        clip
        for quote in quotes
        if (excerpt := excerpts.get(quote.excerpt))
        and (clip := known[excerpt.interview_id].clip(quote, excerpt))
    ]
    link.clips.add(*clips)
    enqueue_unfinished(clips)


def show_clips(page: Any, context: dict[str, Any], link: ApprovalLink) -> None:
    """Give each quote of the draft its clip, and the page the transcripts that would be public with it."""
    if not isinstance(page, StoryPage):
        return
    quotes, excerpts, known = _read(page)
    withheld = page.redacted_parts
    moments: dict[tuple[str, float | None, float | None], Clip] = {
        (clip.source, clip.start, clip.end): clip for clip in link.clips.all() if clip.is_ready
    }
    heard: dict[str, Clip] = {}
    for quote in quotes:
        excerpt = excerpts.get(quote.excerpt)
        if excerpt is None or f"clip:{quote.block_id}" in withheld:
            continue
        source = str(known[excerpt.interview_id].interview.recording.name)
        if clip := moments.get((source, quote.start, quote.end)):
            heard[quote.block_id] = clip
    for stream in page.streams:
        for child in stream:
            if child.block_type == BLOCK:
                child.value.clip = heard.get(str(child.id))
    records = [
        StoryInterview(page=page, interview=one.interview, position=place, **one.record())
        for place, one in enumerate(known.values())
    ]
    transcripts = [
        Conversation(record.language, _lines(record, list(heard.values()), anchored=record.position == 0))
        for record in records
        if record.lines and f"transcript:{record.interview_id}" not in withheld
    ]
    before = context.get("heard") or Heard()
    context["heard"] = replace(before, records=records, transcripts=transcripts, has_clips=bool(heard))


def _read(page: StoryPage) -> tuple[list[Quote], dict[int, Excerpt], dict[int, _Known]]:
    quotes = quotes_of(page)
    excerpts = Excerpt.objects.select_related("interview").in_bulk({quote.excerpt for quote in quotes})
    used = dict.fromkeys(excerpts[one.excerpt].interview_id for one in quotes if one.excerpt in excerpts)
    interviews = Interview.objects.filter(Q(pk__in=used) | Q(story_id=page.pk)).prefetch_related(
        "contributors"
    )
    found = {interview.pk: interview for interview in interviews}
    order = [pk for pk in [*used, *(pk for pk in found if pk not in used)] if pk in found]
    return quotes, excerpts, {pk: _Known(found[pk]) for pk in order}
