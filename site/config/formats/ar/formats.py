"""Dates within sentences: Django's own leave out the date with the hour for Arabic, and put a comma before the year."""

from __future__ import annotations

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i"
TIME_FORMAT = "H:i"
