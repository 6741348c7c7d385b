"""Panels of the editor: what CARE asks, beside each field and as a list of what is missing."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.admin.staticfiles import versioned_static

from casestudies.care import CHECKLIST, SOURCE, ItemStatus, answered, completeness
from casestudies.forms import FIELD, GapReasonsInput, given_reasons, input_name, posted_values


def asked(field: str, panel: type[FieldPanel] = FieldPanel, **kwargs: Any) -> FieldPanel:
    """Return the panel of a field with what the guideline asks of it as its help text."""
    for item in CHECKLIST:
        if item.fields[0] == field or (field in item.fields and not item.any_of):
            return panel(field, help_text=item.asks, **kwargs)
    raise LookupError(f"CARE asks for no field named '{field}': see casestudies.care.CHECKLIST.")


class CarePanel(Panel):
    """The checklist: what is missing as one types, what the guideline asks, and a place for the reason of
    each gap.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", gettext_lazy("What the CARE guideline asks, and what is missing"))
        super().__init__(**kwargs)

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": [FIELD], "widgets": {FIELD: GapReasonsInput()}}

    class BoundPanel(Panel.BoundPanel):
        template_name = "casestudies/admin/care_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            reasons = given_reasons(self.form)
            statuses = completeness(posted_values(self.form))
            done, total = answered(statuses)
            problems = {gap.item.number: str(gap) for gap in getattr(self.form, "open_gaps", ())}
            context |= {
                "lines": [
                    {
                        "item": status.item,
                        "complete": status.complete,
                        "name": input_name(status.item.number),
                        "reason": reasons.get(status.item.number, ""),
                        "problem": problems.get(status.item.number, ""),
                    }
                    for status in statuses
                ],
                "done": done,
                "total": total,
                "source": SOURCE,
                "state_url": reverse("casestudies_care_state", args=[self.instance.pk or 0]),
            }
            return context

        @property
        def media(self) -> Media:
            return Media(js=[versioned_static("firsthand-admin/care.js")])


def missing_in_words(statuses: list[ItemStatus]) -> str:
    """Return '3 of 29 items are missing: Introduction, Timeline, Patient perspective', or that none is."""
    asked_for = [status for status in statuses if not status.item.optional]
    missing = [str(status.item.name) for status in asked_for if not status.complete]
    if not missing:
        return _("Nothing is missing.")
    return _("%(n)s of %(total)s items are missing: %(items)s") % {
        "n": len(missing),
        "total": len(asked_for),
        "items": ", ".join(missing),
    }
