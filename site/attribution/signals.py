"""Connects what this app adds to the checklist of pages that are not about a person."""

from __future__ import annotations

from attribution.checklist_lines import people_lines
from publication import checklist, checklist_lines


def connect_signals() -> None:
    """Register the lines of the checklist."""
    for lines in (people_lines, checklist_lines.media_lines, checklist_lines.field_lines):
        checklist.register(lines, about_person=False)
