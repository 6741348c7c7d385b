"""Pieces of the demo's texts as stored StreamField data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from demo.parts.people import person_quoted
from demo.prose import ContentError, Piece, as_html
from demo.site_builder import SiteBuilder

Raw = dict[str, Any]


def block(kind: str, value: Any) -> Raw:
    return {"type": kind, "value": value, "id": str(uuid4())}


def items(values: Iterable[Any]) -> list[Raw]:
    """Return the value of a ListBlock."""
    return [block("item", value) for value in values]


def stored(blocks: Iterable[Raw | None]) -> str:
    """Return the JSON that a StreamField stores. None stands for a block whose file has been deleted."""
    return json.dumps([item for item in blocks if item is not None])


def body(pieces: Iterable[Piece], builder: SiteBuilder) -> str:
    return stored(from_piece(piece, builder) for piece in pieces)


def from_piece(piece: Piece, builder: SiteBuilder) -> Raw | None:
    """Return one block, or None if its picture, recording or document has been deleted.

    Raises ContentError for an unknown kind.
    """
    if piece.kind in WITH_FILES:
        return WITH_FILES[piece.kind](piece, builder)
    if piece.kind in CALLOUTS:
        text = as_html(piece.lines, builder.address)
        return block("callout", {"kind": piece.kind, "heading": piece.argument, "text": text})
    if piece.kind == "text":
        return block("text", as_html(piece.lines, builder.address))
    if piece.kind == "quote":
        said_by = {"said_by": person_quoted(piece.person, builder).pk} if piece.person else {}
        return block("quote", {"text": piece.words, "speaker": piece.argument, **said_by})
    if piece.kind == "table":
        return block("table", {"caption": piece.argument, "table": table(rows(piece))})
    if piece.kind == "timeline":
        entries = [{"part": part, "when": when, "text": text} for part, when, text in rows(piece)]
        return block("timeline", {"heading": piece.argument, "entries": items(entries)})
    if piece.kind == "variant":
        return block("variant", {"text": piece.words, "applies_to": piece.argument})
    raise ContentError(f"‘:::{piece.kind}’ is not a block that the demo knows.")


def figure(piece: Piece, builder: SiteBuilder) -> Raw | None:
    value = figure_of(piece.argument, piece.words, builder)
    return value and block("figure", value)


def gallery(piece: Piece, builder: SiteBuilder) -> Raw | None:
    """Return a gallery of `key: caption` lines, without the pictures that have been deleted."""
    named = [line.partition(":") for line in piece.lines if line.strip()]
    figures = [figure_of(key.strip(), caption.strip(), builder) for key, _mark, caption in named]
    present = [value for value in figures if value]
    return block("gallery", {"heading": piece.argument, "pictures": items(present)}) if present else None


def recording(piece: Piece, builder: SiteBuilder) -> Raw | None:
    found = builder.find(f"recording-{piece.argument}")
    value = {"title": "", "caption": piece.words, "show_transcript": True}
    return block(piece.kind, {"recording": found.pk, **value}) if found else None


def document(piece: Piece, builder: SiteBuilder) -> Raw | None:
    found = builder.find(f"document-{piece.argument}")
    return (
        block("document", {"document": found.pk, "title": "", "description": piece.words}) if found else None
    )


CALLOUTS = {"note", "caveat", "advice"}
# Kinds whose `argument` (or lines, in a gallery) are keys of files.
WITH_FILES: dict[str, Callable[[Piece, SiteBuilder], Raw | None]] = {
    "figure": figure,
    "gallery": gallery,
    "video": recording,
    "audio": recording,
    "document": document,
}


def figure_of(key: str, caption: str, builder: SiteBuilder) -> Raw | None:
    picture = builder.find(f"picture-{key}")
    return {"picture": picture.pk, "alt": "", "caption": caption, "credit_here": ""} if picture else None


def rows(piece: Piece) -> list[list[str]]:
    """Return the lines of a table or timeline, split at ' | '. Raises ContentError for uneven lines."""
    cut = [[cell.strip() for cell in line.split(" | ")] for line in piece.lines if line.strip()]
    if len({len(row) for row in cut}) != 1:
        raise ContentError(
            f"The lines of ‘:::{piece.kind} {piece.argument}’ do not all have the same number of cells."
        )
    return cut


def table(cells: list[list[str]]) -> Raw:
    """Return the value of a typed table: the first row holds the headings, the rest text."""
    head, *rest = cells
    return {
        "columns": [{"type": "text", "heading": heading} for heading in head],
        "rows": [{"values": row} for row in rest],
        "caption": "",
    }
