"""The panel in the editor of a page about a person: the family's notes, and a link to the checklist."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from approval.notes import notes_on


class FamilyPanel(Panel):
    """A panel above the content, shown once the page has been saved."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Before publication"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "approval/admin/family_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["notes"] = notes_on(self.instance, open_only=True)
            context["checklist_url"] = reverse("publication_checklist", args=[self.instance.pk])
            context["act_url"] = reverse("publication_checklist_act", args=[self.instance.pk])
            return context
