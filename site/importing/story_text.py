"""Fills the three parts of a record from a row's text columns: plain text, HTML, or blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from importing import cells
from importing.html_pieces import Piece
from importing.html_reader import DOCUMENT
from importing.records import PARTS, FileReference, Refused, StoryRecord
from importing.text_blocks import HEADINGS, Part, blocks_of, left_out, parts_of, quote, text_pieces

LONGEST = 500_000  # characters of one part
QUOTE, CALLOUTS = 1500, ("caveat", "note", "advice")


def add_text(record: StoryRecord, given: Mapping[str, Any]) -> None:
    """Add the blocks of the columns before, during, after and body. Raises Refused."""
    for part in PARTS:
        if part in given:
            blocks = part_blocks(record, part, given[part])
            if blocks:
                record.streams[part] = blocks
    if "body" in given:
        add_pieces(record, text_pieces(cells.text("body", given["body"], LONGEST)), HEADINGS)


def add_pieces(
    record: StoryRecord, pieces: list[Piece], headings: Mapping[str, frozenset[str]] = HEADINGS
) -> None:
    """Add a whole text, split into the parts by its headings, after what columns of the parts have."""
    record.remarks += left_out(pieces)
    parts = parts_of(pieces, headings, record.title)
    if pieces and not ({"during", "after"} & set(parts)):
        record.remarks.append(
            "No heading says where treatment begins: the whole text is in the part ‘before’."
        )
    for name, part in parts.items():
        _add_part(record, name, part)


def _add_part(record: StoryRecord, name: str, part: Part) -> None:
    blocks = blocks_of(part.pieces)
    if blocks:
        record.streams[name] = [*record.streams.get(name, []), *blocks]
    if part.heading:
        record.fields.setdefault(f"{name}_heading", part.heading)


def part_blocks(record: StoryRecord, name: str, value: Any) -> list[dict[str, Any]]:
    """Return the blocks of one part, written as text, as HTML, or as a list of blocks."""
    if isinstance(value, list):
        return [_block(f"{name}, block {number}", one) for number, one in enumerate(value, start=1)]
    words = cells.text(name, value, LONGEST)
    pieces = text_pieces(words)
    record.remarks += left_out(pieces)
    return blocks_of(pieces, is_canonical="<" not in words)


def _block(place: str, block: Any) -> dict[str, Any]:
    """Return a block of a list: {'type': 'text' | 'quote' | 'callout' | 'figure' | 'document', ...}."""
    if not isinstance(block, Mapping):
        raise Refused(f"‘{place}’ must be an object with a ‘type’.")
    kind = str(block.get("type", ""))
    if kind == "text":
        words = cells.text(place, block.get("value") or block.get("text"), LONGEST)
        made = blocks_of(text_pieces(words), is_canonical="<" not in words)
        if len(made) != 1 or made[0]["type"] != "text":
            raise Refused(f"‘{place}’: a text block holds text only. Write pictures and quotes as blocks.")
        return made[0]
    if kind == "quote":
        words = cells.text(place, block.get("text"), QUOTE)
        return quote(_needed(place, words), _line(place, block, "speaker"))
    if kind == "callout":
        return _callout(place, block)
    if kind in ("figure", "document"):
        return _file(place, kind, block)
    raise Refused(f"‘{place}’ is of type ‘{kind[:40]}’. Use text, quote, callout, figure or document.")


def _callout(place: str, block: Mapping[str, Any]) -> dict[str, Any]:
    words = cells.text(place, block.get("text"), LONGEST)
    made = blocks_of(text_pieces(_needed(place, words)))
    kind = str(block.get("kind") or "note")
    if kind not in CALLOUTS or len(made) != 1:
        raise Refused(f"‘{place}’: a callout has text and a kind: {', '.join(CALLOUTS)}.")
    value = {"kind": kind, "heading": _line(place, block, "heading"), "text": made[0]["value"]}
    return {"type": "callout", "value": value}


def _file(place: str, kind: str, block: Mapping[str, Any]) -> dict[str, Any]:
    name = _needed(place, cells.line(place, block.get("file"), 500))
    if kind == "document" or DOCUMENT.search(name):
        value = {
            "title": _line(place, block, "title", 160),
            "description": cells.text(place, block.get("description")),
        }
        return {"type": "document", "value": {"document": FileReference(name, value["title"]), **value}}
    file = FileReference(name, _line(place, block, "description", 300), _line(place, block, "credit", 200))
    caption = cells.text(place, block.get("caption"))
    return {"type": "figure", "value": {"picture": file, "alt": "", "caption": caption, "credit": ""}}


def _line(place: str, block: Mapping[str, Any], name: str, longest: int = 120) -> str:
    return cells.line(f"{place}, {name}", block.get(name), longest)


def _needed(place: str, words: str) -> str:
    if not words:
        raise Refused(f"‘{place}’ is empty.")
    return words
