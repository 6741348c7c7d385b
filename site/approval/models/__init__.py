from __future__ import annotations

from approval.models.approval import Approval, ApprovalLink, ApprovalNote, ApprovalOverride
from approval.models.workflow import FamilyApprovalTask

__all__ = [
    "Approval",
    "ApprovalLink",
    "ApprovalNote",
    "ApprovalOverride",
    "FamilyApprovalTask",
]
