"""The dashboard panel about consents that end soon and people with pages but without consent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from consent.expiring import due, without_consent

SHOWN = 8


class DuePanel(Component):
    """Lists consents that end soon. False if there is nothing to show."""

    name = "due_consents"
    template_name = "consent/admin/due.html"
    order = 60

    def __init__(self) -> None:
        self.due = due(60, since_days=30)
        self.missing = without_consent().count()

    def __bool__(self) -> bool:
        return bool(self.due or self.missing)

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        return {
            "due": self.due[:SHOWN],
            "more": max(0, len(self.due) - SHOWN),
            "missing": self.missing,
            "missing_url": reverse("wagtailsnippets_consent_person:list") + "?consent=missing",
            "ending_url": reverse("wagtailsnippets_consent_consent:list") + "?state=ending",
        }
