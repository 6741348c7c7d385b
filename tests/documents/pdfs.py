"""PDF files with a secret in every layer that readers of a page do not see."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from . import archives
from .archives import Secrets


def font() -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )


def drawn(words: str, at: int = 700) -> bytes:
    return f"BT /F1 12 Tf 72 {at} Td ({words}) Tj ET\n".encode()


def blank(words: list[str]) -> pikepdf.Pdf:
    """Return a PDF with a page for each of `words`."""
    pdf = pikepdf.new()
    for each in words:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font()))
        page.obj.Contents = pdf.make_stream(drawn(each) if each else b"")
    return pdf


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def picture(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int]) -> Stream:
    return pdf.make_stream(
        data, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip


def script(pdf: pikepdf.Pdf, words: str) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{words}')")))


def _attachment(pdf: pikepdf.Pdf, name: str, data: bytes, description: str = "") -> pikepdf.Object:
    stream = pdf.make_stream(data, Type=Name.EmbeddedFile)
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            Desc=String(description),
            EF=Dictionary(F=stream),
        )
    )


def _note(pdf: pikepdf.Pdf, subtype: str, **more: Any) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([10, 10, 40, 40]), **more)
    )


def full(s: Secrets) -> bytes:
    """Return a PDF of two pages with a secret in each layer, as saved by an editor that appends its changes."""
    pdf = blank(["Words on page one", "Words on page two"])
    one, two = pdf.pages
    _add_properties(pdf, s)
    _add_forms(pdf, s)
    attached = _attachment(
        pdf, f"{s('name of an attachment')}.txt", s("attachment").encode(), s("description of an attachment")
    )
    inner = _attachment(pdf, "notes.docx", archives.docx(Inside(s)))
    zipped = _attachment(pdf, "a.zip", archives.archive({"b.txt": s("text in a ZIP archive")}))
    pdf.Root.Names = Dictionary(
        EmbeddedFiles=Dictionary(
            Names=Array([String("a"), attached, String("b"), inner, String("c"), zipped])
        ),
        JavaScript=Dictionary(Names=Array([String("j"), script(pdf, s("script of the document"))])),
        Dests=Dictionary(Names=Array([String(s("name of a target")), Array([two.obj, Name.Fit])])),
    )
    pdf.Root.OpenAction = script(pdf, s("script at opening"))
    pdf.Root.AA = Dictionary(WC=script(pdf, s("script at closing")))
    one.obj.AA = Dictionary(O=script(pdf, s("script of a page")))
    one.obj.PieceInfo = Dictionary(App=Dictionary(Private=String(s("data of a program"))))
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(s("prefix of page numbers")))]))
    _add_notes(pdf, s)
    _add_layer(pdf, s)
    _add_bookmarks(pdf, s)
    one.obj.Resources.XObject = Dictionary(P=picture(pdf, archives.jpeg(s("data of a picture")), (40, 30)))
    one.obj.Resources.XObject.P.Metadata = pdf.make_stream(f"<x>{s('metadata of a picture')}</x>".encode())
    one.obj.Resources.XObject.Unused = pdf.make_stream(
        drawn(s("form that no page shows")), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
    )
    one.obj.Contents = pdf.make_stream(
        one.obj.Contents.read_bytes()
        + f"% {s('comment between instructions')}\nq 100 0 0 80 72 300 cm /P Do Q\n".encode()
    )
    pdf.trailer["/Secret"] = pdf.make_indirect(Dictionary(Note=String(s("key of the trailer"))))
    data = saved(pdf)
    return appended(data, s)


class Inside(Secrets):
    """The secrets of a file that lies in another: the same names, and layers that begin with 'attached'."""

    def __init__(self, outer: Secrets) -> None:
        self.outer = outer

    def __call__(self, layer: str) -> str:
        return self.outer(f"attached: {layer}")


def _add_properties(pdf: pikepdf.Pdf, s: Secrets) -> None:
    pdf.docinfo["/Author"] = String(s("author"))
    pdf.docinfo["/Company"] = String(s("property of one's own"))
    pdf.Root.Metadata = pdf.make_stream(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{s("XMP")}</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>'.encode(),
        Type=Name.Metadata, Subtype=Name.XML,
    )  # fmt: skip


def _add_forms(pdf: pikepdf.Pdf, s: Secrets) -> None:
    look = pdf.make_stream(
        b"/Tx BMC BT /F1 10 Tf 2 2 Td (Filled in) Tj ET EMC", Type=Name.XObject, Subtype=Name.Form,
        BBox=Array([0, 0, 100, 20]), Resources=Dictionary(Font=Dictionary(F1=font())),
    )  # fmt: skip
    hidden = _note(
        pdf,
        "Widget",
        FT=Name.Tx,
        T=String(s("name of a field")),
        V=String(s("value of a field")),
        TU=String(s("tip of a field")),
    )
    shown = _note(pdf, "Widget", FT=Name.Tx, T=String("b"), V=String("Filled in"), AP=Dictionary(N=look), F=4)
    shown.Rect = Array([72, 500, 172, 520])
    xfa = pdf.make_stream(f"<xdp><field>{s('value in XFA')}</field></xdp>".encode())
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([hidden, shown]), XFA=Array([String("datasets"), xfa]), DA=String("/F1 0 Tf")
    )
    pdf.pages[0].obj.Annots = Array([hidden, shown])


def _add_notes(pdf: pikepdf.Pdf, s: Secrets) -> None:
    page = pdf.pages[1].obj
    look = pdf.make_stream(drawn(s("words of a stamp"), 5), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 99, 99]),
                           Resources=Dictionary(Font=Dictionary(F1=font())))  # fmt: skip
    page.Annots = Array([
        _note(pdf, "Text", Contents=String(s("note")), T=String(s("author of a note")), RC=String(f"<p>{s('formatted note')}</p>")),
        _note(pdf, "Popup", Contents=String(s("pop-up"))),
        _note(pdf, "FreeText", Contents=String(s("text on a page")), DA=String(f"/{s('font of a note')} 0 Tf")),
        _note(pdf, "Stamp", AP=Dictionary(N=look)),
        _note(pdf, "FileAttachment", FS=_attachment(pdf, "x.txt", s("file in a note").encode())),
        _note(pdf, "Link", A=Dictionary(S=Name.Launch, F=String(f"C:/{s('program that a link starts')}.exe"))),
        _note(pdf, "Link", A=Dictionary(S=Name.GoToR, F=String(f"{s('other document of a link')}.pdf"), D=Array([0, Name.Fit]))),
        _note(pdf, "Link", A=Dictionary(S=Name.URI, URI=String(f"file:///{s('file of a link')}"))),
        _note(pdf, "Link", A=Dictionary(S=Name.URI, URI=String("https://example.org/")), Contents=String(s("description of a link"))),
        _note(pdf, "Link", Dest=Array([pdf.pages[0].obj, Name.XYZ, 0, 800, None])),
    ])  # fmt: skip


def _add_layer(pdf: pikepdf.Pdf, s: Secrets) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(s("name of a layer"))))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([layer]),
        D=Dictionary(OFF=Array([layer]), Order=Array([String(s("group of layers")), layer])),
    )
    page = pdf.pages[1].obj
    page.Resources.Properties = Dictionary(L1=layer)
    words = b"/OC /L1 BDC " + drawn(s("words on a hidden layer"), 600) + b" EMC\n"
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + words)


def _add_bookmarks(pdf: pikepdf.Pdf, s: Secrets) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(s("bookmark"), 0))
        outline.root.append(pikepdf.OutlineItem("Words on page two", 1))


def appended(data: bytes, s: Secrets) -> bytes:
    """Return the file after an editor replaced the text of page one, with the earlier version in front."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        now = pdf.pages[0].obj.Contents.read_bytes()
        old = now + drawn(s("words of an earlier version"), 400)
        pdf.pages[0].obj.Contents.write(old)
        data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        size, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
        number, info = pdf.pages[0].obj.Contents.objgen[0], pdf.trailer.Info.objgen[0]
    before = data.rfind(b"startxref")
    previous = int(data[before + 9 :].split()[0])
    at = len(data)
    update = f"{number} 0 obj\n<</Length {len(now)}>>\nstream\n".encode() + now + b"\nendstream\nendobj\n"
    orphan_at = at + len(update)
    update += f"{size} 0 obj\n<</Note ({s('object to which nothing refers')})>>\nendobj\n".encode()
    xref = at + len(update)
    update += (
        f"xref\n{number} 1\n{at:010} 00000 n \n{size} 1\n{orphan_at:010} 00000 n \n"
        f"trailer\n<</Size {size + 1}/Root {root} 0 R/Info {info} 0 R/Prev {previous}>>\nstartxref\n{xref}\n%%EOF\n{s('words after the end')}"
    ).encode()
    return data + update
