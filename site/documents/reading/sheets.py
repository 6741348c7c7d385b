"""Reads the parts of an Excel workbook. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from documents.archives import name_of, value_of
from documents.contents import Contents
from documents.reading.paragraphs import child_of

DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
DATE_CODE = re.compile(r"(?<![\\_*])[dyDY]")
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]')
FIRST_DAY, LAST_SERIAL = dt.datetime(1899, 12, 30), 2_958_465  # noqa: DTZ001 - a spreadsheet has no zone
HIDDEN_STATES = {"hidden", "veryHidden"}


@dataclass
class Workbook:
    """What cells refer to. `sheets`: (name, whether it is hidden) by the path of the part."""

    sheets: dict[str, tuple[str, bool]] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    date_styles: frozenset[int] = frozenset()


def string_of(element: Any) -> str:
    """Return the words of a shared or inline string, without the reading aids of Japanese."""
    pieces = []
    for child in element.iter():
        if name_of(child) == "t" and name_of(child.getparent()) != "rPh":
            pieces.append(child.text or "")
    return "".join(pieces)


def date_styles_of(styles: Any) -> frozenset[int]:
    """Return the numbers of the cell styles that show a number as a date."""
    own = {
        value_of(one, "numFmtId"): value_of(one, "formatCode")
        for one in styles.iter()
        if name_of(one) == "numFmt"
    }
    dates = {key for key, code in own.items() if DATE_CODE.search(QUOTED.sub("", code))}
    formats = child_of(styles, "cellXfs")
    found = set()
    for number, style in enumerate(formats if formats is not None else ()):
        key = value_of(style, "numFmtId")
        if key in dates or (key.isdigit() and int(key) in DATE_FORMATS):
            found.add(number)
    return frozenset(found)


def read_workbook(root: Any, found: Contents) -> None:
    """Read the names of sheets and of ranges."""
    for element in root.iter():
        if name_of(element) == "sheet":
            hidden = value_of(element, "state") in HIDDEN_STATES
            found.add(
                "hidden sheet" if hidden else "sheet", value_of(element, "name"), value_of(element, "name")
            )
        elif name_of(element) == "definedName":
            name = value_of(element, "name")
            found.add("defined name", name, f"{name} {element.text or ''} {value_of(element, 'comment')}")


def read_sheet(root: Any, path: str, book: Workbook, found: Contents) -> None:
    """Read the cells of one sheet, its formulas, and what is printed above and below."""
    name, hidden = book.sheets.get(path, (path, True))
    columns = hidden_columns(root)
    for row in root.iter():
        if name_of(row) == "row":
            found.check_time()
            row_hidden = is_hidden(row)
            for cell in row:
                kind = (
                    "hidden sheet"
                    if hidden
                    else "hidden cell"
                    if row_hidden or is_in(cell, columns)
                    else "cell"
                )
                _read_cell(cell, kind, name, book, found)
        elif name_of(row) in {
            "oddHeader",
            "oddFooter",
            "evenHeader",
            "evenFooter",
            "firstHeader",
            "firstFooter",
        }:
            found.add("header", "", re.sub(r"&(?:[A-Z]|\"[^\"]*\"|\d+)", " ", row.text or ""))


def _read_cell(cell: Any, kind: str, sheet: str, book: Workbook, found: Contents) -> None:
    at = f"{sheet}!{value_of(cell, 'r')}"
    found.add(kind, at, shown_in(cell, book))
    formula = child_of(cell, "f")
    if formula is not None and formula.text and re.search(r"[\"'!\[]", formula.text):
        found.add("formula", at, formula.text)


def shown_in(cell: Any, book: Workbook) -> str:
    """Return what a cell shows: its string, or its number, as a date if its style says so."""
    kind, value = value_of(cell, "t"), child_of(cell, "v")
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        number = int(text) if text.isdigit() else -1
        book.used.add(number)
        return book.strings[number] if 0 <= number < len(book.strings) else ""
    if kind == "inlineStr":
        return string_of(cell)
    style = value_of(cell, "s")
    if kind in {"", "n"} and style.isdigit() and int(style) in book.date_styles:
        return _date(text)
    return text


def _date(text: str) -> str:
    try:
        serial = float(text)
    except ValueError:
        return text
    if not 60 < serial < LAST_SERIAL:
        return text
    return (FIRST_DAY + dt.timedelta(days=int(serial))).date().isoformat()


def is_hidden(row: Any) -> bool:
    """Return whether a row or column is hidden, filtered out, or too small to be seen."""
    return (
        value_of(row, "hidden") in {"1", "true"}
        or value_of(row, "ht") == "0"
        or value_of(row, "width") == "0"
    )


def hidden_columns(root: Any) -> list[tuple[int, int]]:
    """Return the hidden columns as (first, last), counted from 1."""
    ranges = []
    for column in root.iter():
        if name_of(column) == "col" and is_hidden(column):
            ranges.append((int(value_of(column, "min") or 0), int(value_of(column, "max") or 0)))
    return ranges


def is_in(cell: Any, columns: list[tuple[int, int]]) -> bool:
    """Return whether a cell stands in one of these columns."""
    if not columns:
        return False
    number = 0
    for letter in value_of(cell, "r"):
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return any(first <= number <= last for first, last in columns)


def read_comments(root: Any, found: Contents) -> None:
    """Read the notes on cells, or the discussions of newer versions, and who wrote them."""
    authors = [one.text or "" for one in root.iter() if name_of(one) == "author"]
    for author in authors:
        found.add("author", "", author)
    for comment in root.iter():
        if name_of(comment) in {"comment", "threadedComment"}:
            number, at = value_of(comment, "authorId"), value_of(comment, "ref")
            author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
            words = [string_of(comment)] + [one.text or "" for one in comment if name_of(one) == "text"]
            found.add("comment", f"{author} {at}".strip(), "\n".join(words))
