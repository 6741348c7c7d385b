"""Finds words that may identify a person.

Pure: returns findings with a reason and a neutral form, changes nothing.

What counts as identifying follows HIPAA Safe Harbor, 45 CFR 164.514(b)(2): names; places below country; dates
except the year; ages over 89; phone, e-mail, web and network addresses; record numbers; file names. A rule
can miss words and can be wrong, so an editor decides about each finding and gives a reason for keeping it.
"""

from __future__ import annotations

from deidentification.identifiers.dates import months_of
from deidentification.identifiers.finder import find, replaced
from deidentification.identifiers.kinds import REASONS, Finding, Kind, KnownName
from deidentification.identifiers.nicknames import short_forms

__all__ = ["REASONS", "Finding", "Kind", "KnownName", "find", "months_of", "replaced", "short_forms"]
