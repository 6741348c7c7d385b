"""A folder of DOCX or HTML files, with a table that says more about each of them.

The table (stories.csv, or as the mapping file names it) has a column ‘file’ and any other columns. Without a
table, each file is a story: its id is the name of the file, its title the first heading.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mammoth

from importing.formats.csv_rows import CsvSource
from importing.formats.json_lines import JsonLinesSource
from importing.formats.source import Source
from importing.html_pieces import Link, Picture, Piece
from importing.html_reader import read_html
from importing.records import Refused, Row, within
from importing.text_blocks import title_of
from uploads.text_decoding import NotText, decoded_text

TABLES = ("stories.csv", "stories.jsonl", "mapping.csv")
DOCUMENTS = (".docx", ".html", ".htm")
_CHARSET = re.compile(rb"""<meta\b[^>]*charset=["']?([\w-]+)""", re.IGNORECASE)
LARGEST = 40 * 1024 * 1024  # bytes of one document
LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes; a small file could unpack to any size
# Word's styles for the title of a document are headings too.
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Quote'] => blockquote > p:fresh
"""


class FolderSource(Source):
    def rows(self) -> Iterator[Row]:
        files = sorted(path for path in self.path.resolve().rglob("*") if path.suffix.lower() in DOCUMENTS)
        files = [path for path in files if not path.name.startswith(("~$", "._"))]
        table = self._table()
        listed: set[Path] = set()
        if table is not None:
            for row in table.rows():
                path = self._file_of(row)
                if path:
                    listed.add(path)
                yield self._with_text(row, path)
                self.done = len(listed) / max(1, len(files))
            for note in table.notes:
                self.note(note)
            if left := [path for path in files if path.resolve() not in listed]:
                names = ", ".join(str(path.relative_to(self.path.resolve())) for path in left[:5])
                self.note(f"{len(left)} documents are not in the table {table.path.name}: {names}"
                          f"{' …' if len(left) > 5 else ''}")  # fmt: skip
            return
        if not files:
            raise Refused(f"{self.path}: there are no DOCX or HTML files and no table {TABLES[0]}.")
        for number, path in enumerate(files, start=1):
            name = path.relative_to(self.path.resolve()).as_posix()
            yield self._with_text(self.mapping.row(name, [("id", name)]), path)
            self.done = number / len(files)

    def _table(self) -> Source | None:
        named = str(self.mapping.folder.get("table", ""))
        if named and not (self.path / named).is_file():
            raise Refused(f"{self.path}: the table ‘{named}’ of the mapping file is not there.")
        names = [name for name in (named, *TABLES) if name]
        found = next((path for name in names if (path := self.path / name).is_file()), None)
        if found is None:
            return None
        kind: type[Source] = JsonLinesSource if found.suffix == ".jsonl" else CsvSource
        return kind(found, self.mapping)

    def _file_of(self, row: Row) -> Path | None:
        return within(self.path, str(row.cells.get("file") or "")) if row.cells.get("file") else None

    def _with_text(self, row: Row, path: Path | None) -> Row:
        """Return the row with the pieces of its document, and with its title where the row has none."""
        named = row.cells.get("file")
        if row.problem or (path is None and not named):
            return row
        if path is None:
            return replace(
                row, problem=f"The file ‘{named}’ is not in the folder. Put it there or correct the name."
            )
        try:
            pieces, remarks = read_document(path)
        except Refused as error:
            return replace(row, problem=str(error))
        beside = path.parent.relative_to(self.path.resolve())
        pieces = [_located(piece, beside) for piece in pieces]
        cells: dict[str, Any] = dict(row.cells)
        if not cells.get("title"):
            cells["title"] = title_of(pieces)
        if not cells.get("id"):
            cells["id"] = str(path.relative_to(self.path.resolve()))
        return replace(row, cells=cells, pieces=tuple(pieces), remarks=(*row.remarks, *remarks))


def _located(piece: Piece, folder: Path) -> Piece:
    """Return a picture or link of a document with its path in the whole folder."""
    if isinstance(piece, Picture) and "://" not in piece.source:
        return replace(piece, source=(folder / piece.source).as_posix())
    if isinstance(piece, Link) and "://" not in piece.target:
        return replace(piece, target=(folder / piece.target).as_posix())
    return piece


def read_document(path: Path) -> tuple[list[Piece], list[str]]:
    """Return the pieces of a DOCX or HTML file, and remarks. Raises Refused."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path.name} is larger than 40 MB. Make its pictures smaller.")
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror or error}.") from error
    if path.suffix.lower() == ".docx":
        return _docx(path.name, data)
    try:
        text, note = _html_text(data)
    except NotText as error:
        raise Refused(f"{path.name} is not an HTML file. Save it as ‘Web page, filtered’.") from error
    return read_html(text), [note] if note else []


def _html_text(data: bytes) -> tuple[str, str]:
    """Return the text of an HTML file in the encoding that it declares, else as other files are decoded."""
    declared = _CHARSET.search(data[:2048])
    if declared:
        try:
            return data.decode(declared[1].decode("ascii")), ""
        except (LookupError, UnicodeDecodeError):
            pass
    decoded = decoded_text(data)
    return decoded.text, decoded.note


def _docx(name: str, data: bytes) -> tuple[list[Piece], list[str]]:
    damaged = f"{name} is damaged or is not a Word document. Open it and save it again as .docx."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise Refused(damaged)
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Refused(f"{name} is larger than 60 MB when unpacked. Make its pictures smaller.")
        result: Any = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES, convert_image=mammoth.images.img_element(_no_picture)
        )
    except Refused:
        raise
    except Exception as error:  # the library raises whatever its XML, ZIP and style readers raise
        raise Refused(damaged) from error
    pictures = result.value.count("<img ")
    remarks = [
        f"{pictures} pictures inside {name} were left out. Save them as files and name them in the table."
    ]
    return read_html(result.value), remarks if pictures else []


def _no_picture(_image: Any) -> dict[str, str]:
    return {"src": ""}
