"""What may identify a person in words: the finder lies in the room `people`, which searches whole pages with it."""

from __future__ import annotations

from deidentification.identifiers import REASONS, Finding, Kind, KnownName, find, replaced

__all__ = ["REASONS", "Finding", "Kind", "KnownName", "find", "replaced"]
