"""Reads the text of a PDF and of its metadata."""

from __future__ import annotations

import io

import pypdf

MOST_PAGES = 300


def pdf_words(file: io.BytesIO) -> str:
    """Return the text of the pages and the metadata, separated by '\\n'.

    Raises pypdf's errors for other files.
    """
    reader = pypdf.PdfReader(file)
    noted = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*(page.extract_text() for page in reader.pages[:MOST_PAGES]), *noted])
