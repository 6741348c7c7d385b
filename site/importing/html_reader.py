"""Reads HTML from anywhere (WordPress, Word, mammoth, an export) as pieces of a story. No database.

    for piece in read_html(markup, loose_lines=True): ...

Kept: paragraphs, headings, lists, bold, italic, links, quotes, pictures with captions, tables. All other tags
are dropped and their words kept; scripts, styles, comments and Word's hidden data are dropped with their
content.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from importing.html_captures import Captures
from importing.html_pieces import SPACES, Captured, LeftOut, Link, Picture, Piece, Text, tidy

SKIPPED = {
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "svg",
    "template",
    "object",
    "button",
    "select",
    "xml",
}
VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "source", "track", "area", "base", "col", "embed"}
INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "address", "body", "html", "pre",
    "center", "dl", "dt", "dd", "form", "fieldset", "details", "summary", "nav", "figure",
}  # fmt: skip
FRAMES = {"iframe", "embed", "video", "audio"}
SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r\xa0]*\n\s*")
_LIST_STYLE = re.compile(r"mso-list:\s*(?!ignore)", re.IGNORECASE)


DOCUMENT = re.compile(r"\.(?:pdf|docx|odt|xlsx|ods|csv|txt)(?:[?#].*)?$", re.IGNORECASE)


def read_html(markup: str, *, loose_lines: bool = False) -> list[Piece]:
    """Return the pieces of `markup`.

    `loose_lines`: outside paragraphs a blank line starts a paragraph and a single line end is a line break,
    as in the classic editor of WordPress.
    """
    reader = _Reader(loose_lines)
    reader.feed(markup.replace("\0", ""))
    reader.close()
    # What was never closed ends here.
    for end in (reader.end_figcaption, reader.end_td, reader.end_table, reader.end_blockquote):
        end()
    reader.end_block()
    return reader.pieces


class _Reader(Captures, HTMLParser):
    """Builds pieces from a stream of tags. Text goes to an open caption, cell or quote, else to a block."""

    def __init__(self, loose_lines: bool) -> None:
        Captures.__init__(self)
        HTMLParser.__init__(self, convert_charrefs=True)
        self.loose_lines = loose_lines
        self.pieces: list[Piece] = []
        self.skipping: list[str] = []
        self.kind, self.level, self.is_implicit = "p", 0, True
        self.markup: list[str] = []
        self.open: list[tuple[str, str]] = []  # inline tags: (our tag, its attributes)
        self.lists: list[str] = []
        self.link: tuple[str, Captured] | None = None
        self.waiting: list[Piece] = []
        self.breaks = 0

    # Tags ---------------------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_mark = "mso-list:ignore" in given.get("style", "").replace(" ", "").lower()
        if self.skipping or tag in SKIPPED or is_mark:
            if tag not in VOID:
                self.skipping.append(tag)
        elif tag in FRAMES:
            self.leave_out("frame" if tag == "iframe" else tag, given.get("src", ""))
        elif starter := getattr(self, f"start_{tag}", None):
            starter(given)
        else:
            self.start_other(tag, given)

    def start_other(self, tag: str, given: dict[str, str]) -> None:
        if tag in INLINE:
            self.open_inline(INLINE[tag], "")
        elif tag in HEADINGS:
            self.start_block("h2" if HEADINGS[tag] <= 2 else "h3", HEADINGS[tag])
        elif tag in BLOCKS:
            named, styled = given.get("class", "").lower(), given.get("style", "")
            is_item = tag == "p" and ("msolist" in named or _LIST_STYLE.search(styled))
            self.start_block("ul" if is_item else "p", implicit=tag != "p")

    def leave_out(self, what: str, source: str) -> None:
        if source:
            self.end_block()
            self.pieces.append(LeftOut(f"embedded {what}", source))

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            if tag in self.skipping:
                while self.skipping.pop() != tag:
                    pass
            return
        ender = getattr(self, f"end_{tag}", None)
        if ender is not None:
            ender()
        elif tag in INLINE:
            self.close_inline(INLINE[tag])
        elif tag in HEADINGS or tag in BLOCKS:
            self.end_block()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def start_br(self, _given: dict[str, str]) -> None:
        self.add_words("\n")
        self.breaks += 1
        if self.breaks > 1 and self.kind == "p" and not self.is_captured:
            is_implicit = self.is_implicit
            self.end_block()
            self.is_implicit = is_implicit
        elif not self.is_captured:
            self.line_break()

    def line_break(self) -> None:
        # The editor keeps no line break inside a link.
        self.markup.append(" " if any(name == "a" for name, _given in self.open) else "<br/>")

    def start_hr(self, _given: dict[str, str]) -> None:
        self.end_block()

    def start_a(self, given: dict[str, str]) -> None:
        target = given.get("href", "").strip()
        if DOCUMENT.search(target):
            self.link = (target, Captured())
        elif SAFE_LINK.match(target):
            self.open_inline("a", f' href="{html.escape(target)}"')

    def end_a(self) -> None:
        self.close_inline("a")
        if self.link:
            target, words = self.link
            self.link = None
            self.after_block(Link(target, words.text))

    def start_img(self, given: dict[str, str]) -> None:
        source = given.get("src", "") or given.get("data-src", "")
        if source and not source.startswith("data:"):
            self.after_block(Picture(source, SPACES.sub(" ", given.get("alt", "")).strip()))
        elif source:
            self.after_block(LeftOut("picture inside the text", source[:30]))

    def start_ul(self, _given: dict[str, str]) -> None:
        self.end_block()
        self.lists.append("ul")

    def start_ol(self, _given: dict[str, str]) -> None:
        self.end_block()
        self.lists.append("ol")

    def end_ul(self) -> None:
        self.end_block()
        if self.lists:
            self.lists.pop()

    end_ol = end_ul

    def start_li(self, _given: dict[str, str]) -> None:
        self.start_block(self.lists[-1] if self.lists else "ul")

    def end_li(self) -> None:
        self.end_block()

    # Text ---------------------------------------------------------------------------------------------------

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        if not (self.loose_lines and self.is_implicit and not self.is_captured and "\n" in data):
            self.add_words(data)
            return
        for number, paragraph in enumerate(_BLANK_LINE.split(data)):
            if number:
                self.end_block()
            lines = paragraph.split("\n")
            for place, words in enumerate(lines):
                if place and self.markup and words.strip() and lines[place - 1].strip():
                    self.line_break()
                self.add_words(words)

    def add_words(self, data: str) -> None:
        if self.capture(data):
            return
        if self.link:
            self.link[1].words.append(data)
        words = SPACES.sub(" ", data)
        if words.strip():
            self.breaks = 0
        if words.strip() or self.markup:
            self.markup.append(html.escape(words, quote=False))

    def open_inline(self, tag: str, attributes: str) -> None:
        if not self.is_captured and all(name != tag for name, _given in self.open):
            self.open.append((tag, attributes))
            self.markup.append(f"<{tag}{attributes}>")

    def close_inline(self, tag: str) -> None:
        if any(name == tag for name, _given in self.open):
            reopened = []
            while self.open:
                name, given = self.open.pop()
                self.markup.append(f"</{name}>")
                if name == tag:
                    break
                reopened.append((name, given))
            for name, given in reversed(reopened):
                self.open.append((name, given))
                self.markup.append(f"<{name}{given}>")

    # Blocks -------------------------------------------------------------------------------------------------

    def start_block(self, kind: str, level: int = 0, *, implicit: bool = False) -> None:
        if self.is_captured:
            self.add_words(" ")
            return
        if self.lists and kind == "p":  # a paragraph inside a list item
            if self.markup:
                self.line_break()
            return
        self.end_block()
        self.kind, self.level, self.is_implicit = kind, level, implicit

    def end_block(self) -> None:
        if self.is_captured:
            self.add_words(" ")
            return
        closing = "".join(f"</{name}>" for name, _given in reversed(self.open))
        markup = tidy("".join(self.markup) + closing)
        if markup:
            self.pieces.append(Text(self.kind, markup, self.level))
        self.markup = [f"<{name}{given}>" for name, given in self.open]
        waiting, self.waiting = self.waiting, []
        self.pieces += waiting
        self.kind, self.level, self.is_implicit, self.breaks = "p", 0, True, 0

    def after_block(self, piece: Piece) -> None:
        """Put a picture or a document after the block in which it stands."""
        if self.is_captured or not "".join(self.markup).strip():
            self.pieces.append(piece)
        else:
            self.waiting = [*self.waiting, piece]
