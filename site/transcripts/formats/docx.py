"""Word documents: their paragraphs read as text, or their table if the words are in one. Pure.

Source: ECMA-376 part 1, section 17 (WordprocessingML). Hidden and deleted words, fields' codes and notes are
not words of the transcript; a line break and a tab separate words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from transcripts.cues import TranscriptRead, Unused, joined
from transcripts.formats import table, text
from transcripts.formats.office_zip import part_of, xml_part
from transcripts.formats.xml_tree import attribute, local, walk
from transcripts.speakers import label

_SKIPPED = frozenset(
    {"del", "movefrom", "fallback", "instrtext", "deltext", "footnotereference", "rpr", "ppr"}
)
_SPACES = {"tab": "\t", "ptab": "\t", "nobreakhyphen": "-"}
_BREAKS = frozenset({"br", "cr"})
FEWEST_CUTS = 3


@dataclass
class _Paragraph:
    """The lines of a paragraph, which its line breaks separate."""

    lines: list[str] = field(default_factory=lambda: [""])

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class _Document:
    """`outside`: paragraphs that are not in a table; `all`: every paragraph in order."""

    all: list[_Paragraph] = field(default_factory=list)
    outside: list[_Paragraph] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def read(data: bytes) -> TranscriptRead:
    """Return the cues of a .docx file.

    Raises Unreadable for a damaged file, and for other files with that suffix.
    """
    body = xml_part(data, "word/document.xml", "Word document (.docx)")
    document = _read(body, _hidden_styles(data))
    unused = []
    if hidden := joined(document.hidden):
        unused.append(Unused(0, hidden[:2000], "It is hidden text of the document."))
    if document.rows and _words_are_in_table(document):
        rows = list(enumerate(document.rows, 1))
        found = table.read_rows(rows, "docx")
        unused += [
            Unused(0, joined([one.text])[:500], "It stands outside of the table.")
            for one in document.outside
            if joined([one.text])
        ]
    else:
        glue = "" if _are_cut_at_one_width(document.all) else "\n"
        found = text.read("\n".join(glue.join(one.lines) for one in document.all), "docx")
    return TranscriptRead("docx", found.cues, [*unused, *found.unused], found.notes)


def _words_are_in_table(document: _Document) -> bool:
    inside = sum(len(cell) for row in document.rows for cell in row)
    return table.is_table(document.rows) and inside > sum(len(one.text) for one in document.outside)


def _are_cut_at_one_width(paragraphs: Sequence[_Paragraph]) -> bool:
    """Return whether a program has cut all lines at the same column, in the middle of words.

    People and programs that break lines between words leave lines of different lengths.
    """
    lengths = []
    for one in paragraphs:
        if len(one.lines) > 1:
            found = label(one.lines[0])
            lines = [found[1] if found else one.lines[0], *one.lines[1:]]
            lengths += [len(line) for line in lines[:-1]]
            if any(line[-1:].isspace() for line in lines[:-1]) or not all(lines):
                return False
    return len(lengths) >= FEWEST_CUTS and len(set(lengths)) == 1


class _DocumentReader:
    """Reads one document element by element."""

    def __init__(self, hidden_styles: frozenset[str]) -> None:
        self.document = _Document()
        self.hidden_styles = hidden_styles
        self.open: list[_Paragraph] = []
        self.cells: list[list[_Paragraph]] = []
        self.skipped = self.hidden = 0

    def start(self, element: Element, kind: str) -> None:
        if kind == "p":
            one = _Paragraph()
            self.open.append(one)
            self.document.all.append(one)
            (self.cells[-1] if self.cells else self.document.outside).append(one)
        elif kind == "tr" and not self.cells:
            self.document.rows.append([])
        elif kind == "tc":
            self.cells.append([])
        elif self.open and not self.skipped and not self.hidden:
            _space(self.open[-1], kind)
        self._count(element, kind, 1)

    def end(self, element: Element, kind: str) -> None:
        self._count(element, kind, -1)
        if kind == "p":
            self.open.pop()
        elif kind == "tc":
            found = self.cells.pop()
            if self.cells:  # A table inside a cell.
                self.cells[-1] += found
            elif self.document.rows:
                self.document.rows[-1].append("\n".join(one.text for one in found).strip())

    def _count(self, element: Element, kind: str, step: int) -> None:
        self.skipped += step if kind in _SKIPPED else 0
        self.hidden += step if kind in ("r", "p") and _is_hidden(element, kind, self.hidden_styles) else 0

    def text(self, words: str) -> None:
        if not self.open or self.skipped:
            return
        if self.hidden:
            self.document.hidden.append(words)
        else:
            self.open[-1].lines[-1] += words.replace("\n", " ")


def _read(root: Element, hidden_styles: frozenset[str]) -> _Document:
    reader = _DocumentReader(hidden_styles)
    for event, element, words in walk(root):
        kind = local(element)
        if event == "start":
            reader.start(element, kind)
        elif event == "end":
            reader.end(element, kind)
        elif kind == "t":
            reader.text(words)
    return reader.document


def _space(paragraph: _Paragraph, kind: str) -> None:
    if kind in _BREAKS:
        paragraph.lines.append("")
    else:
        paragraph.lines[-1] += _SPACES.get(kind, "")


def _is_hidden(element: Element, kind: str, styles: frozenset[str]) -> bool:
    """Return whether a run or a paragraph is hidden, itself or by its style."""
    properties = next((one for one in element if local(one) == f"{kind}pr"), None)
    if properties is None:
        return False
    for one in properties:
        if local(one) == "vanish" and kind == "r":
            return attribute(one, "val").lower() not in ("0", "false", "off")
    return any(local(one) == f"{kind}style" and attribute(one, "val") in styles for one in properties)


def _hidden_styles(data: bytes) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden, also by the style that they are based on."""
    found = part_of(data, "word/styles.xml")
    if found is None:
        return frozenset()
    styles = [one for one in found.iter() if local(one) == "style"]
    hidden = {
        attribute(one, "styleId")
        for one in styles
        for part in one.iter()
        if local(part) == "vanish" and attribute(part, "val").lower() not in ("0", "false", "off")
    }
    based = {
        attribute(one, "styleId"): attribute(part, "val")
        for one in styles
        for part in one
        if local(part) == "basedon"
    }
    for _step in range(10):
        hidden |= {style for style, base in based.items() if base in hidden}
    return frozenset(hidden)
