"""People, what they agreed to, and what follows from it."""

from __future__ import annotations

from people.models.approval import Approval, ApprovalLink, ApprovalNote, ApprovalOverride
from people.models.audit import AuditEntry
from people.models.clearance import Clearance, GoneAddress
from people.models.consent import Consent, ConsentForm, Depiction
from people.models.identifier import KeptIdentifier
from people.models.need import PageNeed
from people.models.person import Guardianship, Person, Republication
from people.models.withdrawal import TakedownStep, Tombstone, Withdrawal
from people.models.workflow import FamilyApprovalTask

__all__ = [
    "Approval",
    "ApprovalLink",
    "ApprovalNote",
    "ApprovalOverride",
    "AuditEntry",
    "Clearance",
    "Consent",
    "ConsentForm",
    "Depiction",
    "FamilyApprovalTask",
    "GoneAddress",
    "Guardianship",
    "KeptIdentifier",
    "PageNeed",
    "Person",
    "Republication",
    "TakedownStep",
    "Tombstone",
    "Withdrawal",
]
