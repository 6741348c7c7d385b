"""The words of a PDF: what is drawn on its pages and what is written into it beside them."""

from __future__ import annotations

import io

import pypdf

MOST_PAGES = 300


def pdf_words(file: io.BytesIO) -> str:
    """The text of its pages and of its metadata, '\\n' between them. Raises pypdf's errors for what is no PDF."""
    reader = pypdf.PdfReader(file)
    noted = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*(page.extract_text() for page in reader.pages[:MOST_PAGES]), *noted])
