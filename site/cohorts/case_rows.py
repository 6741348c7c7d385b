"""Case rows as they are read from a file: without dates, ages in years and hospital numbers. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from uploads.errors import EditorError

DAYS_A_MONTH = 30.4375  # 365.25 / 12


@dataclass(frozen=True, order=True)
class RowError:
    """What is wrong, and where: `line` as a text editor counts; `column` is '' for the whole row."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        where = _("line %(line)s") % {"line": self.line}
        if self.column:
            where = _("%(where)s, column ‘%(column)s’") % {"where": where, "column": self.column}
        return f"{where}: {self.text}"


@dataclass(frozen=True, order=True)
class Seen:
    """One observation: `day` counts from the treatment. `value` or `result`, or both."""

    measure: str
    day: int
    value: Decimal | None
    result: str


@dataclass
class CaseRead:
    """One person, de-identified. `line`: of the first row, to say where."""

    key: str
    line: int
    age_band: str = ""
    sex: str = ""
    observations: list[Seen] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A hash of the content, the same in whatever order the rows came."""
        content = repr((self.age_band, self.sex, sorted(map(_as_text, self.observations))))
        return hashlib.sha256(content.encode()).hexdigest()


def _as_text(seen: Seen) -> str:
    value = "" if seen.value is None else f"{seen.value:.3f}"
    return f"{seen.measure}|{seen.day}|{value}|{seen.result}"


@dataclass
class CasesRead:
    """What a file holds. A case with an error in any of its rows is refused completely: half a case would
    mislead.
    """

    cases: list[CaseRead] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: int = 0
    refused: int = 0


class UnreadableRows(EditorError):
    """The file is not a table of case rows; the text says why."""
