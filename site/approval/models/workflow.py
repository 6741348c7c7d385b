"""The step of a workflow at which the family decides."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from publication.gate import reasons_not_public


class FamilyApprovalTask(AbstractGroupApprovalTask):
    """Waits until the people a page is about have approved exactly this version; then a user in `groups`
    publishes it.

    A page that is not about a person passes at once.
    """

    class Meta:
        verbose_name = _("approval by the family")
        verbose_name_plural = _("approvals by the family")

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Start the task; finish it at once for a page that is not about a person."""
        task_state = super().start(workflow_state, user=user)
        if not hasattr(workflow_state.content_object, "consent_requirements"):
            task_state.status = TaskState.STATUS_APPROVED
            task_state.finished_at = timezone.now()
            task_state.finished_by = user
            task_state.save(update_fields=["status", "finished_at", "finished_by"])
        return task_state

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """Return the actions. Approving, which publishes, is offered only when the gate has no objection."""
        actions = super().get_actions(obj, user)
        page = obj.get_latest_revision_as_object() if obj.latest_revision_id else obj
        if not hasattr(page, "consent_requirements") or not reasons_not_public(page):
            return actions
        return [action for action in actions if action[0] != "approve"]

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Waits for the approval of the people the page is about, then lets the chosen groups publish"
        )
