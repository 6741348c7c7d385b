"""Adds this app's lines to the publication checklist."""

from __future__ import annotations

from publication import checklist
from treatments.checklist_lines import disclosure_lines


def connect_signals() -> None:
    """Register the lines."""
    checklist.register(disclosure_lines)
