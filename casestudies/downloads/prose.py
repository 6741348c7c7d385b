"""Rich text as blocks of a PDF: paragraphs and lists of spans. Pure."""

from __future__ import annotations

from html.parser import HTMLParser

from figures.pdf import Block, Span, listing, paragraph

_BOLD, _ITALIC = {"b", "strong"}, {"i", "em"}
_BLOCKS = {"p", "h2", "h3", "h4", "h5", "h6", "div", "blockquote"}


class _Reader(HTMLParser):
    """Collects spans; a paragraph or list ends when its element does. Lists in lists are read as one list."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.spans: list[Span] = []
        self.rows: list[list[Span]] = []
        self.ordered = False
        self.depth = 0
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            if self.depth:
                self.end_row()
            else:
                self.end_paragraph()
                self.ordered = tag == "ol"
            self.depth += 1
        elif tag == "li":
            self.end_row()
        elif tag == "br":
            self.spans.append(Span("\n"))
        elif tag in _BLOCKS and not self.depth:
            self.end_paragraph()
        else:
            self.open.append((tag, dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.depth:
            self.end_row()
            self.depth -= 1
            if not self.depth:
                self.end_list()
        elif tag == "li":
            self.end_row()
        elif tag in _BLOCKS and not self.depth:
            self.end_paragraph()
        else:
            for place in range(len(self.open) - 1, -1, -1):
                if self.open[place][0] == tag:
                    del self.open[place]
                    break

    def handle_data(self, data: str) -> None:
        if not data.strip() and not self.spans:
            return
        tags = {tag for tag, _href in self.open}
        href = next((href for tag, href in reversed(self.open) if tag == "a"), "")
        raised = "super" if "sup" in tags else "sub" if "sub" in tags else ""
        self.spans.append(
            Span(data, bold=bool(tags & _BOLD), italic=bool(tags & _ITALIC), raised=raised, href=href)  # type: ignore[arg-type]
        )

    def end_row(self) -> None:
        if any(span.text.strip() for span in self.spans):
            self.rows.append(self.spans)
        self.spans = []

    def end_list(self) -> None:
        if self.rows:
            self.blocks.append(listing(self.rows, ordered=self.ordered))
        self.rows = []

    def end_paragraph(self) -> None:
        if any(span.text.strip() for span in self.spans):
            self.blocks.append(paragraph(self.spans))
        self.spans = []


def blocks_of(html: str) -> list[Block]:
    """The blocks of rich text as it is shown (links resolved). Markers such as [3] stay as they are."""
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    reader.end_row() if reader.depth else reader.end_paragraph()
    reader.end_list()
    return reader.blocks
