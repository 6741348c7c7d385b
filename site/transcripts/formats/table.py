"""Tables with words, and maybe speakers and times: CSV, TSV, and those in DOCX, XLSX and HTML. Pure.

The headings say what a column holds, in several languages; without headings, what is in the cells does.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused, close_ends, joined, seconds
from transcripts.formats.labelled import labelled
from transcripts.formats.table_columns import columns_of, headings, is_time
from transcripts.stamps import Clock
from uploads.tables import UnreadableTable, delimiter_of, table_rows

Row = tuple[int, list[str]]
ABOVE = 10  # rows above the headings that may hold a title
# People say two words a second; if a table has them say one in twenty seconds, its times are milliseconds.
SLOWEST = 0.05


def looks_like(text: str) -> bool:
    """Return whether the first line of a text holds the headings of a table."""
    first = next((line for line in text[:20_000].splitlines() if line.strip()), "")
    return any(headings([cell.strip('" ') for cell in first.split(mark)]) for mark in (",", ";", "\t"))


def is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether these rows are a table of words, and not one that only arranges a page."""
    wide = [row for row in rows if sum(1 for cell in row if cell.strip()) > 1]
    return len(wide) > 1 and len(wide) * 2 > len(rows)


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of a CSV or TSV file. Raises Unreadable if no column holds words."""
    text = text.replace("\0", "").lstrip("\ufeff")
    rows: list[Row] = []
    unused: list[Unused] = []
    try:
        rows.extend((row.line, row.cells) for row in table_rows(text, delimiter_of(text)))
    except UnreadableTable as error:
        unused.append(Unused(error.line, "", str(error)))
    found = read_rows(rows, "csv")
    return TranscriptRead("csv", found.cues, [*found.unused, *unused], found.notes)


@dataclass(frozen=True)
class _TableReader:
    """What the columns of one table mean: names of meanings and their index."""

    columns: dict[str, int]
    clock: Clock
    scale: float

    def value(self, cells: Sequence[str], meaning: str) -> str:
        index = self.columns.get(meaning, -1)
        return cells[index].strip() if 0 <= index < len(cells) else ""

    def times(self, cells: Sequence[str]) -> tuple[float | None, float | None]:
        """Return start and end of a row in seconds; None for what it does not have."""
        start, until = self._time(self.value(cells, "start"))
        end = self._time(self.value(cells, "end"))[0]
        length = self._time(self.value(cells, "duration"))[0]
        if end is None:
            end = until if until is not None or length is None or start is None else start + length
        return start, end if start is not None and end is not None and end >= start else None

    def _time(self, cell: str) -> tuple[float | None, float | None]:
        number = seconds(cell)
        if number is not None and ":" not in cell:
            return round(number * self.scale, 3), None
        return self.clock.times(cell) if is_time(cell) else (None, None)


def read_rows(rows: Iterable[Row], code: str) -> TranscriptRead:
    """Return the cues of a table. Raises Unreadable if no column holds words."""
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    at = next((index for index, (_line, cells) in enumerate(filled[:ABOVE]) if headings(cells)), None)
    unused = [
        Unused(line, " ".join(cells), "It stands above the headings.") for line, cells in filled[: at or 0]
    ]
    body = filled if at is None else filled[at + 1 :]
    given = None if at is None else filled[at][1]
    columns = headings(given) if given else columns_of([cells for _line, cells in body])
    if columns is None:
        raise Unreadable("The table needs the columns speaker, words and start, with these headings.")
    reader, notes = _reader(columns, given or [], [cells for _line, cells in body])
    cues: list[Cue] = []
    for line, cells in body:
        if given is None or [cell.strip() for cell in cells] != [cell.strip() for cell in given]:
            cues += _cue(reader, cells, line, unused)
    return TranscriptRead(code, close_ends(labelled(cues)), unused, notes)


def _cue(reader: _TableReader, cells: list[str], line: int, unused: list[Unused]) -> list[Cue]:
    """Return the cue of a row; nothing, with a line in `unused`, for a row without words."""
    words = reader.value(cells, "words")
    if not words:
        unused.append(Unused(line, ",".join(cells), "There are no words in this row."))
        return []
    start, end = reader.times(cells)
    if (given := reader.value(cells, "start")) and start is None:
        reason = f"‘{given[:40]}’ is not a time; the words are kept."
        unused.append(Unused(line, ",".join(cells), reason))
    speaker = joined([reader.value(cells, "speaker")]).removesuffix(":").rstrip()
    return [Cue(start, end, speaker, words if not speaker else joined([words]))]


def _reader(
    columns: dict[str, int], given: Sequence[str], body: Sequence[Sequence[str]]
) -> tuple[_TableReader, list[str]]:
    """Return what the columns mean, and notes on what was guessed or left out."""
    times = [
        cells[columns[meaning]].strip()
        for cells in body
        for meaning in ("start", "end", "duration")
        if meaning in columns and columns[meaning] < len(cells)
    ]
    clock = Clock.of([cell for cell in times if ":" in cell or ";" in cell])
    notes = [clock.note] if clock.note else []
    reader = _TableReader(columns, clock, 1.0)
    if _are_milliseconds(reader, given, body):
        reader = _TableReader(columns, clock, 0.001)
        notes.append("The times are numbers without a unit; they are read as milliseconds.")
    left = [
        name.strip() for index, name in enumerate(given) if name.strip() and index not in columns.values()
    ]
    if left:
        notes.append(f"Columns that were left out: {', '.join(left)[:300]}.")
    return reader, notes


def _are_milliseconds(reader: _TableReader, given: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    starts = [reader.value(cells, "start") for cells in body]
    if not any(starts) or not all(start.isascii() and start.isdigit() for start in starts if start):
        return False
    heading = given[reader.columns["start"]] if reader.columns["start"] < len(given) else ""
    if heading.casefold().replace("_", " ").replace("(", " ").split()[-1:] in (
        ["ms"],
        ["ms)"],
        ["milliseconds"],
    ):
        return True
    times = [reader.times(cells) for cells in body]
    following = [start for start, _end in times[1:]] + [None]
    rates = []
    for cells, (start, end), later in zip(body, times, following, strict=True):
        until = end if end is not None else later
        if start is not None and until is not None and until > start:
            rates.append(len(reader.value(cells, "words").split()) / (until - start))
    return bool(rates) and statistics.median(rates) < SLOWEST
