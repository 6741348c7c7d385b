"""The warning on the dashboard about withdrawals with failed steps, and the item in the menu of reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from withdrawal import receipts
from withdrawal.models import TakedownStep, Withdrawal


class WithdrawalsMenuItem(MenuItem):
    """The list of withdrawals in the menu of reports."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True for users who may see withdrawals."""
        return bool(request.user.has_perm("withdrawal.view_withdrawal"))


class UnfinishedPanel(Component):
    """A red panel at the top of the dashboard while some content could not be removed."""

    name = "unfinished_withdrawals"
    template_name = "withdrawal/admin/unfinished.html"
    order = 10

    def __init__(self, withdrawals: list[Withdrawal]) -> None:
        self.withdrawals = withdrawals

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the heading, and for each receipt the surfaces that are not done."""
        failing = TakedownStep.objects.filter(withdrawal__in=self.withdrawals).exclude(
            state=TakedownStep.State.DONE
        )
        return {
            **super().get_context_data(parent_context),
            "heading": ngettext(
                "The content of a withdrawal has not been removed everywhere",
                "The content of %(n)s withdrawals has not been removed everywhere",
                len(self.withdrawals),
            )
            % {"n": len(self.withdrawals)},
            "rows": [
                (
                    receipts.number_of(withdrawal),
                    reverse("withdrawal_receipt", args=[withdrawal.number]),
                    [
                        receipts.label_of(step.surface)
                        for step in failing
                        if step.withdrawal_id == withdrawal.pk
                    ],
                )
                for withdrawal in self.withdrawals
            ],
        }


def add_unfinished_panel(_request: HttpRequest, panels: list[Any]) -> None:
    """Warn every user of the admin: any of them can tell a consent officer."""
    unfinished = list(
        Withdrawal.objects.filter(finished_at__isnull=True, steps__state="failed").distinct()[:20]
    )
    if unfinished:
        panels.insert(0, UnfinishedPanel(unfinished))
