"""A panel in the story editor: the interviews of its quotes, and words in them that may identify a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from experiences.compiling.warnings import open_warnings
from interviews.models import Interview
from interviews.progress import admin_url


class InterviewsPanel(Panel):
    """Shown for a story that was compiled. Reads the draft that the form edits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("From the interview"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "experiences/compiling/panel.html"

        def is_shown(self) -> bool:
            return bool(
                super().is_shown()
                and self.instance.pk
                and self.request.user.has_perm("interviews.change_interview")
                and self.instance.interviews.exists()
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            interviews: list[Interview] = list(self.instance.interviews.all())
            context["interviews"] = [
                (
                    interview,
                    admin_url("interviews_workbench", interview.pk),
                    admin_url("interviews_compile", interview.pk),
                )
                for interview in interviews
            ]
            context["warnings"] = open_warnings(self.instance)
            return context
