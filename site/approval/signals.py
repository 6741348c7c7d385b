"""Connects the family's approval to the publication gate, and holds back the clips of drafts."""

from __future__ import annotations

from approval import refusals
from approval.checklist_lines import approval_lines
from approval.gate_rule import answers, links, rule
from approval.services import is_of_a_draft_only
from ledger import kinds
from media import public_names
from publication import checklist, gate
from publication.events import read_ahead


def read_answers_ahead(people: list[int], **_rest: object) -> None:
    """Read the families' answers for the drafts of a batch."""
    links.read_ahead(people)
    answers.read_ahead(people)


def connect_signals() -> None:
    """Register the gate rule and the checklist lines of this app, and hold back the clips of drafts."""
    if rule not in gate.rules:
        gate.rules.append(rule)
    checklist.register(approval_lines)
    read_ahead.connect(read_answers_ahead, dispatch_uid="approval.read_ahead")
    if is_of_a_draft_only not in public_names.not_served_rules:
        public_names.not_served_rules.append(is_of_a_draft_only)
    kinds.register(kinds.Kind(refusals.KIND, refusals.apply))
