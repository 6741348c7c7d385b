"""Adds this app's lines to the publication checklist."""

from __future__ import annotations

from publication import checklist
from shared_changes.registry import share
from treatments.checklist_lines import disclosure_lines
from treatments.models import Treatment, TreatmentName


def connect_signals() -> None:
    """Register the lines."""
    checklist.register(disclosure_lines)
    share(Treatment, "name", "description", parts={TreatmentName: ("term", ("name", "language", "kind"))})
