"""Reads the words on the pages of a PDF, and finds pages that are pictures. Pure."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pypdf
from pikepdf import Dictionary, Name, Stream

from documents.contents import Contents, NotReadable
from documents.reading.pdf_objects import bytes_of, items_of

HYPHEN = re.compile(r"([^\W\d_])[-\u2010]\n\s*(?=[a-zß-ÿ])")
# A page with so few characters and a picture that large, in pixels, was probably scanned.
FEW_CHARACTERS, LARGE_PICTURE = 40, 300_000
# Bytes of drawing on a page without words: letters that were turned into outlines.
MUCH_DRAWING = 3_000
STRANGE = re.compile(r"[\ufffd\ue000-\uf8ff\x01-\x08\x0e-\x1f]")


def read_pages(pdf: pikepdf.Pdf, data: bytes, found: Contents) -> None:
    """Read the words of each page. `data`: the file."""
    if pdf.is_encrypted:
        out = io.BytesIO()
        pdf.save(out, encryption=False)
        data = out.getvalue()
    pages = list(pypdf.PdfReader(io.BytesIO(data)).pages) if len(pdf.pages) else []
    for number, page in enumerate(pdf.pages, 1):
        if found.is_late():
            found.missed(
                "page", f"{number}–{len(pdf.pages)}" if number < len(pdf.pages) else str(number), "late"
            )
            return
        try:
            bounded = _size_of_contents(page.obj, found)
            words = pages[number - 1].extract_text() if number <= len(pages) and bounded else ""
        except NotReadable as error:
            found.missed("page", str(number), str(error))
            continue
        # pypdf raises all kinds of errors on damaged pages.
        except Exception:
            found.missed("page", str(number), "damaged")
            continue
        _add(words, number, page.obj, bounded, found)


def _add(words: str, number: int, page: Any, drawing: int, found: Contents) -> None:
    found.add("page", str(number), HYPHEN.sub(r"\1", words))
    seen = len(words.strip())
    if (seen < FEW_CHARACTERS and largest_picture(page) > (LARGE_PICTURE if seen else 0)) or (
        not seen and drawing > MUCH_DRAWING
    ):
        found.missed("page", str(number), "scanned")
    elif seen and len(STRANGE.findall(words)) * 5 > seen:
        found.missed("page", str(number), "letters")


def _size_of_contents(page: Any, found: Contents) -> int:
    """Return the bytes of drawing on a page. Raises NotReadable where they are too many."""
    contents, size = page.get("/Contents"), 0
    for stream in [contents] if isinstance(contents, Stream) else items_of(contents):
        if isinstance(stream, Stream):
            size += len(bytes_of(stream, found))
    for form in _xobjects(page.get("/Resources")):
        if form.get("/Subtype") == Name.Form:
            size += len(bytes_of(form, found))
    return size


def _xobjects(resources: Any) -> list[Any]:
    group = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    return (
        [one for one in group.as_dict().values() if isinstance(one, Stream)]
        if isinstance(group, Dictionary)
        else []
    )


def largest_picture(page: Any, deep: int = 0) -> int:
    """Return the pixels of the largest picture on a page or form, 0 for none; 1 for one of unknown size."""
    largest = 0
    for each in _xobjects(page.get("/Resources")):
        if each.get("/Subtype") == Name.Image:
            width, height = each.get("/Width"), each.get("/Height")
            pixels = width * height if isinstance(width, int) and isinstance(height, int) else 1
            largest = max(largest, pixels)
        elif deep < 4:
            largest = max(largest, largest_picture(each, deep + 1))
    return largest
