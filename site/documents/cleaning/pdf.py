"""Cleans a PDF: pages as readers see them, tags for screen readers, links and bookmarks. Pure."""

from __future__ import annotations

import io
from html import escape
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from documents.cleaning import pdf_layers, pdf_links, pdf_objects
from documents.cleaning.copies import Copy
from documents.reading.pdf import MARK, opened
from documents.reading.pdf_objects import files_in, items_of

ROOT_KEPT = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PageLayout", "/Outlines"}
PAGE_KEPT = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
    "/UserUnit", "/Contents", "/Annots", "/Group", "/Tabs", "/StructParents",
}  # fmt: skip
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>{more}'
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def clean(data: bytes, copy: Copy) -> None:
    """Write a clean copy of `data` to `copy`. Raises NotReadable for a PDF that cannot be opened."""
    if data.count(MARK) > 1 and not data[:1024].count(b"/Linearized"):
        copy.removed["earlier"] += 1
    with opened(data) as pdf:
        is_accessible = _is_accessible(pdf)
        _count(pdf, copy)
        seen = pdf_links.WordsOnPages(data)
        links = pdf_links.links_of(pdf, copy, seen)
        bookmarks = pdf_links.bookmarks(pdf, copy, seen)
        _flatten(pdf)
        pdf_layers.remove_hidden(pdf, copy)
        _keep(pdf.Root, ROOT_KEPT)
        for page in pdf.pages:
            _keep(page.obj, PAGE_KEPT)
            if found := links.get(page.obj.objgen):
                page.obj.Annots = Array(found)
            elif "/Annots" in page.obj:
                del page.obj.Annots
        pdf_links.write_bookmarks(pdf, bookmarks)
        pdf_objects.scrub(pdf, copy)
        _write_properties(pdf, copy.title, is_accessible)
        out = io.BytesIO()
        pdf.save(
            out, encryption=False, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    copy.content = out.getvalue()


def _keep(container: Any, kept: set[str]) -> None:
    for key in list(container.keys()):
        if key not in kept:
            del container[key]


def _is_accessible(pdf: pikepdf.Pdf) -> bool:
    """Return whether the file says that it keeps to PDF/UA."""
    metadata = pdf.Root.get("/Metadata")
    return isinstance(metadata, pikepdf.Stream) and b"pdfuaid:part" in metadata.read_bytes()


def _count(pdf: pikepdf.Pdf, copy: Copy) -> None:
    """Count what is left out with the keys of the document and its pages."""
    removed = copy.removed
    if pdf.docinfo.get("/Author"):
        removed["author"] += 1
    others = {str(key) for key, _value in pdf.docinfo.items()} - {"/Author", "/CreationDate", "/ModDate"}
    if "/Metadata" in pdf.Root or others:
        removed["property"] += 1
    seen: set[tuple[int, int]] = set()
    for each in pdf.objects:
        for file in files_in(each):
            streams = {one.objgen for one in file.EF.as_dict().values()}
            removed["attachment"] += not streams <= seen
            seen |= streams
        if isinstance(each, Dictionary) and "/S" in each:
            removed["script"] += Name.JavaScript == each.S
        if isinstance(each, Dictionary) and "/Thumb" in each:
            removed["thumbnail"] += 1
    _count_actions(pdf, copy)


def _count_actions(pdf: pikepdf.Pdf, copy: Copy) -> None:
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, Dictionary):
        is_script = opening.get("/S") == Name.JavaScript and not opening.is_indirect
        copy.removed["script" if is_script else "action"] += 1
    copy.removed["action"] += "/AA" in pdf.Root
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        copy.removed["field"] += len(items_of(form.get("/Fields"))) or ("/XFA" in form)
    for page in pdf.pages:
        copy.removed["action"] += "/AA" in page.obj


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Draw what the fields of forms show on their pages."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return
    form.NeedAppearances = False
    for page in pdf.pages:
        widgets = [
            one for one in items_of(page.obj.get("/Annots"))
            if isinstance(one, Dictionary) and one.get("/Subtype") == Name.Widget
        ]  # fmt: skip
        page.obj.Annots = Array(widgets)
    pdf.flatten_annotations("screen")


def _write_properties(pdf: pikepdf.Pdf, title: str, is_accessible: bool) -> None:
    for key in list(pdf.trailer.keys()):
        if key not in {"/Root", "/Size"}:
            del pdf.trailer[key]
    # A damaged file may lack it, and qpdf writes its own value only where there is one.
    pdf.trailer["/Size"] = len(pdf.objects) + 1
    more = "<pdfuaid:part>1</pdfuaid:part>" if is_accessible else ""
    pdf.Root.Metadata = pikepdf.Stream(pdf, XMP.format(title=escape(title), more=more).encode())
    pdf.Root.Metadata.Type, pdf.Root.Metadata.Subtype = Name.Metadata, Name.XML
    if title:
        pdf.docinfo["/Title"] = String(title)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
