"""HTML pages, and oTranscribe's files, which hold HTML. Pure.

Blocks become lines of text, a table with columns is read as a table, the rest as text with speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from transcripts.cues import TranscriptRead, Unreadable, joined
from transcripts.formats import table, text
from transcripts.formats.xml_tree import DEEPEST

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "pre",
        "hr",
        "main",
        "aside",
        "nav",
        "body",
        "figure",
    ]
)
_PARAGRAPHS = _BLOCKS - {"br", "li", "dt", "dd", "tr"}
_NOT_SAID = frozenset({"script", "style", "head", "noscript", "template", "svg", "title"})
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr", "col"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def looks_like(source: str) -> bool:
    head = source[:5000].lstrip("\ufeff \t\r\n").lower()
    return head.startswith(
        ("<!doctype html", "<html", "<body", "<head", "<p>", "<p ", "<div", "<h1", "<table")
    )


@dataclass
class _Page(HTMLParser):
    """Collects the lines of a page and the rows of its tables."""

    lines: list[str] = field(default_factory=lambda: [""])
    tables: list[list[list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.skipped: list[str] = []
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in _VOID and tag not in _BLOCKS:
            return
        is_hidden = "hidden" in given or _HIDDEN.search(given.get("style", ""))
        if (self.skipped or tag in _NOT_SAID or is_hidden) and tag not in _VOID:
            self.skipped.append(tag)
            if len(self.skipped) > DEEPEST:
                raise Unreadable(
                    "The HTML is nested too deep to be read. Save the page as DOCX or plain text."
                )
            return
        self._break(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.cell = []
        at = given.get("data-timestamp", "")
        if at and re.fullmatch(r"\d{1,7}(?:\.\d{1,9})?", at):
            # oTranscribe shows whole seconds, and keeps the exact time beside them.
            self._add(f"[{int(float(at)) // 60}:{float(at) % 60:06.3f}] ")
            self.skipped.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag in self.skipped:
                while self.skipped.pop() != tag:
                    pass
            return
        if tag in ("td", "th") and self.cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].append(joined(self.cell))
            self.cell = None
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self._add(re.sub(r"\s+", " ", data))

    def _add(self, data: str) -> None:
        self.lines[-1] += data
        if self.cell is not None:
            self.cell.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.lines += ["", ""] if tag in _PARAGRAPHS and self.lines[-1].strip() else [""]
            if self.cell is not None:
                self.cell.append(" ")
        elif tag in ("td", "th"):
            self.lines[-1] += " "


def _page(source: str) -> _Page:
    page = _Page()
    page.feed(source)
    page.close()
    return page


def read(source: str, _name: str = "") -> TranscriptRead:
    """Return the cues of an HTML page. Raises Unreadable for one that is nested too deep."""
    page = _page(source)
    for rows in page.tables:
        numbered = list(enumerate(rows, 1))
        if table.is_table(rows):
            return table.read_rows(numbered, "html")
    return text.read("\n".join(page.lines), "html")


def read_otranscribe(source: str) -> TranscriptRead:
    """Return the cues of the text of an oTranscribe file (.otr), with the exact times that it keeps."""
    found = text.read("\n".join(_page(source).lines), "otranscribe")
    return replace(found, format="otranscribe")
