"""Finds what may identify a person in words. Pure: it warns with a reason and a neutral form, and alters nothing.

What counts as identifying follows HIPAA Safe Harbor, 45 CFR 164.514(b)(2): names; places below country; dates but
for the year; ages over 89; phone, e-mail, web and network addresses; record numbers; file names. A rule can miss and
can be wrong: an editor decides on each finding, and dismisses with a reason.
"""

from __future__ import annotations

from deidentification.identifiers.finder import find, replaced
from deidentification.identifiers.kinds import REASONS, Finding, Kind, KnownName

__all__ = ["REASONS", "Finding", "Kind", "KnownName", "find", "replaced"]
