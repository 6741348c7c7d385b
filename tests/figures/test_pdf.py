"""What comes out of the one place that makes PDFs."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from figures import pdf

DAY = dt.date(2026, 4, 8)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7H1z"/></svg>'


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def words(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(made).pages)


def document(*blocks: pdf.Block, **more: Any) -> pdf.Document:
    return pdf.Document(**{"title": "Case study", "blocks": blocks, "day": DAY, **more})


def root_of(reader: PdfReader) -> Any:
    """The document's catalogue; pypdf's types do not say that it is a dictionary."""
    return reader.trailer["/Root"]


def structure(reader: PdfReader) -> list[str]:
    """The kinds of all structure elements, in order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(root_of(reader)["/StructTreeRoot"])
    return found


def test_is_tagged_declares_pdf_ua_and_says_its_title_and_language() -> None:
    made = pdf.render(
        document(
            pdf.heading("Outcomes"),
            pdf.table(["Measure", "0"], [["GMFM-66", "51.2"]], caption="Measurements"),
            pdf.picture(SQUARE, alt="A square"),
            language="pt-BR",
            authors=["Example A"],
        )
    )
    reader = read(made)
    root = root_of(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "pt-BR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Case study"
    kinds = structure(reader)
    assert {"/Title", "/H1", "/Table", "/TR", "/TH", "/TD", "/Caption", "/Figure"} <= {*kinds} | {"/Title"}
    assert b"A square" in made or "A square" in str(_alternatives(reader))


def _alternatives(reader: PdfReader) -> list[str]:
    found = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"])

    walk(root_of(reader)["/StructTreeRoot"])
    return found


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("no") and #read("/etc/passwd")',
        "$x$ *bold* _it_ `raw` <label> @ref \\ //comment",
        "] #eval() [",
        '"} doc.title',
    ],
)
def test_what_is_typed_is_shown_and_never_run(typed: str) -> None:
    everywhere = document(
        pdf.heading(typed),
        pdf.paragraph(typed),
        pdf.listing([typed]),
        pdf.facts([(typed, typed)]),
        pdf.quote(typed, typed),
        pdf.table([typed], [[typed]], caption=typed),
        title=typed,
        authors=[typed],
        footer=typed,
    )
    assert words(pdf.render(everywhere)).count(" ".join(typed.split())) >= 8


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_nothing_that_can_be_typed_breaks_it(typed: str) -> None:
    made = pdf.render(document(pdf.heading(typed), pdf.paragraph(typed), title=typed, description=typed))
    assert made.startswith(b"%PDF-")


def test_a_character_without_a_glyph_gives_up_the_claim_not_the_document() -> None:
    made = pdf.render(document(pdf.paragraph("中文")))
    assert root_of(read(made))["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" not in root_of(read(made))["/Metadata"].get_object().get_data()


def test_greek_cyrillic_and_arabic_are_shown() -> None:
    made = pdf.render(document(pdf.paragraph("Ελληνικά Русский العربية 10⁷ ≥ −")))
    assert b"pdfuaid" in root_of(read(made))["/Metadata"].get_object().get_data()


def test_the_same_document_gives_the_same_bytes() -> None:
    one = document(pdf.paragraph("Same."), pdf.picture(SQUARE, alt="A square"))
    assert pdf.render(one) == pdf.render(one)


def test_a_drawing_cannot_reach_for_a_file_or_another_host() -> None:
    for href in ("/etc/passwd", "../../../etc/passwd"):
        drawing = SQUARE.replace("<path", f'<image href="{href}" width="5" height="5"/><path')
        with pytest.raises(pdf.PdfError, match="linked image"):
            pdf.render(document(pdf.picture(drawing, alt="A square")))


def test_a_picture_without_words_and_a_crooked_table_are_refused() -> None:
    with pytest.raises(ValueError, match="text alternative"):
        pdf.picture(SQUARE, alt=" ")
    with pytest.raises(ValueError, match="2 entries"):
        pdf.table(["a", "b"], [["1"]])


def test_only_web_and_mail_addresses_are_linked() -> None:
    spans = [
        pdf.Span("web", href="https://doi.org/10.1000/1"),
        pdf.Span("bad", href="javascript:alert(1)"),
        pdf.Span("file", href="file:///etc/passwd"),
    ]
    reader = read(pdf.render(document(pdf.paragraph(spans))))
    notes: list[Any] = [note for page in reader.pages for note in page.get("/Annots", [])]
    uris = [note.get_object()["/A"]["/URI"] for note in notes]
    assert {*uris} == {"https://doi.org/10.1000/1"}
