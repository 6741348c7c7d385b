"""Connects the family's approval to the publication gate, and holds back the clips of drafts."""

from __future__ import annotations

from approval.checklist_lines import approval_lines
from approval.gate_rule import rule
from approval.services import is_of_a_draft_only
from media import public_names
from publication import checklist, gate


def connect_signals() -> None:
    """Register the gate rule and the checklist lines of this app, and hold back the clips of drafts."""
    if rule not in gate.rules:
        gate.rules.append(rule)
    checklist.register(approval_lines)
    if is_of_a_draft_only not in public_names.not_served_rules:
        public_names.not_served_rules.append(is_of_a_draft_only)
