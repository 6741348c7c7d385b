"""CSV with speaker, words and start: in any order under headings, in this order without. Pure."""

from __future__ import annotations

from transcripts.cues import Cue, TranscriptRead, Unreadable, Unused, close_ends, joined, seconds
from uploads.tables import UnreadableTable, delimiter_of, table_rows

HEADINGS = {
    "speaker": {"speaker", "who", "name", "voice", "participant"},
    "words": {"words", "text", "transcript", "utterance", "content", "said"},
    "start": {"start", "time", "begin", "start time", "start_time", "timestamp", "in", "from"},
    "end": {"end", "stop", "end time", "end_time", "out", "to"},
}
WITHOUT_HEADINGS = {"speaker": 0, "words": 1, "start": 2, "end": 3}


def headings(row: list[str]) -> dict[str, int] | None:
    """Return the meaning of each column; None if the row does not hold headings."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        for meaning, names in HEADINGS.items():
            if cell.strip("\ufeff \t").casefold() in names:
                columns.setdefault(meaning, index)
    return columns if "words" in columns and len(columns) > 1 else None


def read(text: str) -> TranscriptRead:
    """Return the cues of a table. Raises Unreadable if no column holds words."""
    text = text.replace("\0", "").lstrip("\ufeff")
    delimiter = delimiter_of(text)
    unused: list[Unused] = []
    cues: list[Cue] = []
    columns: dict[str, int] | None = None
    try:
        for row in table_rows(text, delimiter):
            if columns is None:
                columns = headings(row.cells)
                if columns:
                    continue
                columns = _without_headings(row.cells)
            cue = _cue(row.cells, columns, row.line, delimiter, unused)
            if cue:
                cues.append(cue)
    except UnreadableTable as error:
        unused.append(Unused(error.line, "", str(error)))
    return TranscriptRead("csv", close_ends(cues), unused)


def _without_headings(cells: list[str]) -> dict[str, int]:
    if len(cells) < 2:
        raise Unreadable("The table needs the columns speaker, words and start, with these headings.")
    return WITHOUT_HEADINGS


def _cue(
    cells: list[str], columns: dict[str, int], line: int, delimiter: str, unused: list[Unused]
) -> Cue | None:
    """Return the cue of a row; None, with a line in `unused`, for a row without words."""
    values = {meaning: cells[index].strip() for meaning, index in columns.items() if index < len(cells)}
    words = joined([values.get("words", "")])
    if not words:
        unused.append(Unused(line, delimiter.join(cells), "There are no words in this row."))
        return None
    start, end = seconds(values.get("start", "")), seconds(values.get("end", ""))
    if values.get("start") and start is None:
        reason = f"‘{values['start'][:40]}’ is not a time; the words are kept."
        unused.append(Unused(line, delimiter.join(cells), reason))
    return Cue(start, end if start is not None else None, joined([values.get("speaker", "")]), words)
