"""Reads vocabulary files into records. Pure: no Django, no database.

Two formats: OBO (see `obo.py`) and a table, as CSV with comma, semicolon or tab, whose columns are COLUMNS.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path

from conditions.obo import read_obo
from conditions.records import (
    LONGEST_NAME,
    LONGEST_SLUG,
    NameRecord,
    Reading,
    Remark,
    TermRecord,
    UnreadableFile,
    parents_first,
    shorten,
    tidy,
)
from conditions.systems import SYSTEMS, CodeError, normalise
from conditions.words import fold

__all__ = [
    "COLUMNS",
    "NameRecord",
    "Reading",
    "Remark",
    "TermRecord",
    "UnreadableFile",
    "parents_first",
    "read_csv",
    "read_file",
    "read_obo",
]

NAME_COLUMNS = {"lay_names": "lay", "synonyms": "synonym", "abbreviations": "abbreviation"}
COLUMNS = ("slug", "parent", "name", *NAME_COLUMNS, *SYSTEMS, "description")
LANGUAGES = ("en", "ar", "es", "ru", "ro")

_LARGEST_FILE = 200 * 1024 * 1024
_LANGUAGE = re.compile(r"([a-z]{2}(?:-[a-z]{2,4})?):\s*(.*)", re.DOTALL)
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


def read_file(path: Path, form: str = "", root: str = "", languages: Collection[str] = LANGUAGES) -> Reading:
    """The records of a file. `form` is "obo" or "csv"; without it, the file's ending and content decide.

    Raises UnreadableFile when the file is missing, too large, not UTF-8 or not of its form.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UnreadableFile(f"{path} is larger than {_LARGEST_FILE // 1024 // 1024} MB.")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path} is not UTF-8 text (line {line}). Save it as UTF-8.") from error
    if not form:
        form = "obo" if path.suffix.lower() == ".obo" or "\n[Term]" in text[:100_000] else "csv"
    if form == "obo":
        return read_obo(text, root=root)
    if root:
        raise UnreadableFile("Only an OBO file can be cut down to what lies below one term.")
    return read_csv(text, source=path.stem.lower()[:60], languages=languages)


def read_csv(text: str, source: str = "csv", languages: Collection[str] = LANGUAGES) -> Reading:
    """The terms of a table. Raises UnreadableFile when it has no `name` column or is no table at all."""
    reading = Reading(source=source)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [cell.strip().lower().lstrip("\ufeff") for cell in next(table, [])]
        if "name" not in header:
            raise UnreadableFile(f"The first line must name the columns. Known are: {', '.join(COLUMNS)}.")
        for column in header:
            if column not in COLUMNS:
                reading.remark(1, column, "a column we do not know")
        taken: dict[str, int] = {}
        for cells in table:
            row = table.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                reading.refuse(row, delimiter.join(cells), "more cells than the first line has columns")
                continue
            record = _record(row, dict(zip(header, cells, strict=False)), reading, languages)
            if record is None:
                continue
            if record.key in taken:
                reading.refuse(row, record.key, f"this term stands already in line {taken[record.key]}")
                continue
            taken[record.key] = row
            reading.records.append(record)
    except csv.Error as error:
        raise UnreadableFile(f"Line {table.line_num} is not CSV: {error}.") from error
    return reading


def _record(
    row: int, cells: dict[str, str], reading: Reading, languages: Collection[str]
) -> TermRecord | None:
    name, slug = tidy(cells.get("name", "")), cells.get("slug", "").strip()
    problem = ""
    if not fold(name):
        problem = "no name"
    elif len(name) > LONGEST_NAME:
        problem = f"a name longer than {LONGEST_NAME} characters"
    elif slug and not _SLUG.fullmatch(slug):
        problem = f"the slug “{shorten(slug)}” may only hold letters a to z, digits, - and _"
    elif len(slug) > LONGEST_SLUG:
        problem = f"a slug longer than {LONGEST_SLUG} characters"
    elif slug and slug == cells.get("parent", "").strip():
        problem = "the term is its own parent"
    if problem:
        reading.refuse(row, name or " ".join(cells.values()), problem)
        return None
    return TermRecord(
        row=row,
        key=slug or fold(name).replace(" ", "-"),
        parent=cells["parent"].strip() if "parent" in cells else None,
        name=name,
        slug=slug,
        description=tidy(cells.get("description", "")),
        names=tuple(_names(row, name, cells, reading, languages)),
        codes=tuple(_codes(row, cells, reading)),
    )


def _names(
    row: int, own: str, cells: dict[str, str], reading: Reading, languages: Collection[str]
) -> list[NameRecord]:
    """Names are parted by semicolons; one that is not English starts with its language: `es:ictus`."""
    names: list[NameRecord] = []
    seen = {("en", fold(own))}
    for column, kind in NAME_COLUMNS.items():
        for part in cells.get(column, "").split(";"):
            name, language = tidy(part), "en"
            if marked := _LANGUAGE.fullmatch(name):
                language, name = marked[1], marked[2].strip()
            if not fold(name):
                if tidy(part):
                    reading.remark(row, part, f"no name in {column}")
            elif language not in languages:
                reading.remark(row, part, f"“{language}” is not a language of this site")
            elif len(name) > LONGEST_NAME:
                reading.remark(row, part, f"a name longer than {LONGEST_NAME} characters")
            elif (language, fold(name)) not in seen:
                seen.add((language, fold(name)))
                names.append(NameRecord(name, language, kind))
    return names


def _codes(row: int, cells: dict[str, str], reading: Reading) -> list[tuple[str, str]]:
    codes: dict[tuple[str, str], None] = {}
    for system in SYSTEMS:
        for part in cells.get(system, "").split(";"):
            if tidy(part):
                try:
                    codes[(system, normalise(system, part))] = None
                except CodeError as error:
                    reading.remark(row, part, str(error))
    return list(codes)
