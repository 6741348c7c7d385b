"""Dates in sentences: Django has no date with a time for Arabic, and writes a comma before the year."""

from __future__ import annotations

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i"
TIME_FORMAT = "H:i"
