"""What HTML is read as: pieces of a story, in order. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

LONGEST_CELL = 300
SPACES = re.compile(r"[\s\xa0]+")


@dataclass(frozen=True)
class Text:
    """A paragraph, heading or list item: `kind` is p, h2, h3, ul or ol; `markup` its inline HTML."""

    kind: str
    markup: str
    level: int = 0

    @property
    def words(self) -> str:
        return html.unescape(re.sub(r"<[^>]*>", "", self.markup.replace("<br/>", " "))).strip()


@dataclass(frozen=True)
class Picture:
    source: str
    description: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Quote:
    words: str
    speaker: str = ""


@dataclass(frozen=True)
class Table:
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Link:
    """A link to a file that may have been exported with the text: 'report.pdf'."""

    target: str
    words: str


@dataclass(frozen=True)
class LeftOut:
    """What has no place in a story: 'embedded frame'. `source`: its address."""

    what: str
    source: str


Piece = Text | Picture | Quote | Table | Link | LeftOut


@dataclass
class Captured:
    """Words being collected for a caption, a quote or a cell."""

    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return SPACES.sub(" ", "".join(self.words)).strip()


_GAP = r"((?:\s|<br/>)+)"
_EMPTY = re.compile(r"<(b|i|a)(?: [^>]*)?>((?:\s|<br/>)*)</\1>")
_AFTER_START = re.compile(rf"(<(?:b|i|a)(?: [^>]*)?>){_GAP}")
_BEFORE_END = re.compile(rf"{_GAP}(</(?:b|i|a)>)")
_EDGES = re.compile(r"^(?:\s|<br/>)+|(?:\s|<br/>)+$")


def tidy(markup: str) -> str:
    """Return inline HTML without empty tags, with spaces and line breaks outside tags, none at its ends."""
    while True:
        moved = _BEFORE_END.sub(r"\2\1", _AFTER_START.sub(r"\2\1", _EMPTY.sub(r"\2", markup)))
        tidied = _EDGES.sub("", moved)
        if tidied == markup:
            return re.sub(r" +", " ", re.sub(r" *<br/> *", "<br/>", markup))
        markup = tidied


def table_pieces(caption: str, rows: list[list[str]]) -> list[Piece]:
    """Return a table, or paragraphs for one that only arranges text on the page."""
    width = max(map(len, rows))
    if width < 2 or len(rows) < 2 or any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        lines = [" · ".join(filter(None, row)) for row in rows]
        return [Text("p", html.escape(words, quote=False)) for words in [caption, *lines] if words]
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    return [Table(caption, filled[0], filled[1:])]
