"""Reads files of cases: their format, encoding and size; one record or one refusal for each case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casestudies.importing import jats, tables
from casestudies.importing.records import CaseRecord, Refused
from casestudies.phenopackets import parser
from uploads.errors import EditorError
from uploads.tables import table_text

FORMATS = ("phenopacket", "json", "csv", "jats")
ENDINGS = {".json": "json", ".csv": "csv", ".xml": "jats", ".nxml": "jats"}
LARGEST = {"csv": 50_000_000, "json": 50_000_000, "phenopacket": 50_000_000, "jats": 20_000_000}


@dataclass(frozen=True)
class CaseInFile:
    """One case of a file: a record, or why there is none. `place`: 'cases.csv, line 3'."""

    place: str
    record: CaseRecord | None = None
    problem: str = ""


def files_in(paths: list[Path]) -> list[Path]:
    """Return the files, and those in the folders (not in folders below them). Raises Refused."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS and one.is_file())
        elif path.is_file():
            found.append(path)
        else:
            raise Refused(f"{path}: this file or folder does not exist.")
    return found


def read_file(path: Path, format_: str = "") -> Iterator[CaseInFile]:
    """Yield all cases of one file.

    Raises nothing for its content: a file that cannot be used is one refusal.
    """
    try:
        yield from _read(path, format_ or ENDINGS.get(path.suffix.lower(), ""))
    except EditorError as error:
        yield CaseInFile(path.name, problem=str(error))
    except OSError as error:
        yield CaseInFile(path.name, problem=f"The file cannot be read: {error.strerror or error}.")


def _read(path: Path, format_: str) -> Iterator[CaseInFile]:
    if format_ not in FORMATS:
        raise Refused(
            f"The format is not clear from ‘{path.suffix}’. Name it: --format {', '.join(FORMATS)}."
        )
    size = path.stat().st_size
    if size > LARGEST[format_]:
        raise Refused(
            f"The file has {size // 1_000_000} MB; at most {LARGEST[format_] // 1_000_000} MB are read."
        )
    data = path.read_bytes()
    if format_ == "jats":
        yield CaseInFile(path.name, jats.read(data))
    elif format_ == "csv":
        yield from _csv(path.name, data)
    else:
        yield from _json(path.name, _json_text(data), format_)


def _csv(name: str, data: bytes) -> Iterator[CaseInFile]:
    decoded = table_text(data)
    for line, row in tables.rows_of_csv(decoded.text):
        place = f"{name}, line {line}"
        case = CaseInFile(place, problem=str(row)) if isinstance(row, Refused) else _case(place, row, "csv")
        if case.record and decoded.note:
            case.record.remarks.append(decoded.note)
        yield case


def _json_text(data: bytes) -> str:
    """Return the text of a JSON file: RFC 8259 wants UTF-8, some programs write UTF-16. Raises Refused."""
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise Refused(f"The file is not in UTF-8 (byte {error.start + 1}). Save it as UTF-8.") from error


def _json(name: str, text: str, format_: str) -> Iterator[CaseInFile]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"The file is not valid JSON: {error}.") from error
    cases = value if isinstance(value, list) else [value]
    for number, case in enumerate(cases, start=1):
        place = f"{name}, case {number}" if isinstance(value, list) else name
        kind = "phenopacket" if format_ == "phenopacket" or parser.is_phenopacket(case) else "json"
        yield _case(place, case, kind)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _case(place: str, case: Any, kind: str) -> CaseInFile:
    try:
        record = parser.read(case) if kind == "phenopacket" else tables.read(case, kind)
    except Refused as error:
        return CaseInFile(place, problem=str(error))
    record.place = place
    return CaseInFile(place, record)
