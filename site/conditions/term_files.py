"""Reads vocabulary files into records. No database.

Two formats: OBO (see `obo.py`), and a table (see `uploads.tables`) whose columns are COLUMNS.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from conditions.obo import read_obo
from conditions.records import (
    LONGEST_NAME,
    LONGEST_SLUG,
    NameRecord,
    ParsedVocabulary,
    TermRecord,
    UnreadableFile,
    shorten,
    tidy,
)
from conditions.systems import SYSTEMS, CodeError, normalise
from conditions.words import fold
from uploads.errors import EditorError
from uploads.tables import TableRow, UnreadableTable, table_rows, table_text

NAME_COLUMNS = {"lay_names": "lay", "synonyms": "synonym", "abbreviations": "abbreviation"}
COLUMNS = ("slug", "parent", "name", *NAME_COLUMNS, *SYSTEMS, "description")
LANGUAGES = ("en", "ar", "es", "ru", "ro")

_LARGEST_FILE = 200 * 1024 * 1024
_LANGUAGE = re.compile(r"([a-z]{2}(?:-[a-z]{2,4})?):\s*(.*)", re.DOTALL)
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


def read_file(
    path: Path, form: str = "", root: str = "", languages: Collection[str] = LANGUAGES
) -> ParsedVocabulary:
    """Return the records of a file. `form` is "obo" or "csv"; by default, the file's suffix and content
    decide.

    Raises UnreadableFile when the file is missing, too large, not text or not in its form.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UnreadableFile(
                f"{path} is larger than {_LARGEST_FILE // 1024 // 1024} MB. Split it and load the parts."
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    try:
        decoded = table_text(data)
    except EditorError as error:
        raise UnreadableFile(f"{path}: {error}") from error
    if not form:
        form = "obo" if path.suffix.lower() == ".obo" or "\n[Term]" in decoded.text[:100_000] else "csv"
    if form == "obo":
        parsed = read_obo(decoded.text, root=root)
    elif root:
        raise UnreadableFile("Only an OBO file can be limited to the terms below one term. Leave out --root.")
    else:
        parsed = read_csv(decoded.text, source=path.stem.lower()[:60], languages=languages)
    if decoded.note:
        parsed.remark(1, path.name, decoded.note)
    return parsed


def read_csv(text: str, source: str = "csv", languages: Collection[str] = LANGUAGES) -> ParsedVocabulary:
    """Return the terms of a table. Raises UnreadableFile when it has no `name` column or is not a table."""
    parsed = ParsedVocabulary(source=source)
    rows = table_rows(text)
    try:
        header = _header(next(rows, None), parsed)
        taken: dict[str, int] = {}
        for row in rows:
            if len(row.cells) > len(header):
                parsed.refuse(row.line, " ".join(row.cells), "more cells than the first line has columns")
                continue
            record = _record(row.line, dict(zip(header, row.cells, strict=False)), parsed, languages)
            if record is None:
                continue
            if record.key in taken:
                parsed.refuse(row.line, record.key, f"this term is already in line {taken[record.key]}")
                continue
            taken[record.key] = row.line
            parsed.records.append(record)
    except UnreadableTable as error:
        raise UnreadableFile(str(error)) from error
    return parsed


def _header(row: TableRow | None, parsed: ParsedVocabulary) -> list[str]:
    """Return the names of the columns, and remark on unknown ones. Raises UnreadableFile without `name`."""
    header = [cell.strip().lower() for cell in row.cells] if row else []
    if "name" not in header:
        raise UnreadableFile(
            "The first line must name the columns, and one of them must be ‘name’. "
            f"Known columns: {', '.join(COLUMNS)}."
        )
    for column in header:
        if column not in COLUMNS:
            parsed.remark(1, column, "an unknown column")
    return header


def _record(
    row: int, cells: dict[str, str], parsed: ParsedVocabulary, languages: Collection[str]
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
        parsed.refuse(row, name or " ".join(cells.values()), problem)
        return None
    return TermRecord(
        row=row,
        key=slug or fold(name).replace(" ", "-"),
        parent=cells["parent"].strip() if "parent" in cells else None,
        name=name,
        slug=slug,
        description=tidy(cells.get("description", "")),
        names=tuple(_names(row, name, cells, parsed, languages)),
        codes=tuple(_codes(row, cells, parsed)),
    )


def _names(
    row: int, own: str, cells: dict[str, str], parsed: ParsedVocabulary, languages: Collection[str]
) -> list[NameRecord]:
    """Return the other names of a row: separated by semicolons, `es:ictus` if not English."""
    names: list[NameRecord] = []
    seen = {("en", fold(own))}
    for column, kind in NAME_COLUMNS.items():
        for part in cells.get(column, "").split(";"):
            name, language = tidy(part), "en"
            if marked := _LANGUAGE.fullmatch(name):
                language, name = marked[1], marked[2].strip()
            if not fold(name):
                if tidy(part):
                    parsed.remark(row, part, f"no name in {column}")
            elif language not in languages:
                parsed.remark(row, part, f"“{language}” is not a language of this site")
            elif len(name) > LONGEST_NAME:
                parsed.remark(row, part, f"a name longer than {LONGEST_NAME} characters")
            elif (language, fold(name)) not in seen:
                seen.add((language, fold(name)))
                names.append(NameRecord(name, language, kind))
    return names


def _codes(row: int, cells: dict[str, str], parsed: ParsedVocabulary) -> list[tuple[str, str]]:
    codes: dict[tuple[str, str], None] = {}
    for system in SYSTEMS:
        for part in cells.get(system, "").split(";"):
            if tidy(part):
                try:
                    codes[(system, normalise(system, part))] = None
                except CodeError as error:
                    parsed.remark(row, part, str(error))
    return list(codes)
