"""Reads tables that editors upload or import: CSV with comma, semicolon or tab, in any usual encoding. No
database.

    decoded = table_text(data)              # decoded.note: what to tell the editor about the encoding
    for row in table_rows(decoded.text):    # the first row holds the headings
        row.line, row.cells

Every error is an UnreadableTable that says the line, where there is one, and what to do.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from django.utils.translation import gettext as _

from uploads.errors import EditorError
from uploads.text_decoding import DecodedText, NotText, decoded_text

DELIMITERS = ",;\t"
LONGEST_CELL = 32 * 1024 * 1024  # characters
# XLSX and ODS are ZIP archives; XLS is an OLE2 file.
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_QUOTED = re.compile(r'"[^"]*"?')


class UnreadableTable(EditorError):
    """The file is not a table that can be read, or not from some line on; the message says what to do.

    `line`: the line where the row starts that cannot be read; 0 for the whole file.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with at least one cell that is not blank. `line`: the line where it starts, as text editors
    count.
    """

    line: int
    cells: list[str]


def table_text(data: bytes) -> DecodedText:
    """Return the text of a CSV or TSV file. Raises UnreadableTable for an empty file and for one that is not
    text.
    """
    if not data.strip():
        raise UnreadableTable(_("The file is empty. Choose a file with a table."))
    if data.startswith(_SPREADSHEETS):
        raise UnreadableTable(
            _(
                "This is a spreadsheet, not a CSV file. Save the table as ‘CSV UTF-8’ in the spreadsheet "
                "program and choose that file."
            )
        )
    try:
        decoded = decoded_text(data)
    except NotText as error:
        raise UnreadableTable(
            _("This is not a CSV file. Save the table as ‘CSV UTF-8’ and choose that file.")
        ) from error
    if (position := decoded.text.find("\0")) >= 0:
        line = decoded.text.count("\n", 0, position) + 1
        raise UnreadableTable(
            _(
                "Line %(line)s has a NUL character, which a table cannot contain. Save the table as "
                "‘CSV UTF-8’ and choose that file."
            )
            % {"line": line}
        )
    return decoded


def delimiter_of(text: str) -> str:
    """Return the delimiter of a table: that of `DELIMITERS` which is most frequent in the first line, else a
    comma.

    Characters in quotation marks do not count.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=_QUOTED.sub("", first).count)


def table_rows(text: str, delimiter: str = "") -> Iterator[TableRow]:
    """Yield the rows of a table, headings included, blank rows left out. `delimiter`: '' to find it out.

    Raises UnreadableTable at a row that cannot be read; the rows above it have been yielded by then.
    """
    text = text.removeprefix("\ufeff")
    yield from rows_of_lines(io.StringIO(text, newline=""), delimiter or delimiter_of(text))


def rows_of_lines(file: TextIO, delimiter: str) -> Iterator[TableRow]:
    """Yield the rows of a table that is read line by line (opened with `newline=""`)."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        start = lines.count + 1
        try:
            cells = _next_row(reader)
        except csv.Error as error:
            raise UnreadableTable(
                _("Line %(line)s cannot be read as CSV (%(reason)s). Correct it, or save the table again.")
                % {"line": start, "reason": error},
                start,
            ) from error
        if cells is None:
            return
        if lines.ended:
            raise UnreadableTable(
                _("A quotation mark is opened in line %(line)s and never closed. Add the closing mark.")
                % {"line": start},
                start,
            )
        if any(cell.strip() for cell in cells):
            yield TableRow(start, cells)


class _Lines:
    """The lines of a text for `csv.reader`: counts them, and notes when the reader asked for more than there
    are.
    """

    def __init__(self, lines: TextIO) -> None:
        self.lines = lines
        self.count = 0
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.lines.readline()
        if not line:
            # A reader that still wants lines while it builds a row is inside quotation marks.
            self.ended = True
            raise StopIteration
        self.count += 1
        return line


def _next_row(reader: Iterator[list[str]]) -> list[str] | None:
    # The limit belongs to the whole process: other code relies on the value it found.
    usual = csv.field_size_limit(LONGEST_CELL)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(usual)
