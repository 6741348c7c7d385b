"""Panels of an interview's form that are not fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from wagtail.admin.panels import Panel

from interviews.models import Excerpt, Transcript
from interviews.progress import admin_url, next_step
from media.transcript_text import clock


class ProgressPanel(Panel):
    """The progress of an interview: next step, transcript, recording, and excerpts that lost their place."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "interviews/progress_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        @property
        def media(self) -> forms.Media:
            return forms.Media(css={"all": ["firsthand-admin/interviews.css"]})

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            interview = self.instance
            lost = list(interview.excerpts.kept().filter(placed=False).in_story_order())
            workbench = admin_url("interviews_workbench", interview.pk)
            context.update(
                interview=interview,
                step=next_step(interview, lost=len(lost)),
                lost=[LostExcerpt(one, workbench) for one in lost],
                workbench=workbench if interview.cues.exists() else "",
                cues=interview.cues.count(),
                transcript=Transcript.objects.filter(interview=interview).first(),
                import_url=reverse("interviews_import", args=[interview.pk]),
                recording_url=reverse("interviews_recording", args=[interview.pk])
                if interview.recording
                else "",
                is_video=interview.recording_kind == "video",
                length=clock(interview.duration),
            )
            return context


class LostExcerpt:
    """An excerpt without a place, and the URL where the editor can place it again."""

    def __init__(self, excerpt: Excerpt, workbench: str) -> None:
        self.text = excerpt.verbatim if len(excerpt.verbatim) < 300 else f"{excerpt.verbatim[:300]} …"
        self.speaker = excerpt.speaker
        self.section = excerpt.get_section_display()
        self.url = f"{workbench}#excerpt-{excerpt.pk}" if workbench else ""
