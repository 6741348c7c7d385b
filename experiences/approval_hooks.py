"""Adds the clips and transcripts of a story's interviews to the draft that a family is asked to approve."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from approval.events import draft_rendering, link_created
from approval.models import ApprovalLink
from experiences.drafts import ready_clips, show_clips
from experiences.models import StoryPage


def prepare_clips(link: ApprovalLink, page: Page, **_rest: object) -> None:
    """Have the clips of the draft cut when a link to it is created."""
    if isinstance(page, StoryPage):
        ready_clips(link, page)


def add_clips(link: ApprovalLink, page: Page, context: dict[str, Any], **_rest: object) -> None:
    """Give the draft its clips and transcripts when it is rendered."""
    if isinstance(page, StoryPage):
        show_clips(page, context, link)


def connect_signals() -> None:
    """Connect the receivers of this module."""
    link_created.connect(prepare_clips, dispatch_uid="experiences.approval.link_created")
    draft_rendering.connect(add_clips, dispatch_uid="experiences.approval.draft_rendering")
