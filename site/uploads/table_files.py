"""Reads a table from a file without holding the file in memory, by the policies of `uploads.text_decoding`
and `uploads.tables`.

    with open_table(path) as table:
        table.note                    # what to tell the editor about the encoding
        for row in table.rows():      # the first row holds the headings
            row.line, row.cells, table.position
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from uploads.tables import TableRow, delimiter_of, rows_of_lines, table_text
from uploads.text_decoding import SAMPLE, DecodedText

CHUNK = 1024 * 1024


class TableFile:
    """A table that is read row by row. `size` and `position` are in bytes."""

    def __init__(self, path: Path) -> None:
        self.binary: BinaryIO = path.open("rb")
        self.size = path.stat().st_size
        decoded = _how_to_decode(self.binary)
        self.note, self.delimiter = decoded.note, delimiter_of(decoded.text)
        self.binary.seek(0)
        self.text = io.TextIOWrapper(self.binary, encoding=decoded.encoding, errors="replace", newline="")

    def rows(self) -> Iterator[TableRow]:
        """Yield the rows, headings included. Raises UnreadableTable at a row that cannot be read."""
        return rows_of_lines(self.text, self.delimiter)

    @property
    def position(self) -> int:
        return min(self.binary.tell(), self.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.text.close()


def open_table(path: Path) -> TableFile:
    """Open a CSV or TSV file. Raises UnreadableTable for an empty file and one that is not text; OSError."""
    return TableFile(path)


def _how_to_decode(file: BinaryIO) -> DecodedText:
    """Return the encoding of a whole file, with the text of its first `SAMPLE` bytes.

    A file is UTF-8 only if all of it is: the first letter of another encoding may come late, so the file is
    read once. What is not UTF-8 is guessed from the bytes around that letter.
    """
    start = file.read(SAMPLE)
    first = table_text(_whole_lines(start))
    if first.encoding != "utf-8":
        return first
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    while chunk := file.read(CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            file.seek(max(0, at + error.start - SAMPLE // 2))
            around = table_text(file.read(SAMPLE))
            text = start.decode(around.encoding, errors="replace")
            return DecodedText(text, around.encoding, around.is_guessed, around.has_replacements)
        at += len(chunk)
    return first


def _whole_lines(data: bytes) -> bytes:
    """Return the start of a file without a last line that is cut, maybe in the middle of a letter."""
    if len(data) < SAMPLE:
        return data
    if b"\0" in data:  # UTF-16 or UTF-32, where a line does not end with the byte of a line feed
        return data[: len(data) // 4 * 4]
    return data[: data.rfind(b"\n") + 1] or data
