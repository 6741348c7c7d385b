"""Pieces of the demo's texts as stored StreamField data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from config.demo.build.workshop import Workshop
from config.demo.prose import ContentError, Piece, as_html

Raw = dict[str, Any]


def block(kind: str, value: Any) -> Raw:
    return {"type": kind, "value": value, "id": str(uuid4())}


def items(values: Iterable[Any]) -> list[Raw]:
    """The value of a ListBlock."""
    return [block("item", value) for value in values]


def stored(blocks: Iterable[Raw | None]) -> str:
    """What a StreamField takes: its data as JSON. None stands for a block whose picture or recording is gone."""
    return json.dumps([one for one in blocks if one is not None])


def body(pieces: Iterable[Piece], workshop: Workshop) -> str:
    return stored(from_piece(piece, workshop) for piece in pieces)


def from_piece(piece: Piece, workshop: Workshop) -> Raw | None:
    """One block. Raises ContentError for a kind that is unknown."""
    if piece.kind == "text":
        return block("text", as_html(piece.lines, workshop.address))
    if piece.kind == "quote":
        return block("quote", {"text": piece.words, "speaker": piece.argument})
    if piece.kind in {"note", "caveat", "advice"}:
        text = as_html(piece.lines, workshop.address)
        return block("callout", {"kind": piece.kind, "heading": piece.argument, "text": text})
    if piece.kind == "table":
        return block("table", {"caption": piece.argument, "table": table(rows(piece))})
    if piece.kind == "timeline":
        entries = [{"part": part, "when": when, "text": text} for part, when, text in rows(piece)]
        return block("timeline", {"heading": piece.argument, "entries": items(entries)})
    if piece.kind == "variant":
        return block("variant", {"text": piece.words, "applies_to": piece.argument})
    if piece.kind == "figure":
        figure = figure_of(piece.argument, piece.words, workshop)
        return figure and block("figure", figure)
    if piece.kind == "gallery":
        named = [line.partition(":") for line in piece.lines if line.strip()]
        figures = [figure_of(key.strip(), caption.strip(), workshop) for key, _mark, caption in named]
        present = [figure for figure in figures if figure]
        return block("gallery", {"heading": piece.argument, "pictures": items(present)}) if present else None
    if piece.kind in {"video", "audio"}:
        recording = workshop.find(f"recording-{piece.argument}")
        value = {"title": "", "caption": piece.words, "show_transcript": True}
        return block(piece.kind, {"recording": recording.pk, **value}) if recording else None
    if piece.kind == "document":
        document = workshop.find(f"document-{piece.argument}")
        return (
            block("document", {"document": document.pk, "title": "", "description": piece.words})
            if document
            else None
        )
    raise ContentError(f"‘:::{piece.kind}’ is no block that the demo knows.")


def figure_of(key: str, caption: str, workshop: Workshop) -> Raw | None:
    picture = workshop.find(f"picture-{key}")
    return {"picture": picture.pk, "alt": "", "caption": caption, "credit_here": ""} if picture else None


def rows(piece: Piece) -> list[list[str]]:
    """The lines of a table or timeline, cut at ' | '."""
    cut = [[cell.strip() for cell in line.split(" | ")] for line in piece.lines if line.strip()]
    if len({len(row) for row in cut}) != 1:
        raise ContentError(f"The lines of ‘:::{piece.kind} {piece.argument}’ do not have equally many cells.")
    return cut


def table(cells: list[list[str]]) -> Raw:
    """The value of a typed table: the first row holds the headings, the rest text."""
    head, *rest = cells
    return {
        "columns": [{"type": "text", "heading": heading} for heading in head],
        "rows": [{"values": row} for row in rest],
        "caption": "",
    }
