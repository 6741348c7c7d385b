"""Stories and videos."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from demo.parts import streams
from demo.parts.people import person_of
from demo.prose import Text
from demo.site_builder import SiteBuilder, review
from experiences.models import FollowUp, StoryPage, VideoPage

# How a video was made. Empty where its file does not say.
MADE = ("interviewed_by", "edited_by", "checked_by", "told_because", "who_paid", "cuts")


def shared_fields(head: dict[str, Any], builder: SiteBuilder) -> dict[str, Any]:
    """Return the fields that stories and videos share."""
    return {
        "title": head["title"],
        "slug": head["slug"],
        "person": builder.find(f"person-{head['key']}") or person_of(head["key"], head["patient"]),
        "patient_name": head["patient"],
        "name_is_pseudonym": head["pseudonym"],
        "country": head["country"],
        "age_at_treatment": head["age"],
        "diagnosis": head["diagnosis"],
        "treatment_received": head["received"],
        "outcome": head["outcome"],
        "outcome_text": head["outcome_text"],
        "listing_text": head["listing"],
        "search_description": head["listing"],
        "picture": builder.find(f"picture-{head['picture']}"),
        "tone": head["tone"],
        **review(),
    }


def make_stories(builder: SiteBuilder) -> None:
    for text in builder.content.stories:
        head = text.head
        day = date.fromisoformat(head["published"])
        builder.publish(head["key"], "stories", partial(story, text, builder), day, head["tags"])


def story(text: Text, builder: SiteBuilder) -> StoryPage:
    head = text.head
    before, during, after = (text.part(name) for name in ("Before", "Treatment", "After"))
    page = StoryPage(
        **shared_fields(head, builder),
        lede=head["lede"],
        teller_name=head["teller"],
        relation=head["relation"],
        origin=head["origin"],
        interviewed_by=head["interviewed_by"],
        edited_by=head["edited_by"],
        checked_by=head["checked_by"],
        told_because=head["told_because"],
        who_paid=head["who_paid"],
        before_heading=before.heading,
        during_heading=during.heading,
        after_heading=after.heading,
        before=streams.body(before.pieces, builder),
        during=streams.body(during.pieces, builder),
        after=streams.body(after.pieces, builder),
    )
    page.conditions = builder.conditions(head["conditions"])
    page.treatments = builder.treatments(head["treatments"])
    page.follow_ups = [  # type: ignore[misc] # the stubs take it for a class variable
        FollowUp(
            sort_order=number,
            months=entry["months"],
            reported_by=entry.get("by", ""),
            observation=entry["text"],
            outcome=entry.get("outcome", ""),
            outcome_text=entry.get("outcome_text", ""),
        )
        for number, entry in enumerate(head["follow_ups"])
    ]
    return page


def make_videos(builder: SiteBuilder) -> None:
    for text in builder.content.videos:
        day = date.fromisoformat(text.head["published"])
        builder.publish(text.head["key"], "videos", partial(video, text.head, builder), day)


def video(head: dict[str, Any], builder: SiteBuilder) -> VideoPage:
    page = VideoPage(
        **shared_fields(head, builder),
        recording=builder.find(f"recording-{head['recording']}"),
        summary=head["summary"],
        told_by=head["told_by"],
        measured_by_clinician=head.get("measured_by", ""),
        followed_months=head.get("months"),
        is_featured=head["featured"],
        **{name: head.get(name, "") for name in MADE},
    )
    page.conditions = builder.conditions(head["conditions"])
    page.treatments = builder.treatments(head["treatments"])
    return page
