"""The warning on the dashboard while nothing about people is shown, or the ledger cannot be written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from ledger import guard
from ledger.models import LedgerEntry, LedgerState


class ClosedPanel(Component):
    """Says what is wrong with the ledger, and what to do."""

    name = "ledger_closed"
    template_name = "ledger/closed_panel.html"
    order = 5

    def __init__(self, problems: Sequence[guard.Problem]) -> None:
        self.problems = problems

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the problems."""
        return {
            **super().get_context_data(parent_context),
            "problems": self.problems,
            "is_open": guard.is_open(),
        }


@hooks.register("construct_homepage_panels")
def add_closed_panel(_request: HttpRequest, panels: list[Any]) -> None:
    """Warn every user of the admin: any of them can tell an operator."""
    guard.look_again()
    found = list(guard.problems())
    if LedgerEntry.objects.filter(is_written=False).exists() and LedgerState.objects.exists():
        found.append(guard.Problem("unwritten", guard.UNWRITTEN))
    if found:
        panels.insert(0, ClosedPanel(found))
