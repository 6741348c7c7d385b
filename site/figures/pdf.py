"""PDFs: the one place that calls Typst. What comes out is tagged and declares PDF/UA-1 (ISO 14289-1).

A document is a list of blocks, made by the functions below. Their words go to a fixed layout (`pdf.typ`) as
data and are never read as Typst, so nothing needs escaping: '#panic()' in a case study is shown as
'#panic()'. Nothing is fetched: fonts lie in `site/figures/fonts` and in Typst itself, packages and files
outside that folder cannot be read. The same document gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import typst
from django.conf import settings

HERE = Path(__file__).resolve().parent
LAYOUT = HERE / "pdf.typ"
FONTS = HERE / "fonts"

Block = dict[str, Any]
# Formatting characters that a script needs: joiners, marks of direction, isolates, the soft hyphen.
_WANTED = {*"\u00ad\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069\n"}
# Typst says so of a character that no font has; PDF/UA does not allow one to be left unshown.
_NO_GLYPH = "could not be displayed"


class PdfError(RuntimeError):
    """Typst could not make the PDF: an error of ours, never of what was typed."""


@dataclass(frozen=True)
class Span:
    """A run of words. `href`: where it leads; only web and mail addresses are linked."""

    text: str
    bold: bool = False
    italic: bool = False
    raised: Literal["", "super", "sub"] = ""
    href: str = ""


Words = str | Sequence[Span]


@dataclass(frozen=True)
class Document:
    """What a PDF is made of.

    `day` is its date of creation; `footer` is printed on every page next to the page number.
    """

    title: str
    blocks: Sequence[Block]
    day: dt.date
    language: str = "en"
    authors: Sequence[str] = ()
    description: str = ""
    keywords: Sequence[str] = field(default=())
    footer: str = ""


def heading(text: str, level: int = 1) -> Block:
    """`level` 1 is the highest below the title; a level may not be left out (PDF/UA-1, 7.4)."""
    return {"kind": "heading", "text": plain(text).strip() or "–", "level": level}


def paragraph(words: Words, style: Literal["", "lede", "small"] = "") -> Block:
    return {"kind": "paragraph", "spans": _spans(words), "style": style}


def listing(rows: Iterable[Words], *, ordered: bool = False) -> Block:
    return {"kind": "list", "rows": [_spans(row) for row in rows], "ordered": ordered}


def facts(rows: Iterable[tuple[str, Words]]) -> Block:
    """Return a list of terms, each with its text."""
    return {"kind": "facts", "rows": [{"term": plain(term), "spans": _spans(words)} for term, words in rows]}


def note(words: Words) -> Block:
    """Return a paragraph set apart by a line at its side."""
    return {"kind": "note", "spans": _spans(words)}


def quote(words: Words, who: str = "") -> Block:
    return {"kind": "quote", "spans": _spans(words), "who": plain(who)}


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", widths: Sequence[int] = ()
) -> Block:
    """Return a table with one row of headings, repeated on each page.

    `widths`: shares of the width, 0 for 'as needed'. Raises ValueError when a row is longer or shorter than
    the head.
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    columns = len(head)
    if any(len(row) != columns for row in cells) or (widths and len(widths) != columns):
        raise ValueError(f"Every row and the widths of this table must have {columns} entries.")
    return {
        "kind": "table",
        "caption": plain(caption),
        "head": [plain(cell) for cell in head],
        "rows": cells,
        "widths": list(widths) or [1] * columns,
    }


def picture(svg: str, *, alt: str, caption: str = "", width: float = 1.0) -> Block:
    """A drawing of ours, `width` as a share of the line.

    Raises ValueError without a text alternative (PDF/UA-1, 7.3).
    """
    if not alt.strip():
        raise ValueError("A picture in a PDF needs a text alternative.")
    return {
        "kind": "picture",
        "svg": svg,
        "alt": plain(alt),
        "caption": plain(caption),
        "width": min(max(width, 0.1), 1.0),
    }


def plain(text: object) -> str:
    """Return words without characters that cannot be printed: control characters, surrogates, direction
    overrides.
    """
    return "".join(
        char
        for char in str(text).replace("\r\n", "\n").replace("\t", " ")
        if char in _WANTED or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn"}
    )


def _spans(words: Words) -> list[dict[str, Any]]:
    given = [Span(words)] if isinstance(words, str) else words
    return [
        {
            "text": plain(span.text),
            "bold": span.bold,
            "italic": span.italic,
            "raised": span.raised,
            "href": span.href if span.href.startswith(("https://", "http://", "mailto:")) else "",
        }
        for span in given
    ]


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS), *folders]
    )


def _own_folders() -> tuple[str, ...]:
    return tuple(str(folder) for folder in getattr(settings, "PDF_FONT_FOLDERS", ()))


def render(document: Document) -> bytes:
    """Return the PDF. Raises PdfError.

    PDF/UA forbids a character that no font has: such a document is still tagged, shows an empty box for the
    character, and does not declare the standard.
    """
    fonts = _fonts(_own_folders())
    ours = {"Atkinson Hyperlegible Next", "Literata", "Libertinus Serif", "DejaVu Sans Mono"}
    language, _dash, region = document.language.partition("-")
    data = json.dumps(
        {
            "title": plain(document.title).strip() or "–",
            "blocks": list(document.blocks),
            "language": language.lower() or "en",
            "region": region.upper() if len(region) == 2 else None,
            "authors": [plain(name) for name in document.authors],
            "description": plain(document.description) or None,
            "keywords": [plain(word) for word in document.keywords],
            "footer": plain(document.footer),
            "fonts": [name for name in fonts.families() if name not in ours] if _own_folders() else [],
        }
    )
    made_at = dt.datetime.combine(document.day, dt.time(12), tzinfo=dt.UTC)
    # An empty folder: Typst reads files below its root, and there is nothing for it to read.
    with tempfile.TemporaryDirectory(prefix="firsthand-pdf-") as nothing:
        try:
            return _compile(data, fonts, nothing, made_at, ["ua-1"])
        except typst.TypstError as error:
            if _NO_GLYPH not in error.message:
                raise PdfError(_message(error)) from error
        try:
            return _compile(data, fonts, nothing, made_at, [])
        except typst.TypstError as error:
            raise PdfError(_message(error)) from error


def _message(error: typst.TypstError) -> str:
    return f"Typst: {error.message} {' '.join(error.hints)}".strip()


def _compile(
    data: str, fonts: typst.Fonts, root: str, made_at: dt.datetime, standards: list[Literal["ua-1"]]
) -> bytes:
    compiler = typst.Compiler(
        LAYOUT.read_bytes(),
        root=root,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"document": data},
        package_path=root,
        package_cache_path=root,
    )
    made = compiler.compile(format="pdf", pdf_standards=cast("Any", standards), timestamp=made_at)
    if not isinstance(made, bytes):
        raise PdfError("Typst gave no PDF.")
    return made
