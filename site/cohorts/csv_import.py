"""Case rows from CSV: validated line by line, and without anything that says who somebody is. Pure.

One row is one observation of one case; a case that was never seen again has one row without a measure. What leaves
this module has no date (days since treatment), no age in years (a band) and no hospital number (a keyed hash).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from cohorts.columns import COLUMNS, NAMES, identifies
from pages.age_bands import age_band

DAYS_A_MONTH = 30.4375  # 365.25 / 12
RESULTS = {
    "improved": "improved",
    "better": "improved",
    "no change": "unchanged",
    "unchanged": "unchanged",
    "same": "unchanged",
    "worse": "worse",
}
SEXES = {"female": "female", "f": "female", "male": "male", "m": "male", "other": "other", "o": "other"}
OLDEST = 120
MOST_MONTHS = 600
# Fits the columns of the database: nine digits, three of them behind the point.
LARGEST = Decimal(1_000_000)


@dataclass(frozen=True, order=True)
class RowError:
    """What is wrong, and where: line and column of the file as a text editor counts them; column '' is the row."""

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
        """The same for the same content, in whatever order the rows came."""
        content = repr((self.age_band, self.sex, sorted(map(_as_text, self.observations))))
        return hashlib.sha256(content.encode()).hexdigest()


def _as_text(seen: Seen) -> str:
    value = "" if seen.value is None else f"{seen.value:.3f}"
    return f"{seen.measure}|{seen.day}|{value}|{seen.result}"


@dataclass
class CasesRead:
    """What a file holds. A case with an error in any of its rows is refused whole: half a case would mislead."""

    cases: list[CaseRead] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: int = 0
    refused: int = 0


class Unreadable(ValueError):
    """The file is no table of case rows; the text says why."""


def read_cases(
    data: bytes,
    *,
    measures: Mapping[str, tuple[float | None, float | None]],
    keyed: Callable[[str], str],
    today: dt.date,
    progress: Callable[[int], None] = lambda rows: None,
) -> CasesRead:
    """The cases of a CSV file. `measures`: those the cohort knows, each with its lowest and
    highest value, None where it has none. `keyed`: turns a case's number into its key.

    Raises Unreadable where there is no table, or a column is missing. Every other error is listed, all of them.
    """
    text, notices = decoded(data)
    rows = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    read = CasesRead(notices=notices)
    places = _headings(next(rows, []), read)
    reader = _Reader(measures, keyed, today, places, read)
    for cells in _lines(rows, read):
        reader.take(rows.line_num, cells)
        if read.rows % 500 == 0:
            progress(read.rows)
    reader.finish()
    progress(read.rows)
    return read


def decoded(data: bytes) -> tuple[str, list[str]]:
    """The text of a file, and what had to be guessed. Raises Unreadable for what is no text."""
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("This is no CSV file. Save the table as ‘CSV UTF-8’ and choose that file."))
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig",):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace"), [_("The file is not UTF-8; it was read as Windows-1252.")]


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.split("\n", 1)[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Found


def _headings(cells: list[str], read: CasesRead) -> dict[str, int]:
    """Where each column we take stands. Others are left out, with a notice; the first of two alike counts."""
    places: dict[str, int] = {}
    private: list[str] = []
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        heading = cell.strip()
        name = heading.casefold().replace(" ", "_")
        if name in NAMES:
            places.setdefault(name, place)
        elif heading:
            (private if identifies(heading) else unknown).append(heading)
    missing = [column.name for column in COLUMNS if column.required and column.name not in places]
    if missing:
        raise Unreadable(
            _(
                "The first line must name the columns, and ‘%(missing)s’ is not among them. There are: %(all)s."
            )
            % {"missing": ", ".join(missing), "all": ", ".join(NAMES)}
        )
    if private:
        read.notices.append(
            _("Left out, not read and not stored, because it may say who somebody is: %(columns)s.")
            % {"columns": ", ".join(private)}
        )
    if unknown:
        read.notices.append(
            _("Left out, because it is not asked for: %(columns)s.") % {"columns": ", ".join(unknown)}
        )
    return places


def _lines(rows: Iterator[list[str]], read: CasesRead) -> Iterator[list[str]]:
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            read.errors.append(RowError(getattr(rows, "line_num", 0), "", str(error)))
            continue
        if any(cell.strip() for cell in cells):
            yield cells


class _Bad(Exception):
    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


class _Reader:
    def __init__(
        self,
        measures: Mapping[str, tuple[float | None, float | None]],
        keyed: Callable[[str], str],
        today: dt.date,
        places: dict[str, int],
        read: CasesRead,
    ) -> None:
        self.keyed, self.today, self.places, self.read = keyed, today, places, read
        self.ranges = measures
        self.measures = {name.casefold(): name for name in measures}
        self.cases: dict[str, CaseRead] = {}
        self.bad: set[str] = set()
        self.treated_on: dict[str, dt.date] = {}

    def take(self, line: int, cells: list[str]) -> None:
        self.read.rows += 1
        row = {
            name: cells[place].strip() if place < len(cells) else "" for name, place in self.places.items()
        }
        number = row.get("case_id", "")
        if not number:
            self._refuse(line, "case_id", _("Every row needs the number of its case."))
            return
        key = self.keyed(number)
        case = self.cases.setdefault(key, CaseRead(key, line))
        wrong = [
            *self._person(case, row),
            *self._observation(case, row),
        ]
        for column, text in wrong:
            self._refuse(line, column, text, key)

    def _refuse(self, line: int, column: str, text: str, key: str = "") -> None:
        self.read.errors.append(RowError(line, column, text))
        # Without a number nobody can tell which case it was: it is refused by itself.
        self.bad.add(key or f"line {line}")

    def _person(self, case: CaseRead, row: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Age and sex, the same in every row of a case or empty."""
        for column, known, parse in (("age", case.age_band, _band), ("sex", case.sex, _sex)):
            try:
                found = parse(row.get(column, ""))
            except _Bad as error:
                yield column, error.text
                continue
            if found and known and found != known:
                yield column, _("Another row of this case says something else: %(other)s.") % {"other": known}
            elif found and column == "age":
                case.age_band = found
            elif found:
                case.sex = found

    def _observation(self, case: CaseRead, row: dict[str, str]) -> Iterator[tuple[str, str]]:
        try:
            treated_on = self._day(row, "treated_on")
            if treated_on and self.treated_on.setdefault(case.key, treated_on) != treated_on:
                raise _Bad("treated_on", _("Another row of this case names another day of treatment."))
            if not row.get("measure"):
                for column in ("value", "result", "seen_on"):
                    if row.get(column):
                        raise _Bad("measure", _("Say which measure this row is about."))
                return
            case.observations.append(self._seen(case, row))
        except _Bad as error:
            yield error.column, error.text

    def _seen(self, case: CaseRead, row: dict[str, str]) -> Seen:
        measure = self.measures.get(row["measure"].casefold())
        if measure is None:
            raise _Bad(
                "measure",
                _("This cohort has no measure ‘%(name)s’. It has: %(all)s.")
                % {"name": row["measure"][:60], "all": ", ".join(self.measures.values()) or _("none")},
            )
        day = self._days(case, row)
        value, result = _value(row.get("value", "")), _result(row.get("result", ""))
        low, high = self.ranges[measure]
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            raise _Bad(
                "value",
                _("%(measure)s runs from %(low)s to %(high)s: %(value)s is impossible.")
                % {"measure": measure, "low": _end(low), "high": _end(high), "value": row["value"][:40]},
            )
        if value is None and not result:
            raise _Bad(
                "value", _("Give a value, a result, or both: an observation without either says nothing.")
            )
        if result and day <= 0:
            raise _Bad(
                "seen_on" if row.get("seen_on") else "months",
                _("A result comes after the treatment, not before."),
            )
        if any(one.measure == measure and one.day == day for one in case.observations):
            raise _Bad("seen_on", _("This case has two rows for the same measure and day."))
        return Seen(measure, day, value, result)

    def _days(self, case: CaseRead, row: dict[str, str]) -> int:
        seen_on = self._day(row, "seen_on")
        months = row.get("months", "")
        if seen_on:
            treated_on = self.treated_on.get(case.key)
            if treated_on is None:
                raise _Bad("treated_on", _("A day of measurement needs the day of treatment to count from."))
            return (seen_on - treated_on).days
        if not months:
            raise _Bad("seen_on", _("Say when: the day, or the months since treatment."))
        number = _number(months, "months")
        if abs(number) > MOST_MONTHS:
            raise _Bad("months", _("Months since treatment lie between −600 and 600."))
        return round(float(number) * DAYS_A_MONTH)

    def _day(self, row: dict[str, str], column: str) -> dt.date | None:
        text = row.get(column, "")
        if not text:
            return None
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise _Bad(column, _("Write the day as 2024-05-31: year, month, day.")) from None
        if day > self.today:
            raise _Bad(column, _("This day has not come yet."))
        if day.year < 1900:
            raise _Bad(column, _("This day is before 1900."))
        return day

    def finish(self) -> None:
        self.read.cases = [case for key, case in self.cases.items() if key not in self.bad]
        self.read.refused = len(self.bad)
        self.read.errors.sort()


def _band(text: str) -> str:
    if not text:
        return ""
    try:
        years = int(text)
    except ValueError:
        raise _Bad("age", _("The age is a whole number of years.")) from None
    if not 0 <= years <= OLDEST:
        raise _Bad("age", _("An age lies between 0 and 120 years."))
    return age_band(years)


def _sex(text: str) -> str:
    found = SEXES.get(text.casefold(), "") if text else ""
    if text and not found:
        raise _Bad("sex", _("Write female, male or other."))
    return found


def _number(text: str, column: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _Bad(column, _("‘%(text)s’ is no number.") % {"text": text[:40]}) from None
    if not number.is_finite():
        raise _Bad(column, _("‘%(text)s’ is no number.") % {"text": text[:40]})
    return number


def _end(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"


def _value(text: str) -> Decimal | None:
    if not text:
        return None
    number = _number(text, "value")
    if abs(number) >= LARGEST:
        raise _Bad("value", _("A value lies below a million."))
    return number.quantize(Decimal("0.001"))


def _result(text: str) -> str:
    found = RESULTS.get(text.casefold(), "") if text else ""
    if text and not found:
        raise _Bad("result", _("Write improved, no change or worse."))
    return found
