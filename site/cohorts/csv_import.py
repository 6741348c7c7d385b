"""Reads case rows from CSV, validated line by line, and without anything that identifies a person. Pure.

One row is one observation of one case; a case that was never seen again has one row without a measure. What
leaves this module has no date (days since treatment), no age in years (a band) and no hospital number (a
keyed hash).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from cohorts.case_rows import DAYS_A_MONTH, CaseRead, CasesRead, RowError, Seen, UnreadableRows
from cohorts.columns import COLUMNS, NAMES, identifies
from cohorts.row_cells import BadCell, age_band_of, day_of, number_of, result_of, sex_of, value_of
from uploads.tables import TableRow, table_rows, table_text

MOST_MONTHS = 600

Ranges = Mapping[str, tuple[float | None, float | None]]


def read_cases(
    data: bytes,
    *,
    measures: Ranges,
    keyed: Callable[[str], str],
    today: dt.date,
    progress: Callable[[int], None] = lambda _rows: None,
) -> CasesRead:
    """Return the cases of a CSV file.

    `measures`: those the cohort knows, each with its lowest and highest value, None where it has none.
    `keyed`: turns a case's number into its key. Raises EditorError where there is no table, or a column is
    missing. All other errors are listed.
    """
    decoded = table_text(data)
    read = CasesRead(notices=[decoded.note] if decoded.note else [])
    rows = table_rows(decoded.text)
    first = next(rows, None)
    places = _headings(first.cells if first else [], read)
    reader = _RowReader(measures, keyed, today, places, read)
    for row in rows:
        reader.take(row)
        if read.rows % 500 == 0:
            progress(read.rows)
    reader.finish()
    progress(read.rows)
    return read


def _headings(cells: list[str], read: CasesRead) -> dict[str, int]:
    """Return the place of each column that is read. Others are left out, with a notice; of two alike the
    first counts.
    """
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
        raise UnreadableRows(
            _(
                "The first line must name the columns, and ‘%(missing)s’ is not among them. There are: "
                "%(all)s."
            )
            % {"missing": ", ".join(missing), "all": ", ".join(NAMES)}
        )
    if private:
        read.notices.append(
            _("Left out, not read and not stored, because it may identify a person: %(columns)s.")
            % {"columns": ", ".join(private)}
        )
    if unknown:
        read.notices.append(
            _("Left out, because the import does not use it: %(columns)s.") % {"columns": ", ".join(unknown)}
        )
    return places


class _RowReader:
    """Collects the cases of a file row by row, with every error."""

    def __init__(
        self,
        measures: Ranges,
        keyed: Callable[[str], str],
        today: dt.date,
        places: dict[str, int],
        read: CasesRead,
    ) -> None:
        self.keyed, self.today, self.places, self.read = keyed, today, places, read
        self.ranges = measures
        self.measures = {name.casefold(): name for name in measures}
        self.cases: dict[str, CaseRead] = {}
        self.refused: set[str] = set()
        self.treated_on: dict[str, dt.date] = {}

    def take(self, row: TableRow) -> None:
        self.read.rows += 1
        cells = {
            name: row.cells[place].strip() if place < len(row.cells) else ""
            for name, place in self.places.items()
        }
        number = cells.get("case_id", "")
        if not number:
            self._refuse(row.line, "case_id", _("Every row needs the number of its case."))
            return
        key = self.keyed(number)
        case = self.cases.setdefault(key, CaseRead(key, row.line))
        for column, text in (*self._person(case, cells), *self._observation(case, cells)):
            self._refuse(row.line, column, text, key)

    def finish(self) -> None:
        self.read.cases = [case for key, case in self.cases.items() if key not in self.refused]
        self.read.refused = len(self.refused)
        self.read.errors.sort()

    def _refuse(self, line: int, column: str, text: str, key: str = "") -> None:
        self.read.errors.append(RowError(line, column, text))
        # Without a number the row belongs to no known case and is counted on its own.
        self.refused.add(key or f"line {line}")

    def _person(self, case: CaseRead, cells: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Take in age and sex: the same in every row of a case, or empty. Yield what is wrong."""
        for column, name, parse in (("age", "age_band", age_band_of), ("sex", "sex", sex_of)):
            try:
                found = parse(cells.get(column, ""))
            except BadCell as error:
                yield column, error.text
                continue
            known = getattr(case, name)
            if found and known and found != known:
                yield (
                    column,
                    _("Another row of this case gives a different value: %(other)s.") % {"other": known},
                )
            elif found:
                setattr(case, name, found)

    def _observation(self, case: CaseRead, cells: dict[str, str]) -> Iterator[tuple[str, str]]:
        try:
            treated_on = self._day(cells, "treated_on")
            if treated_on and self.treated_on.setdefault(case.key, treated_on) != treated_on:
                raise BadCell("treated_on", _("Another row of this case gives a different day of treatment."))
            if cells.get("measure"):
                case.observations.append(self._seen(case, cells))
            elif any(cells.get(column) for column in ("value", "result", "seen_on")):
                raise BadCell("measure", _("Enter the measure that this row is about."))
        except BadCell as error:
            yield error.column, error.text

    def _seen(self, case: CaseRead, cells: dict[str, str]) -> Seen:
        measure = self._measure(cells["measure"])
        day = self._day_after_treatment(case, cells)
        value, result = value_of(cells.get("value", "")), result_of(cells.get("result", ""))
        self._check_range(measure, value, cells.get("value", ""))
        if value is None and not result:
            raise BadCell("value", _("Enter a value, a result, or both."))
        if result and day <= 0:
            raise BadCell(
                "seen_on" if cells.get("seen_on") else "months",
                _("A result comes after the treatment, not before."),
            )
        if any(seen.measure == measure and seen.day == day for seen in case.observations):
            raise BadCell("seen_on", _("This case has two rows for the same measure and day."))
        return Seen(measure, day, value, result)

    def _measure(self, name: str) -> str:
        measure = self.measures.get(name.casefold())
        if measure is None:
            raise BadCell(
                "measure",
                _("This cohort has no measure “%(name)s”. It has: %(all)s.")
                % {"name": name[:60], "all": ", ".join(self.measures.values()) or _("none")},
            )
        return measure

    def _check_range(self, measure: str, value: Decimal | None, text: str) -> None:
        low, high = self.ranges[measure]
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            raise BadCell(
                "value",
                _("%(measure)s runs from %(low)s to %(high)s: %(value)s is impossible.")
                % {"measure": measure, "low": _end(low), "high": _end(high), "value": text[:40]},
            )

    def _day_after_treatment(self, case: CaseRead, cells: dict[str, str]) -> int:
        seen_on = self._day(cells, "seen_on")
        months = cells.get("months", "")
        if seen_on:
            treated_on = self.treated_on.get(case.key)
            if treated_on is None:
                raise BadCell(
                    "treated_on", _("A day of measurement needs the day of treatment to count from.")
                )
            return (seen_on - treated_on).days
        if not months:
            raise BadCell("seen_on", _("Enter the day, or the months since treatment."))
        number = number_of(months, "months")
        if not -MOST_MONTHS <= number <= MOST_MONTHS:
            raise BadCell("months", _("Months since treatment lie between −600 and 600."))
        return round(float(number) * DAYS_A_MONTH)

    def _day(self, cells: dict[str, str], column: str) -> dt.date | None:
        return day_of(cells.get(column, ""), column, self.today)


def _end(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"
