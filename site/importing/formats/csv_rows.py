"""CSV with comma, semicolon or tab, in any usual encoding; the first row holds the headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from importing.formats.source import Source
from importing.records import Refused, Row
from uploads.table_files import TableFile, open_table
from uploads.tables import UnreadableTable


class CsvSource(Source):
    def rows(self) -> Iterator[Row]:
        try:
            with open_table(self.path) as table:
                self.note(table.note)
                yield from self._rows(table)
        except UnreadableTable as error:
            # From this line on nothing can be read: an unclosed quotation mark may swallow the rest.
            if not error.line:
                raise Refused(f"{self.path.name}: {error}") from error
            yield Row(f"{self.path.name}, line {error.line}", problem=str(error))

    def _rows(self, table: TableFile) -> Iterator[Row]:
        rows = table.rows()
        first = next(rows, None)
        if first is None:
            raise Refused(f"{self.path.name} is empty.")
        headings = [" ".join(cell.removeprefix("\ufeff").split()) for cell in first.cells]
        twice = [name for name, number in Counter(filter(None, headings)).items() if number > 1]
        if twice:
            raise Refused(f"{self.path.name} has two columns ‘{twice[0]}’. Rename one of them.")
        for row in rows:
            place = f"{self.path.name}, line {row.line}"
            self.done = table.position / table.size
            if len(row.cells) > len(headings) and any(cell.strip() for cell in row.cells[len(headings) :]):
                yield Row(
                    place,
                    problem=f"The row has {len(row.cells)} cells and there are {len(headings)} headings. "
                    "Put cells that contain the separator into quotation marks.",
                )
                continue
            yield self.mapping.row(place, zip(headings, row.cells, strict=False))
