"""Reads archives row by row: JSON Lines, CSV, folders of documents, WordPress exports."""

from __future__ import annotations

from pathlib import Path

from importing.formats.csv_rows import CsvSource
from importing.formats.folder import FolderSource
from importing.formats.json_lines import JsonLinesSource
from importing.formats.mapping import Mapping
from importing.formats.source import Source
from importing.formats.wordpress import WordPressSource
from importing.records import Refused

ENDINGS: dict[str, type[Source]] = {
    ".jsonl": JsonLinesSource,
    ".ndjson": JsonLinesSource,
    ".csv": CsvSource,
    ".tsv": CsvSource,
    ".xml": WordPressSource,
}
BY_NAME: dict[str, type[Source]] = {"jsonl": JsonLinesSource, "csv": CsvSource, "wxr": WordPressSource}


def source_of(path: Path, mapping: Mapping, name: str = "") -> Source:
    """Return the reader of the archive at `path`. `name`: of the format, '' by the ending. Raises Refused."""
    if path.is_dir():
        return FolderSource(path, mapping)
    if not path.is_file():
        raise Refused(f"{path}: this file or folder does not exist.")
    kind = BY_NAME.get(name) or ENDINGS.get(path.suffix.lower())
    if kind is None:
        raise Refused(
            f"{path.name}: the format is not clear from the ending. Use .jsonl, .csv or .xml, or a folder."
        )
    return kind(path, mapping)


__all__ = ["BY_NAME", "Mapping", "Source", "source_of"]
