"""Cases as JSON objects or CSV rows in this project's own fields; docs/casestudies.md lists them. Pure.

A file may have exact dates, so that no one has to count months: they become months from `treatment_date`, and
only the private record keeps them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from casestudies.importing.records import CaseRecord, Refused, names_of_systems
from casestudies.phenopackets.times import DAYS_A_MONTH
from pages.age_bands import OLDEST
from uploads.tables import table_rows

PLAIN = {
    "title": 255, "case_number": 30, "keywords": 200, "plain_summary": 600, "diagnosis": 200,
    "treatment_received": 200, "outcome_text": 80, "abstract_adds": 800, "abstract_findings": 800,
    "abstract_interventions": 800, "abstract_conclusion": 800, "perspective": 1500,
    "perspective_by": 120, "consent_statement": 800, "competing_interests": 800, "funding": 500,
}  # fmt: skip
PROSE = (
    "introduction", "demographics", "main_symptoms", "history", "past_interventions", "clinical_findings",
    "diagnostic_methods", "diagnostic_challenges", "diagnostic_reasoning", "prognosis", "intervention",
    "intervention_changes", "outcomes", "follow_up_tests", "adherence", "adverse_events", "strengths_limits",
    "literature", "rationale", "take_away",
)  # fmt: skip
NUMBERS = ("age_at_treatment", "age_at_report", "followed_months")
CHOICES = {
    "sex": {"female": "female", "f": "female", "male": "male", "m": "male", "other": "other", "": ""},
    "outcome": {value: value for value in ("good", "mixed", "same", "worse", "none", "")},
}
ROWS: dict[str, tuple[str, ...]] = {
    "authors": ("name", "role", "institution"),
    "timeline": ("when", "kind", "text", "source"),
    "treatments_given": ("day", "kind", "dose", "route", "side_effects"),
    "observations": ("measure", "when", "value", "unit", "better", "assessed_by"),
    "references": ("text", "doi", "pmid"),
}
LISTS = ("conditions", "codes", "treatments")
KNOWN = {
    "external_id",
    "treatment_date",
    "birth_date",
    *PLAIN,
    *PROSE,
    *NUMBERS,
    *CHOICES,
    *ROWS,
    *LISTS,
    "country",
}
KINDS = {"symptom", "test", "treatment", "adverse", "outcome"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def rows_of_csv(text: str) -> Iterator[tuple[int, dict[str, Any] | Refused]]:
    """Yield (line, row) of a CSV file with a row of headings.

    In a cell, a table has a line for each row and ' | ' between its columns. Raises Refused or
    UnreadableTable.
    """
    rows = table_rows(text)
    first = next(rows, None)
    head = [name.strip() for name in first.cells] if first else []
    if "external_id" not in head:
        raise Refused("The first line must name the columns; ‘external_id’ is missing. Add this column.")
    if unknown := [name for name in head if name not in KNOWN]:
        raise Refused(f"Unknown columns: {', '.join(unknown)}. Use only: {', '.join(sorted(KNOWN))}.")
    for row in rows:
        if len(row.cells) != len(head):
            yield (
                row.line,
                Refused(f"The row has {len(row.cells)} cells, but there are {len(head)} headings."),
            )
        else:
            yield row.line, {name: _unfolded(name, cell) for name, cell in zip(head, row.cells, strict=True)}


def _unfolded(name: str, cell: str) -> Any:
    """A cell as JSON would have it: tables as rows, lists as lists."""
    if name in LISTS:
        return [part.strip() for part in cell.split(";") if part.strip()]
    if name not in ROWS:
        return cell.strip()
    rows = []
    for line in cell.splitlines():
        cells = [part.strip() for part in line.split("|")]
        if any(cells):
            rows.append(dict(zip(ROWS[name], cells, strict=False)))
    return rows


def read(given: Any, format_: str) -> CaseRecord:
    """Return one case. Raises Refused, naming the field."""
    if not isinstance(given, Mapping):
        raise Refused("Each case must be a JSON object.")
    if unknown := [str(name) for name in given if name not in KNOWN]:
        raise Refused(f"Unknown fields: {', '.join(sorted(unknown))}.")
    record = CaseRecord(external_id=_external_id(given), format=format_, source_record=dict(given))
    _texts(record, given)
    _numbers(record, given)
    _choices(record, given)
    _tables(record, given)
    _terms(record, given)
    if "title" not in record.fields:
        diagnosis = record.fields.get("diagnosis", "An undiagnosed condition")
        record.put("title", f"{diagnosis}: a case study", 255)
    return record


def _external_id(given: Mapping[str, Any]) -> str:
    id_ = given.get("external_id")
    if not isinstance(id_, str | int) or isinstance(id_, bool) or not str(id_).strip():
        raise Refused("‘external_id’ is missing: without it a second import could not recognise the case.")
    if len(str(id_)) > 200:
        raise Refused("‘external_id’ is longer than 200 characters.")
    return str(id_).strip()


def _texts(record: CaseRecord, given: Mapping[str, Any]) -> None:
    for name, longest in PLAIN.items():
        record.put(name, _words(given, name), longest)
    for name in PROSE:
        record.put_paragraphs(name, re.split(r"\n\s*\n", _words(given, name)))


def _numbers(record: CaseRecord, given: Mapping[str, Any]) -> None:
    for name in NUMBERS:
        if (number := _number(given, name)) is not None:
            record.fields[name] = min(number, OLDEST) if name.startswith("age") else number


def _choices(record: CaseRecord, given: Mapping[str, Any]) -> None:
    for name, known in CHOICES.items():
        typed = _words(given, name).strip().casefold()
        if typed not in known:
            raise Refused(f"‘{name}’ is ‘{typed}’; it must be one of: {', '.join(filter(None, known))}.")
        if known[typed]:
            record.fields[name] = known[typed]
    country = _words(given, "country").strip().upper()
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise Refused(f"‘country’ is ‘{country}’; it must be a code of two letters such as PT.")
    if country:
        record.fields["country"] = country


def _words(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Refused(f"‘{name}’ must be text.")
    return str(value)


def _number(given: Mapping[str, Any], name: str) -> int | None:
    typed = _words(given, name).strip()
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,4}", typed, re.ASCII):
        raise Refused(f"‘{name}’ is ‘{typed[:40]}’; it must be a whole number.")
    return int(typed)


def _date(given: Mapping[str, Any], name: str) -> dt.date | None:
    typed = _words(given, name).strip()
    return _day(typed, name) if typed else None


def _day(typed: str, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise Refused(f"‘{name}’ is ‘{typed[:40]}’; a date is written 2026-03-31.") from None


def _tables(record: CaseRecord, given: Mapping[str, Any]) -> None:
    start, born = _date(given, "treatment_date"), _date(given, "birth_date")
    zero = start or born
    if born and not start and given.get("timeline"):
        record.fields["timeline_from"] = "birth"
    if born and start and "age_at_treatment" not in record.fields:
        record.fields["age_at_treatment"] = min((start - born).days * 100 // 36525, OLDEST)
    for table, names in ROWS.items():
        rows = given.get(table) or []
        if not isinstance(rows, list):
            raise Refused(f"‘{table}’ must be a list.")
        for place, row in enumerate(rows, start=1):
            if not isinstance(row, Mapping) or set(row) - set(names):
                raise Refused(f"‘{table}’, entry {place}: it may have {', '.join(names)}.")
            record.add(table, **_row(table, f"{table}, entry {place}", row, names, zero))


def _row(
    table: str, place: str, row: Mapping[str, Any], names: tuple[str, ...], zero: dt.date | None
) -> dict[str, Any]:
    made: dict[str, Any] = {name: _words(row, name).strip() for name in names}
    if "when" in made:
        made["months"] = _months(made.pop("when"), place, zero)
    if table == "timeline" and made["kind"] not in KINDS:
        raise Refused(f"‘{place}’: the kind must be one of {', '.join(sorted(KINDS))}.")
    if table == "treatments_given":
        day = made["day"]
        if day and _DATE.fullmatch(day):
            if zero is None:
                raise Refused(f"‘{place}’: a date needs ‘treatment_date’ to be counted from.")
            made["day"] = (_day(day, place) - zero).days + 1
        else:
            made["day"] = int(day) if re.fullmatch(r"-?\d{1,4}", day, re.ASCII) else None
    return made


def _months(typed: str, place: str, zero: dt.date | None) -> int:
    if _DATE.fullmatch(typed):
        if zero is None:
            raise Refused(f"‘{place}’: a date needs ‘treatment_date’ or ‘birth_date’ to be counted from.")
        return round((_day(typed, place) - zero).days / DAYS_A_MONTH)
    if not re.fullmatch(r"[-−+]?\d{1,4}", typed, re.ASCII if "−" not in typed else 0):
        raise Refused(f"‘{place}’: when is ‘{typed[:40]}’; it must be months from the treatment, or a date.")
    return int(typed.replace("−", "-"))


def _terms(record: CaseRecord, given: Mapping[str, Any]) -> None:
    for name in LISTS:
        if not isinstance(given.get(name, []), list) or not all(
            isinstance(one, str) for one in given.get(name, [])
        ):
            raise Refused(f"‘{name}’ must be a list of words.")
    record.names += given.get("conditions", [])
    if record.fields.get("diagnosis"):
        record.names.append(record.fields["diagnosis"])
    record.codes += filter(None, (names_of_systems(code) for code in given.get("codes", [])))
    record.treatments += given.get("treatments", [])
