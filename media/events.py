"""Signals that this app sends."""

from __future__ import annotations

from django.dispatch import Signal

# A page shows a picture in sizes that do not exist yet. Arguments: `picture`; `presets`, their names.
sizes_missing = Signal()
