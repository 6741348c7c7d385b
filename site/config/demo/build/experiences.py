"""Stories and videos."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from config.demo.build import streams
from config.demo.build.people import person_of
from config.demo.build.workshop import Workshop, review
from config.demo.prose import Text
from experiences.models import FollowUp, StoryPage, VideoPage

# How a video was made: not stated where its file does not say.
MADE = ("interviewed_by", "edited_by", "checked_by", "told_because", "who_paid", "cuts")


def who(head: dict[str, Any], workshop: Workshop) -> dict[str, Any]:
    """What a story and a video share."""
    return {
        "title": head["title"],
        "slug": head["slug"],
        "person": person_of(head["key"], head["patient"]),
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
        "picture": workshop.find(f"picture-{head['picture']}"),
        "tone": head["tone"],
        **review(),
    }


def make_stories(workshop: Workshop) -> None:
    for text in workshop.content.stories:
        head = text.head
        day = date.fromisoformat(head["published"])
        workshop.publish(head["key"], "stories", partial(story, text, workshop), day, head["tags"])


def story(text: Text, workshop: Workshop) -> StoryPage:
    head = text.head
    before, during, after = (text.part(name) for name in ("Before", "Treatment", "After"))
    page = StoryPage(
        **who(head, workshop),
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
        before=streams.body(before.pieces, workshop),
        during=streams.body(during.pieces, workshop),
        after=streams.body(after.pieces, workshop),
    )
    page.conditions = workshop.conditions(head["conditions"])
    page.treatments = workshop.treatments(head["treatments"])
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


def make_videos(workshop: Workshop) -> None:
    for text in workshop.content.videos:
        day = date.fromisoformat(text.head["published"])
        workshop.publish(text.head["key"], "videos", partial(video, text.head, workshop), day)


def video(head: dict[str, Any], workshop: Workshop) -> VideoPage:
    page = VideoPage(
        **who(head, workshop),
        recording=workshop.find(f"recording-{head['recording']}"),
        summary=head["summary"],
        told_by=head["told_by"],
        measured_by_clinician=head.get("measured_by", ""),
        followed_months=head.get("months"),
        is_featured=head["featured"],
        **{name: head.get(name, "") for name in MADE},
    )
    page.conditions = workshop.conditions(head["conditions"])
    page.treatments = workshop.treatments(head["treatments"])
    return page
