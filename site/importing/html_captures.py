"""Collects the words of captions, quotes and tables while HTML is read."""

from __future__ import annotations

import html

from importing.html_pieces import Captured, Picture, Piece, Quote, Text, table_pieces

MOST_QUOTED = 1500  # characters of a quote block


class Captures:
    """The part of the reader that handles elements whose words are taken together, without their markup."""

    pieces: list[Piece]

    def __init__(self) -> None:
        self.caption: Captured | None = None
        self.quote: Captured | None = None
        self.cite: Captured | None = None
        self.rows: list[list[str]] | None = None
        self.cell: Captured | None = None
        self.table_caption = ""

    @property
    def is_captured(self) -> bool:
        return any(one is not None for one in (self.caption, self.cell, self.quote))

    def capture(self, data: str) -> bool:
        """Take words if an element is open that collects them, and return whether there is one."""
        for captured in (self.caption, self.cell, self.cite, self.quote):
            if captured is not None:
                captured.words.append(data)
                return True
        return False

    def end_block(self) -> None:
        raise NotImplementedError

    def start_figcaption(self, _given: dict[str, str]) -> None:
        self.end_block()
        self.caption = Captured()

    def end_figcaption(self) -> None:
        if self.caption is None:
            return
        words, self.caption = self.caption.text, None
        last = self.pieces[-1] if self.pieces else None
        if isinstance(last, Picture) and not last.caption:
            self.pieces[-1] = Picture(last.source, last.description, words)
        elif words:
            self.pieces.append(Text("p", html.escape(words, quote=False)))

    def start_blockquote(self, _given: dict[str, str]) -> None:
        self.end_blockquote()
        self.end_block()
        self.quote = Captured()

    def start_cite(self, _given: dict[str, str]) -> None:
        if self.quote is not None:
            self.cite = Captured()

    def end_cite(self) -> None:
        pass

    def end_blockquote(self) -> None:
        quote, cite = self.quote, self.cite
        self.quote = self.cite = None
        if quote is None or not quote.text:
            return
        if len(quote.text) <= MOST_QUOTED:
            speaker = cite.text.lstrip("—–- ")[:120] if cite else ""
            self.pieces.append(Quote(quote.text.strip('“”„"«» '), speaker))
        else:
            for words in (quote.text, cite.text if cite else ""):
                if words:
                    self.pieces.append(Text("p", html.escape(words, quote=False)))

    # Tables -------------------------------------------------------------------------------------------------

    def start_table(self, _given: dict[str, str]) -> None:
        self.end_block()
        if self.rows is None:
            self.rows, self.table_caption = [], ""

    def start_tr(self, _given: dict[str, str]) -> None:
        if self.rows is not None:
            self.rows.append([])

    def start_td(self, _given: dict[str, str]) -> None:
        if self.rows is not None:
            self.cell = Captured()

    start_th = start_td

    def end_td(self) -> None:
        if self.rows is not None and self.cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(self.cell.text)
        self.cell = None

    end_th = end_td

    def start_caption(self, _given: dict[str, str]) -> None:
        self.cell = Captured()

    def end_caption(self) -> None:
        self.table_caption, self.cell = (self.cell.text if self.cell else ""), None

    def end_table(self) -> None:
        rows = [row for row in self.rows or [] if any(row)]
        self.rows = self.cell = None
        if rows:
            self.pieces += table_pieces(self.table_caption, rows)
