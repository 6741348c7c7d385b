"""The kinds of identifiers, findings and known names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "date", "place", "phone", "email", "web", "record", "age", "file"]

REASONS: dict[Kind, str] = {
    "name": "Name of a person",
    "date": "Full date: only the year may stay",
    "place": "Place below country",
    "phone": "Phone number",
    "email": "E-mail address",
    "web": "Web or network address",
    "record": "Record number",
    "age": "Age over 89: say 90 or over",
    "file": "File name",
}


@dataclass(frozen=True)
class KnownName:
    """A private name from an interview or a person's record.

    For instance 'Hannah', with the role 'her sister' and the neutral form '[my sister]'. `is_whole`: several
    words that identify only together, such as the name of a school. `kind`: 'date' for a month of birth.
    """

    name: str
    role: str = ""
    neutral: str = "[name]"
    source: str = "given on the interview"
    is_whole: bool = False
    kind: Kind = "name"


@dataclass(frozen=True)
class Finding:
    """Text from `at` to `end` (code points) that may identify a person; why, and the neutral form to show
    instead.
    """

    at: int
    end: int
    text: str
    kind: Kind
    reason: str
    neutral: str
