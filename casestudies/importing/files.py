"""Files as cases: which format, which encoding, how large; one record or one refusal for each case in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casestudies.importing import jats, tables
from casestudies.importing.records import CaseRecord, Refused
from casestudies.phenopackets import parser

FORMATS = ("phenopacket", "json", "csv", "jats")
ENDINGS = {".json": "json", ".csv": "csv", ".xml": "jats", ".nxml": "jats"}
LARGEST = {"csv": 50_000_000, "json": 50_000_000, "phenopacket": 50_000_000, "jats": 20_000_000}


@dataclass(frozen=True)
class Found:
    """One case of a file: a record, or why there is none. `place`: 'cases.csv, line 3'."""

    place: str
    record: CaseRecord | None = None
    problem: str = ""


def files_in(paths: list[Path]) -> list[Path]:
    """The files, and those of folders by name (not of folders below them). Raises Refused."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS and one.is_file())
        elif path.is_file():
            found.append(path)
        else:
            raise Refused(f"{path}: there is no such file or folder.")
    return found


def read_file(path: Path, format_: str = "") -> Iterator[Found]:
    """All cases of one file. Never raises for what is in the file: it is refused, and the next file is read."""
    try:
        yield from _read(path, format_ or ENDINGS.get(path.suffix.lower(), ""))
    except Refused as error:
        yield Found(path.name, problem=str(error))
    except OSError as error:
        yield Found(path.name, problem=f"The file cannot be read: {error.strerror or error}.")


def _read(path: Path, format_: str) -> Iterator[Found]:
    if format_ not in FORMATS:
        raise Refused(
            f"The format cannot be told from ‘{path.suffix}’; name it: --format {', '.join(FORMATS)}."
        )
    size = path.stat().st_size
    if size > LARGEST[format_]:
        raise Refused(
            f"The file has {size // 1_000_000} MB; at most {LARGEST[format_] // 1_000_000} are read."
        )
    data = path.read_bytes()
    if format_ == "jats":
        yield Found(path.name, jats.read(data))
    elif format_ == "csv":
        for line, row in tables.rows_of_csv(text_of(data)):
            place = f"{path.name}, line {line}"
            yield Found(place, problem=str(row)) if isinstance(row, Refused) else _one(place, row, "csv")
    else:
        yield from _json(path.name, text_of(data), format_)


def _json(name: str, text: str, format_: str) -> Iterator[Found]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"The file is no JSON that can be read: {error}.") from error
    cases = value if isinstance(value, list) else [value]
    for number, case in enumerate(cases, start=1):
        place = f"{name}, case {number}" if isinstance(value, list) else name
        kind = "phenopacket" if format_ == "phenopacket" or parser.is_phenopacket(case) else "json"
        yield _one(place, case, kind)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _one(place: str, case: Any, kind: str) -> Found:
    try:
        record = parser.read(case) if kind == "phenopacket" else tables.read(case, kind)
    except Refused as error:
        return Found(place, problem=str(error))
    record.place = place
    return Found(place, record)


def text_of(data: bytes) -> str:
    """UTF-8, or UTF-16 that says so at its beginning. Raises Refused: guessing an encoding makes wrong names of places."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            f"The file is not in UTF-8 (byte {error.start + 1}). Save it again as UTF-8: spreadsheets call it ‘CSV UTF-8’."
        ) from error
    if "\0" in text:
        raise Refused("The file has NUL characters: it is no text.")
    return text
