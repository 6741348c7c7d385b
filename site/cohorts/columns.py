"""The columns of a file of case rows: those that are read, and those that never are. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    name: str
    help: str | Promise
    example: tuple[str, str, str]
    required: bool = False


COLUMNS: tuple[Column, ...] = (
    Column(
        "case_id",
        _("The hospital’s own number of the patient. Never stored: a keyed hash of it is."),
        ("A-1001", "A-1001", "A-1002"),
        required=True,
    ),
    Column("age", _("Whole years at treatment. Stored as a band."), ("7", "7", "34")),
    Column("sex", _("female, male or other"), ("female", "female", "male")),
    Column(
        "treated_on",
        _("Day of the first treatment, as 2024-05-31. Never stored: days since then are."),
        ("2024-03-04", "2024-03-04", "2024-05-06"),
    ),
    Column(
        "measure", _("As the cohort calls it. Empty: treated, never seen again."), ("GMFM-66", "GMFM-66", "")
    ),
    Column(
        "seen_on",
        _("Day of the measurement. Up to the day of treatment it is a baseline."),
        ("2024-03-01", "2025-03-02", ""),
    ),
    Column(
        "months", _("Instead of the two dates: months since treatment, 0 for the baseline."), ("", "", "")
    ),
    Column("value", _("What was measured, as a number."), ("51.2", "55.6", "")),
    Column(
        "result",
        _(
            "As judged by a doctor or the family: improved, no change or worse. Empty: worked out from the "
            "values."
        ),
        ("", "", ""),
    ),
)
NAMES = tuple(column.name for column in COLUMNS)

# Columns that identify a person (45 CFR 164.514(b)(2) lists them), as hospitals call them in files. They are
# left out before anything else is read, and named in the notice.
_IDENTIFYING = re.compile(
    r"(name|nombre|prenom|vorname|birth|born|dob|geburt|naissance|phone|mobile|telefon|fax|mail|address|"
    r"street|city|zip|post.?code|passport|ssn|social.?security|insurance|mrn|medical.?record|licen[cs]e|"
    r"account|contact|photo|picture|url|website|\bip\b|doctor|physician|parent|mother|father|guardian|note|"
    r"comment|remark|free.?text)",
    re.IGNORECASE,
)


def identifies(column: str) -> bool:
    """Return whether a column's heading says that it holds a name, a contact, a birth date or free text."""
    return bool(_IDENTIFYING.search(column.replace("_", " ")))


def template_csv() -> str:
    """Return the file that is offered for download: the headings, and three rows to replace."""
    lines = [",".join(NAMES)]
    lines += [",".join(column.example[row] for column in COLUMNS) for row in range(3)]
    return "\r\n".join(lines) + "\r\n"
