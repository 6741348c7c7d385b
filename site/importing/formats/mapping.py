"""The mapping file: what an archive calls our columns and values.

A TOML file with any of these tables; docs/importing.md has an example of each.

    [columns]           # heading in the archive = our column, or "" to leave it out
    [values.outcome]    # value in the archive = our value
    [defaults]          # our column = the value of rows that have none
    [headings]          # before, during, after = words of headings that begin the part
    [wordpress]         # post_types, statuses, files_url
    [folder]            # table
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from conditions.words import fold
from importing.columns import column_of
from importing.html_pieces import Piece
from importing.records import PARTS, Refused, Row
from importing.text_blocks import HEADINGS

TABLES = ("columns", "values", "defaults", "headings", "wordpress", "folder")


@dataclass(frozen=True)
class Mapping:
    columns: AnyMapping[str, str] = field(default_factory=dict)
    values: AnyMapping[str, AnyMapping[str, Any]] = field(default_factory=dict)
    defaults: AnyMapping[str, Any] = field(default_factory=dict)
    headings: AnyMapping[str, frozenset[str]] = field(default_factory=lambda: HEADINGS)
    wordpress: AnyMapping[str, Any] = field(default_factory=dict)
    folder: AnyMapping[str, Any] = field(default_factory=dict)
    # Which headings are ours without being mapped.
    known_column: Callable[[str], str | None] = column_of

    @cached_property
    def _columns(self) -> dict[str, str]:
        return {_key(heading): column for heading, column in self.columns.items()}

    def column(self, heading: str) -> str | None:
        """Return our column for a heading of the archive; '' to leave it out, None if it is unknown."""
        mapped = self._columns.get(_key(heading))
        return mapped if mapped is not None else (self.known_column(heading) or None)

    def row(
        self, place: str, given: Iterable[tuple[str, Any]], *, pieces: Iterable[Piece] = (), **more: Any
    ) -> Row:
        """Return the row with these cells (heading, value). Cells of one column are joined in a list."""
        cells: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for heading, value in given:
            column = self.column(heading)
            if column is None:
                unknown[heading] = value
            elif column:
                _put(cells, column, self._value(column, value))
        for column, value in self.defaults.items():
            if cells.get(column) in (None, "", []):
                cells[column] = value
        return replace(Row(place, cells, unknown, **more), pieces=tuple(pieces), headings=self.headings)

    def _value(self, column: str, value: Any) -> Any:
        known = self.values.get(column)
        if known is None:
            return value
        if isinstance(value, list):
            return [self._value(column, one) for one in value]
        folded = fold(str(value))
        return next((ours for theirs, ours in known.items() if fold(theirs) == folded), value)


def _key(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _put(cells: dict[str, Any], column: str, value: Any) -> None:
    if cells.get(column) in (None, "", []):
        cells[column] = value
    elif value not in (None, "", []):
        held, added = cells[column], value
        cells[column] = [*(held if isinstance(held, list) else [held]),
                         *(added if isinstance(added, list) else [added])]  # fmt: skip


def read_mapping(path: Path | None) -> Mapping:
    """Return the mapping in a TOML file; an empty one without a file. Raises Refused."""
    if path is None:
        return Mapping()
    try:
        read = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Refused(f"{path}: the mapping file cannot be read: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} is not a TOML file: {error}.") from error
    if strange := [name for name in read if name not in TABLES or not isinstance(read[name], dict)]:
        raise Refused(f"{path.name} has ‘{strange[0]}’. It may have the tables {', '.join(TABLES)}.")
    columns = {str(heading): str(column) for heading, column in read.get("columns", {}).items()}
    for heading, column in [*columns.items(), *((name, name) for name in read.get("defaults", {}))]:
        if column and not column_of(column):
            raise Refused(f"{path.name}: ‘{heading}’ is mapped to ‘{column}’, which is not a column of ours.")
    headings = dict(HEADINGS)
    for part, words in read.get("headings", {}).items():
        if part not in PARTS or not isinstance(words, list):
            raise Refused(
                f"{path.name}: headings may be given for {', '.join(PARTS)}, each as a list of words."
            )
        headings[part] = headings[part] | {fold(str(word)) for word in words}
    return Mapping(
        columns,
        read.get("values", {}),
        read.get("defaults", {}),
        headings,
        read.get("wordpress", {}),
        read.get("folder", {}),
    )
