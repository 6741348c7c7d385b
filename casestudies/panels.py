"""Panels of the editor: what CARE asks, beside each field and as a list of what is missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from casestudies.care import CHECKLIST, SOURCE, ItemStatus, completeness


def asked(field: str, panel: type[FieldPanel] = FieldPanel, **kwargs: Any) -> FieldPanel:
    """A field with what the guideline asks of it: 'CARE 5b. The main symptoms, as the patient told them.'"""
    for item in CHECKLIST:
        if item.fields[0] == field or (field in item.fields and not item.any_of):
            return panel(field, help_text=f"CARE {item.number}. {item.asks}", **kwargs)
    raise LookupError(f"CARE asks for no field named '{field}': see casestudies.care.CHECKLIST.")


class CarePanel(Panel):
    """Which items of the checklist are missing. Advice: it never stops anybody from saving or publishing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", gettext_lazy("What CARE asks, and what is missing"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "casestudies/admin/care_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            statuses = completeness(self.instance.care_values())
            asked_for = [status for status in statuses if not status.item.optional]
            context |= {
                "missing": [status for status in asked_for if not status.complete],
                "optional": [s for s in statuses if s.item.optional and not s.complete],
                "done": len([status for status in asked_for if status.complete]),
                "total": len(asked_for),
                "source": SOURCE,
            }
            return context


def missing_in_words(statuses: list[ItemStatus]) -> str:
    """'3 of 29 items are missing: 4 Introduction, 7 Timeline, 12 Patient perspective', or that none is."""
    asked_for = [status for status in statuses if not status.item.optional]
    missing = [f"{status.item.number} {status.item.name}" for status in asked_for if not status.complete]
    if not missing:
        return _("Nothing is missing.")
    return _("%(n)s of %(total)s items are missing: %(items)s") % {
        "n": len(missing),
        "total": len(asked_for),
        "items": ", ".join(missing),
    }
