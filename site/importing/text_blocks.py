"""Makes the blocks of a story's three parts from plain text, HTML, or pieces of HTML. No database."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from conditions.words import fold
from importing.html_pieces import LeftOut, Link, Picture, Piece, Quote, Table, Text
from importing.html_reader import read_html
from importing.records import FileReference
from pages.blocks.prose import TEXT_FEATURES

# Words of headings that begin a part of the story. A mapping file adds those of an archive.
HEADINGS: dict[str, frozenset[str]] = {
    "before": frozenset({"before", "before treatment", "life before", "background", "history"}),
    "during": frozenset({"treatment", "during", "during treatment", "the treatment", "therapy"}),
    "after": frozenset({"after", "after treatment", "life after", "outcome", "results", "today", "now"}),
}
LONGEST_HEADING = 120
_KEYS = re.compile(r' data-block-key="[^"]*"')
_IS_HTML = re.compile(
    r"<(?:p|br|h[1-6]|[uo]l|li|b|strong|i|em|a|div|span|blockquote|figure|img|table)\b[^>]*>", re.IGNORECASE
)
_BLANK_LINES = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")


@dataclass
class Part:
    """One part of a story: its heading and its pieces."""

    heading: str = ""
    pieces: list[Piece] = field(default_factory=list)


def text_pieces(text: str, *, loose_lines: bool = False) -> list[Piece]:
    """Return the pieces of a cell: of its HTML, or paragraphs separated by blank lines."""
    if loose_lines or _IS_HTML.search(text):
        return read_html(text, loose_lines=loose_lines)
    paragraphs = (paragraph.strip() for paragraph in _BLANK_LINES.split(text))
    return [Text("p", _plain(paragraph)) for paragraph in paragraphs if paragraph]


def _plain(paragraph: str) -> str:
    lines = (" ".join(line.split()) for line in paragraph.split("\n"))
    return "<br/>".join(html.escape(line, quote=False) for line in lines if line)


def parts_of(
    pieces: Iterable[Piece], headings: Mapping[str, frozenset[str]] = HEADINGS, title: str = ""
) -> dict[str, Part]:
    """Return the parts of a text by name, split at headings such as 'Before' or 'Treatment: six packets'.

    What stands before the first such heading is in 'before'. A first heading that repeats `title` is dropped.
    """
    parts: dict[str, Part] = {}
    now = "before"
    for number, piece in enumerate(pieces):
        if isinstance(piece, Text) and piece.kind in ("h2", "h3"):
            name, _colon, rest = piece.words.partition(":")
            found = next((part for part, words in headings.items() if fold(name) in words), "")
            if found and len(rest.strip()) <= LONGEST_HEADING:
                now = found
                part = parts.setdefault(now, Part())
                part.heading = part.heading or rest.strip()
                continue
            if number == 0 and title and fold(piece.words) == fold(title):
                continue
        parts.setdefault(now, Part()).pieces.append(piece)
    return parts


def title_of(pieces: Sequence[Piece]) -> str:
    """Return the words of the first heading of the first level, else of any heading at the start."""
    headings = [piece for piece in pieces if isinstance(piece, Text) and piece.kind in ("h2", "h3")]
    first = next((piece for piece in headings if piece.level == 1), None)
    if first is None and headings and pieces[0] is headings[0]:
        first = headings[0]
    return " ".join(first.words.split()) if first else ""


def blocks_of(pieces: Iterable[Piece], *, is_canonical: bool = False) -> list[dict[str, Any]]:
    """Return blocks {'type', 'value'}. Text between other pieces is one block.

    `is_canonical`: this module made the text from plain words, so that the editor would store the same.
    """
    blocks: list[dict[str, Any]] = []
    for is_text, group in groupby(pieces, key=lambda piece: isinstance(piece, Text)):
        if is_text:
            markup = rich_text(piece for piece in group if isinstance(piece, Text))
            blocks.append({"type": "text", "value": markup if is_canonical else as_edited(markup)})
        else:
            blocks += [block for piece in group if (block := _block(piece)) is not None]
    return [block for block in blocks if block["value"]]


def quote(words: str, speaker: str) -> dict[str, Any]:
    """Return a quote as it is stored. Who said it is left open: on a story, its person is meant."""
    said = dict.fromkeys(("said_by", "unnamed_because", "source_url", "unnamed_note"))
    return {"type": "quote", "value": {"text": words, "speaker": speaker, **said}}


def _block(piece: Piece) -> dict[str, Any] | None:
    if isinstance(piece, Quote):
        return quote(piece.words, piece.speaker)
    if isinstance(piece, Picture):
        file = FileReference(piece.source, piece.description, is_required=False)
        value = {"picture": file, "alt": "", "caption": piece.caption, "credit": ""}
        return {"type": "figure", "value": value}
    if isinstance(piece, Link):
        file = FileReference(piece.target, piece.words, is_required=False)
        return {
            "type": "document",
            "value": {"document": file, "title": piece.words[:160], "description": ""},
        }
    if isinstance(piece, Table):
        columns = [{"type": "text", "heading": heading} for heading in piece.headings]
        rows = [{"values": list(row)} for row in piece.rows]
        table = {"columns": columns, "rows": rows, "caption": ""}
        return {"type": "table", "value": {"caption": piece.caption[:200], "table": table}}
    return None


def left_out(pieces: Iterable[Piece]) -> list[str]:
    """Return a sentence for each piece that has no place in a story."""
    return [f"An {piece.what} was left out: {piece.source}" for piece in pieces if isinstance(piece, LeftOut)]


def rich_text(texts: Iterable[Text]) -> str:
    """Return the HTML of a text block: items in one list where they follow each other."""
    found = []
    for kind, group in groupby(texts, key=lambda piece: piece.kind):
        if kind in ("ul", "ol"):
            found.append(f"<{kind}>{''.join(f'<li>{piece.markup}</li>' for piece in group)}</{kind}>")
        else:
            found += [f"<{kind}>{piece.markup}</{kind}>" for piece in group]
    return "".join(found)


@cache
def _converter() -> ContentstateConverter:
    return ContentstateConverter(TEXT_FEATURES)


def as_edited(markup: str) -> str:
    """Return rich text as Wagtail's editor would store it, without the keys that it gives paragraphs."""
    if not markup:
        return ""
    converter = _converter()
    stored = converter.to_database_format(converter.from_database_format(markup))
    return without_keys(stored)


def without_keys(markup: str) -> str:
    return _KEYS.sub("", markup)
