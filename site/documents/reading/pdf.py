"""Reads PDF: pages, forms, notes, bookmarks, attachments, metadata, earlier versions. Pure."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Object, Stream

from documents.contents import Contents, NotReadable
from documents.pictures import strings_of
from documents.reading import pdf_objects, pdf_pages
from documents.reading.markup import words_in_xml
from documents.reading.pdf_objects import text_of

INNER = Callable[[bytes, Contents, str, str], None]
MOST_FIELDS, MOST_BOOKMARKS, MOST_VERSIONS = 20_000, 20_000, 4
DATES = {"/CreationDate", "/ModDate"}
MARK = b"%%EOF"


def opened(data: bytes, *, recover: bool = True) -> pikepdf.Pdf:
    """Return the document. Raises NotReadable('locked') or NotReadable('damaged')."""
    try:
        return pikepdf.open(io.BytesIO(data), attempt_recovery=recover, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise NotReadable("locked") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise NotReadable("damaged") from error


def read(data: bytes, found: Contents, read_inner: INNER) -> None:
    """Read everything in a PDF. Raises NotReadable for one that cannot be opened."""
    with opened(data) as pdf:
        _read_properties(pdf, found)
        _read_forms(pdf, found)
        _read_bookmarks(pdf, found)
        for number, page in enumerate(pdf.pages, 1):
            if "/Annots" in page.obj:
                _read_notes(page.obj.Annots, str(number), found)
        pdf_objects.read_rest(pdf, found, read_inner)
        pdf_pages.read_pages(pdf, data, found)
    _read_earlier(data, found, read_inner)


def _read_properties(pdf: pikepdf.Pdf, found: Contents) -> None:
    for key, value in pdf.docinfo.items():
        if key not in DATES:
            found.add("property", str(key).lstrip("/"), text_of(value))


def _read_forms(pdf: pikepdf.Pdf, found: Contents) -> None:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return
    left = [MOST_FIELDS]
    for field in pdf_objects.items_of(form.get("/Fields")):
        _read_field(field, "", found, left)
    xfa = form.get("/XFA")
    for part in [xfa] if isinstance(xfa, Stream) else pdf_objects.items_of(xfa):
        if isinstance(part, Stream):
            found.add("form field", "XFA", "\n".join(words_in_xml(pdf_objects.bytes_of(part, found))))


def _read_field(field: Object, above: str, found: Contents, left: list[int]) -> None:
    left[0] -= 1
    if not isinstance(field, Dictionary) or left[0] < 0 or above.count(".") > 20:
        return
    name = ".".join(filter(None, (above, text_of(field.get("/T")))))
    words = [text_of(field.get(key)) for key in ("/V", "/DV", "/TU", "/TM", "/RV", "/Opt")]
    found.add("form field", name, "\n".join([name, *filter(None, words)]))
    for kid in pdf_objects.items_of(field.get("/Kids")):
        _read_field(kid, name, found, left)


def _read_bookmarks(pdf: pikepdf.Pdf, found: Contents) -> None:
    for item in bookmarks_of(pdf):
        found.add("bookmark", "", text_of(item.get("/Title")))


def bookmarks_of(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield each bookmark once, in order, however they refer to each other."""
    outlines = pdf.Root.get("/Outlines")
    waiting = [outlines.get("/First")] if isinstance(outlines, Dictionary) else []
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < MOST_BOOKMARKS:
        item = waiting.pop()
        if not isinstance(item, Dictionary) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        yield item
        waiting += [item.get("/Next"), item.get("/First")]


def _read_notes(annotations: Object, page: str, found: Contents) -> None:
    for annotation in pdf_objects.items_of(annotations):
        if not isinstance(annotation, Dictionary):
            continue
        subtype = annotation.get("/Subtype")
        if subtype == Name.Widget:
            _read_field(annotation, "", found, [1])
        elif subtype == Name.Link:
            found.add("alt", "", text_of(annotation.get("/Contents")))
            action = annotation.get("/A")
            if isinstance(action, Dictionary):
                found.add("link", "", text_of(action.get("/URI")))
        else:
            found.add("author", "", text_of(annotation.get("/T")))
            words = [text_of(annotation.get(key)) for key in ("/Contents", "/Subj", "/RC")]
            found.add("annotation", page, "\n".join(filter(None, words)))
        for stream in pdf_objects.appearances_of(annotation):
            found.add("annotation", page, pdf_objects.words_drawn(stream))


def _read_earlier(data: bytes, found: Contents, read_inner: INNER) -> None:
    """Read what an editor's program left in the file when it appended changes instead of writing it again."""
    if found.is_inside("earlier"):
        return
    ends: list[int] = []
    at = data.find(MARK)
    while at >= 0 and len(ends) < 200:
        ends.append(at + len(MARK))
        at = data.find(MARK, at + 1)
    for number, end in enumerate(ends[:-1][-MOST_VERSIONS:], 1):
        part = data[:end]
        try:
            opened(part, recover=False).close()
        except NotReadable:
            # The first part of a file that was prepared for the web is not a document.
            continue
        read_inner(part, found, "earlier", str(number))
    if ends and data[ends[-1] :].strip():
        found.add("other", "PDF", strings_of(data[ends[-1] :]))
