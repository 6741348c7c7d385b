"""Dates within sentences: without Django's own ‘г.’, after which a full stop would stand twice."""

from __future__ import annotations

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y, H:i"
