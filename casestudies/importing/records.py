"""A case as read from any of the formats, before it becomes a page. Pure."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from uploads.errors import EditorError


class Refused(EditorError):
    """A file or a record that cannot be used; the message says what is wrong and how to fix it."""


@dataclass
class CaseRecord:
    """A case as a file describes it.

    `fields`: of CaseStudyPage by name; prose is HTML. `tables`: rows of `timeline`, `references`, ... by
    field. `codes`: (system, code) and `names` by which conditions are found, `treatments` names of
    treatments. `source_record`: the record as it came. `remarks`: what could not be used, for the report.
    `place`: file and line.
    """

    external_id: str
    format: str
    source_record: dict[str, Any]
    fields: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    codes: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    treatments: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    place: str = ""

    @property
    def digest(self) -> str:
        """The same for the same record, read by the same rules: SHA-256 of all that is written."""
        written = [self.source_record, self.fields, self.tables, self.codes, self.names, self.treatments]
        return hashlib.sha256(json.dumps(written, sort_keys=True, default=str).encode()).hexdigest()

    def put(self, name: str, text: str, longest: int = 0) -> None:
        """Add words to a plain field; what is longer than the field may be is cut at a word, and said so."""
        text = " ".join(text.split())
        if longest and len(text) > longest:
            text = text[: longest - 2].rsplit(" ", 1)[0] + " …"
            self.remarks.append(
                f"{name}: cut to {longest} characters; the whole text is kept with the record."
            )
        if text:
            self.fields[name] = text

    def put_paragraphs(self, name: str, paragraphs: Iterable[str]) -> None:
        """Add paragraphs of plain words to a rich text field."""
        made = "".join(
            f"<p>{html.escape(' '.join(text.split()), quote=False)}</p>"
            for text in paragraphs
            if text.strip()
        )
        if made:
            self.fields[name] = str(self.fields.get(name, "")) + made

    def put_list(self, name: str, rows: Iterable[str], before: str = "") -> None:
        """Add a list to a rich text field, with a sentence before it. Nothing where there are no rows."""
        rows = [row for row in rows if row.strip()]
        if not rows:
            return
        if before:
            self.put_paragraphs(name, [before])
        items = "".join(f"<li>{html.escape(' '.join(row.split()), quote=False)}</li>" for row in rows)
        self.fields[name] = f"{self.fields.get(name, '')}<ul>{items}</ul>"

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)


def names_of_systems(curie: str) -> tuple[str, str] | None:
    """('omim', '615829') of 'OMIM:615829'; None for any other text."""
    system, colon, code = curie.partition(":")
    if not colon or not code or not system.isalnum():
        return None
    known = {"orphanet": "orpha", "ordo": "orpha", "icd10": "icd10cm", "msh": "mesh"}
    key = known.get(system.lower(), system.lower())
    return (key, curie if key == "doid" else code)
