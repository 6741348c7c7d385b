"""CSV with speaker, words and start, in any order under a heading, in this order without one. Pure."""

from __future__ import annotations

import csv
import io

from interviews.transcripts.cues import Cue, TranscriptRead, Unreadable, Unused, close_ends, joined, seconds

HEADINGS = {
    "speaker": {"speaker", "who", "name", "voice", "participant"},
    "words": {"words", "text", "transcript", "utterance", "content", "said"},
    "start": {"start", "time", "begin", "start time", "start_time", "timestamp", "in", "from"},
    "end": {"end", "stop", "end time", "end_time", "out", "to"},
}
WITHOUT_HEADING = {"speaker": 0, "words": 1, "start": 2, "end": 3}
LONGEST_FIELD = 32 * 1024 * 1024


def headings(row: list[str]) -> dict[str, int] | None:
    """Which column is what; None when the row is no heading."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        for meaning, names in HEADINGS.items():
            if cell.strip("\ufeff \t").casefold() in names:
                found.setdefault(meaning, index)
    return found if "words" in found and len(found) > 1 else None


def read(text: str) -> TranscriptRead:
    """The cues of a table. Raises Unreadable when no column holds words."""
    first = text.lstrip("\ufeff").splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    unused: list[Unused] = []
    cues: list[Cue] = []
    columns: dict[str, int] | None = None
    reader = csv.reader(io.StringIO(text.replace("\0", "").lstrip("\ufeff"), newline=""), delimiter=delimiter)
    line = 1
    # The limit is the whole process's: other readers of tables count on the one they found.
    usual = csv.field_size_limit(LONGEST_FIELD)
    try:
        for row in reader:
            here, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = headings(row)
                if columns:
                    continue
                if len(row) < 2:
                    raise Unreadable(
                        "The table needs the columns speaker, words and start, with these headings."
                    )
                columns = WITHOUT_HEADING
            cells = {meaning: row[index].strip() for meaning, index in columns.items() if index < len(row)}
            words = joined([cells.get("words", "")])
            start, end = seconds(cells.get("start", "")), seconds(cells.get("end", ""))
            if not words:
                unused.append(Unused(here, delimiter.join(row), "There are no words in this row."))
                continue
            if cells.get("start") and start is None:
                unused.append(
                    Unused(
                        here, delimiter.join(row), f"‘{cells['start'][:40]}’ is no time; the words are kept."
                    )
                )
            cues.append(
                Cue(start, end if start is not None else None, joined([cells.get("speaker", "")]), words)
            )
    except csv.Error as error:
        unused.append(Unused(line, "", f"The table breaks off here: {error}."))
    finally:
        csv.field_size_limit(usual)
    return TranscriptRead("csv", close_ends(cues), unused)
