"""Connects the search for identifiers to the publication gate and the checklist."""

from __future__ import annotations

from deidentification.checklist_lines import identifier_lines
from deidentification.identifier_rule import rule
from publication import checklist, gate


def connect_signals() -> None:
    """Register the gate rule and the checklist lines of this app."""
    if rule not in gate.rules:
        gate.rules.append(rule)
    checklist.register(identifier_lines)
