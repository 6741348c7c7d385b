"""A story as read from any of the formats, before it becomes a page. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importing.html_pieces import Piece
from uploads.errors import EditorError

PARTS = ("before", "during", "after")


class Refused(EditorError):
    """A row or a file that cannot be used; the message says what is wrong and how to fix it."""


@dataclass(frozen=True)
class FileReference:
    """A file that a row names.

    `name`: as the row writes it: a path, or an address of the site that was exported. `description`: what the
    picture shows, or the title of a document. `credit`: who made it. `is_required`: the row names it in a
    column and is refused without it; a picture inside a text is only left out.
    """

    name: str
    description: str = ""
    credit: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class Row:
    """One row of a file: its cells by our names of columns, or the problem for which it cannot be read.

    `place`: 'stories.csv, line 3'. `unknown`: cells of columns that are not ours, by their heading. `pieces`:
    a text that was read already; `headings`: words of headings that begin its parts, None for the usual ones.
    """

    place: str
    cells: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    remarks: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    headings: Mapping[str, frozenset[str]] | None = None


@dataclass
class StoryRecord:
    """A story as a row describes it.

    `fields`: of StoryPage by name. `streams`: for each of PARTS a list of blocks {'type', 'value'}, in which
    a FileReference stands for a picture or document. `follow_ups`: rows of FollowUp by field. `conditions`,
    `treatments`, `tags`: names or codes, as written. `given`: which of the fields, parts and tables the row
    writes. `remarks`: what was left out or changed, for the report. `kept`: what has no field, by heading.
    """

    external_id: str
    place: str
    fields: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    follow_ups: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    treatments: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    picture: FileReference | None = None
    slug: str = ""
    given: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(self.fields.get("title", ""))

    def files(self) -> list[FileReference]:
        """Return every file that the row names, in the order of the page."""
        found = [self.picture] if self.picture else []
        for part in PARTS:
            for block in self.streams.get(part, []):
                found += (
                    [value for value in block["value"].values() if isinstance(value, FileReference)]
                    if (isinstance(block["value"], dict))
                    else []
                )
        return found

    def digest(self, resolved: Any) -> str:
        """Return the SHA-256 of all that is written. `resolved`: the terms and files found for it, as JSON.

        The same row gives the same digest as long as the vocabulary and the files are the same too.
        """
        written = [
            self.fields, self.streams, self.follow_ups, self.conditions, self.treatments, self.tags,
            self.picture, self.slug, sorted(self.given), self.kept, resolved,
        ]  # fmt: skip
        text = json.dumps(written, sort_keys=True, default=_as_json)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _as_json(value: Any) -> Any:
    return list(vars(value).values()) if isinstance(value, FileReference) else str(value)


def within(folder: Path, name: str) -> Path | None:
    """Return the file `name` in `folder`, None if it is outside the folder or is not a file."""
    try:
        path = (folder / name.replace("\\", "/")).resolve()
        is_inside = path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):
        return None
    return path if is_inside else None
