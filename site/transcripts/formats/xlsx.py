"""Excel workbooks: the first sheet that is a table of words. Pure.

Source: ECMA-376 part 1, section 18 (SpreadsheetML). Times that Excel keeps as a part of a day become clock
times.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from transcripts.cues import TranscriptRead, Unreadable, joined
from transcripts.formats import table
from transcripts.formats.office_zip import names_in, part_of, xml_part
from transcripts.formats.xml_tree import attribute, local

_SHEET = re.compile(r"xl/worksheets/sheet(\d{1,4})\.xml")
_CELL = re.compile(r"([A-Z]{1,3})\d+")
_BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_DAY = 86_400
MOST_SHEETS = 20


def read(data: bytes) -> TranscriptRead:
    """Return the cues of the first sheet with a table of words. Raises Unreadable if there is none."""
    xml_part(data, "xl/workbook.xml", "Excel workbook (.xlsx)")
    shared = _shared_strings(data)
    times = _time_styles(data)
    sheets = sorted(
        (name for name in names_in(data) if _SHEET.fullmatch(name)), key=lambda name: (len(name), name)
    )
    for name in sheets[:MOST_SHEETS]:
        sheet = part_of(data, name)
        rows = _rows(sheet, shared, times) if sheet is not None else []
        if table.is_table(rows):
            return table.read_rows(enumerate(rows, 1), "xlsx")
    raise Unreadable(
        "No sheet of the Excel workbook is a table of words. It needs the columns speaker, words and start."
    )


def _shared_strings(data: bytes) -> list[str]:
    root = part_of(data, "xl/sharedStrings.xml")
    if root is None:
        return []
    return [
        joined("".join(part.text or "" for part in one.iter() if local(part) == "t").split("\n"))
        for one in root
        if local(one) == "si"
    ]


def _time_styles(data: bytes) -> set[int]:
    """Return the numbers of the cell styles that show a time."""
    root = part_of(data, "xl/styles.xml")
    if root is None:
        return set()
    own = {
        attribute(one, "numFmtId")
        for one in root.iter()
        if local(one) == "numfmt" and re.search(r"(?<!\\)(?:h|ss)", attribute(one, "formatCode").lower())
    }
    formats = next((one for one in root.iter() if local(one) == "cellxfs"), ())
    return {
        index
        for index, one in enumerate(formats)
        if (number := attribute(one, "numFmtId")) in own
        or (number.isdigit() and int(number) in _BUILT_IN_TIMES)
    }


def _rows(sheet: Element, shared: list[str], times: set[int]) -> list[list[str]]:
    rows = []
    for row in (one for one in sheet.iter() if local(one) == "row"):
        cells: dict[int, str] = {}
        for index, cell in enumerate(one for one in row if local(one) == "c"):
            place = _CELL.fullmatch(cell.get("r", ""))
            cells[_column(place[1]) if place else index] = _value(cell, shared, times)
        width = min(max(cells, default=-1) + 1, 100)
        rows.append([cells.get(at, "") for at in range(width)])
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Element, shared: list[str], times: set[int]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return joined("".join(part.text or "" for part in cell.iter() if local(part) == "t").split("\n"))
    value = next((one.text or "" for one in cell if local(one) == "v"), "").strip()
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind != "n":
        return joined([value])
    style = cell.get("s", "")
    return _number(value, style.isdigit() and int(style) in times)


def _number(value: str, is_time: bool) -> str:
    """Return a number as Excel shows it: a time of day as 1:02:03.500."""
    try:
        number = float(value)
    except ValueError:
        return value
    if is_time and 0 <= number < 1000:
        seconds = number * _DAY
        hours, rest = divmod(round(seconds * 1000), 3_600_000)
        minutes, thousandths = divmod(rest, 60_000)
        return f"{hours}:{minutes:02}:{thousandths / 1000:06.3f}"
    return value
