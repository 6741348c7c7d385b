"""Office files made by hand, with a secret in every layer that readers of a page do not see."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument."
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class Secrets:
    """Gives out a name of its own for each layer: `s("comment")` is 'Qavira' and two letters."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def __call__(self, layer: str) -> str:
        if layer not in self.of:
            number = len(self.of)
            self.of[layer] = f"Qavira{chr(97 + number // 26)}{chr(97 + number % 26)}"
        return self.of[layer]


def archive(members: dict[str, bytes | str], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
        opened.comment = comment
    return out.getvalue()


def jpeg(secret: str, size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a picture with an artist in its EXIF data and words in its comment."""
    picture, out = Image.new("RGB", size, (90, 120, 160)), io.BytesIO()
    exif = picture.getexif()
    exif[315] = secret
    picture.save(out, "JPEG", exif=exif, comment=secret.encode())
    return out.getvalue()


def relations(*entries: tuple[str, str, str] | tuple[str, str, str, str]) -> str:
    """Return a part of relations of (id, end of the type or the whole, target[, 'External'])."""
    rows = ""
    for number, kind, target, *mode in entries:
        whole = kind if "://" in kind else f"{R}/{kind}"
        more = f' TargetMode="{mode[0]}"' if mode else ""
        rows += f'<Relationship Id="{number}" Type="{whole}" Target="{target}"{more}/>'
    return f'{HEAD}<Relationships xmlns="{REL}">{rows}</Relationships>'


def types(parts: dict[str, str]) -> str:
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>'
        f'<Default Extension="bin" ContentType="application/octet-stream"/>{rows}</Types>'
    )


def properties(s: Secrets) -> dict[str, bytes | str]:
    dc = "http://purl.org/dc/elements/1.1/"
    core = f"{REL}/metadata/core-properties".replace("relationships/metadata", "metadata")
    return {
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{core}" xmlns:dc="{dc}"><dc:creator>{s("creator")}</dc:creator>'
        f"<dc:title>{s('old title')}</dc:title><cp:lastModifiedBy>{s('last modified by')}</cp:lastModifiedBy></cp:coreProperties>",
        "docProps/app.xml": f'<Properties xmlns="x"><Company>{s("company")}</Company></Properties>',
        "docProps/custom.xml": f'<Properties xmlns="x"><property name="who"><v>{s("custom property")}</v></property></Properties>',
        "docProps/thumbnail.jpeg": jpeg(s("thumbnail")),
        "customXml/item1.xml": f"<data><name>{s('custom xml')}</name></data>",
    }


PACKAGE = (
    ("rId1", "officeDocument", "{main}"),
    ("rId2", f"{REL}/metadata/core-properties", "docProps/core.xml"),
    ("rId3", "extended-properties", "docProps/app.xml"),
    ("rId4", "custom-properties", "docProps/custom.xml"),
    ("rId5", f"{REL}/metadata/thumbnail", "docProps/thumbnail.jpeg"),
)


def package(main: str) -> str:
    return relations(*((number, kind, target.format(main=main)) for number, kind, target in PACKAGE))


def t(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def p(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


def docx_body(s: Secrets) -> str:
    """Return the body: visible words, and what Word hides."""
    who = f'w:id="9" w:author="{s("author of a change")}" w:date="2024-01-01T00:00:00Z"'
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:extent cx="400" cy="300"/><wp:docPr id="1" name="{s("name of a picture")}" descr="A girl climbs stairs"/>'
        f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{A}/picture"><pic:pic '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
        f'<pic:cNvPr id="0" name="x" descr="C:\\{s("path of a picture")}.jpg"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:embed="rIdP"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        f"{p(t('In a text box'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"{s('fallback of a text box')}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    rows = f"<w:tbl><w:tr><w:tc>{p(t('A cell'))}</w:tc></w:tr><w:tr><w:trPr><w:del {who}/></w:trPr><w:tc>{p(t(s('deleted row')))}</w:tc></w:tr></w:tbl>"
    return "".join((
        p(t("Split over "), t("ru"), t("ns.")),
        p(t("Before"), "<w:r><w:br/></w:r>", t("after a break")),
        p(t("Before"), "<w:r><w:tab/></w:r>", t("after a tab")),
        p(t("Kept. "), f"<w:del {who}><w:r><w:delText>{s('deleted text')}</w:delText></w:r></w:del>",
          f"<w:ins {who}>{t('Inserted.')}</w:ins>"),
        p(f"<w:moveFrom {who}>{t(s('moved text'))}</w:moveFrom>", f"<w:moveTo {who}>{t('Moved here.')}</w:moveTo>"),
        f"<w:p><w:pPr><w:rPr><w:del {who}/></w:rPr></w:pPr>{t('Merged ')}</w:p>", p(t("paragraphs.")),
        p(f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{s('hidden text')}</w:t></w:r>", t("Shown.")),
        p(f"<w:r><w:rPr><w:rStyle w:val='Gone'/></w:rPr><w:t>{s('text hidden by its style')}</w:t></w:r>"),
        p("<w:commentRangeStart w:id='0'/>", t("Discussed."), "<w:commentRangeEnd w:id='0'/><w:r><w:commentReference w:id='0'/></w:r>"),
        f"<w:sdt><w:sdtPr><w:alias w:val='{s('name of a content control')}'/></w:sdtPr><w:sdtContent>{p(t('In a control.'))}</w:sdtContent></w:sdt>",
        p(field.format("begin"), f"<w:r><w:instrText> INCLUDETEXT {s('field code')} </w:instrText></w:r>",
          field.format("separate"), t("Shown by a field."), field.format("end")),
        p("<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:textInput><w:default "
          f"w:val='{s('default of a form field')}'/></w:textInput></w:ffData></w:fldChar></w:r>", field.format("end")),
        p(f"<w:bookmarkStart w:id='5' w:name='{s('bookmark')}'/><w:bookmarkEnd w:id='5'/>", t("Marked.")),
        p(f"<w:hyperlink r:id='rIdL' w:tooltip='{s('tooltip')}'>{t('A link.')}</w:hyperlink>",
          f"<w:hyperlink r:id='rIdF'>{t(' A file.')}</w:hyperlink>"),
        p(f"<w:smartTag w:element='x'><w:smartTagPr><w:attr w:name='n' w:val='{s('smart tag')}'/></w:smartTagPr>{t('Tagged.')}</w:smartTag>"),
        p(f"<w:permStart w:id='1' w:ed='{s('who may edit')}@example.org'/>", t("Editable."), "<w:permEnd w:id='1'/>"),
        p("<w:r><w:object><o:OLEObject xmlns:o='urn:schemas-microsoft-com:office:office' r:id='rIdO' ProgID='Excel.Sheet'/></w:object></w:r>"),
        p(drawing), p(box), rows, "<w:altChunk r:id='rIdA'/>",
        p("<w:r><w:rPr><w:rPrChange " + who + "/></w:rPr><w:footnoteReference w:id='2'/></w:r>"),
        "<w:sectPr><w:headerReference w:type='default' r:id='rIdH'/><w:footerReference w:type='default' r:id='rIdG'/></w:sectPr>",
    ))  # fmt: skip


def docx(s: Secrets) -> bytes:
    space = (
        f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )

    def part(name: str, inner: str) -> str:
        return f"{HEAD}<w:{name} {space}>{inner}</w:{name}>"

    gone = (
        f"<w:del w:id='3' w:author='x'><w:r><w:delText>{s('deleted in a footnote')}</w:delText></w:r></w:del>"
    )
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": types({
            "word/document.xml": f"{MAIN}wordprocessingml.document.main+xml",
            **{f"word/{name}.xml": f"{MAIN}wordprocessingml.{name}+xml" for name in ("styles", "settings", "header", "footer", "footnotes", "comments")},
        }),
        "_rels/.rels": package("word/document.xml"),
        "word/document.xml": part("document", f"<w:body>{docx_body(s)}</w:body>"),
        "word/_rels/document.xml.rels": relations(
            ("rIdS", "styles", "styles.xml"), ("rIdT", "settings", "settings.xml"), ("rIdH", "header", "header.xml"),
            ("rIdG", "footer", "footer.xml"), ("rIdN", "footnotes", "footnotes.xml"), ("rIdC", "comments", "comments.xml"),
            ("rIdE", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml"),
            ("rIdP", "image", f"media/{s('name of a file')}.jpg"), ("rIdO", "package", "embeddings/sheet.xlsx"),
            ("rIdL", "hyperlink", "https://example.org/", "External"),
            ("rIdF", "hyperlink", f"file:///C:/{s('link to a file')}.doc", "External"),
            ("rIdA", "aFChunk", "afchunk.html"), ("rIdQ", "glossaryDocument", "glossary/document.xml"),
            ("rIdX", "customXml", "../customXml/item1.xml"), ("rIdB", "oleObject", "embeddings/oleObject1.bin"),
        ),
        "word/styles.xml": part("styles", "<w:style w:type='character' w:styleId='Gone'><w:rPr><w:vanish/></w:rPr></w:style>"),
        "word/settings.xml": part("settings", f"<w:docVars><w:docVar w:name='n' w:val='{s('document variable')}'/></w:docVars>"
                                  "<w:attachedTemplate r:id='rId1'/><w:defaultTabStop w:val='708'/>"),
        "word/_rels/settings.xml.rels": relations(("rId1", "attachedTemplate", f"file:///C:/{s('template')}.dotx", "External")),
        "word/header.xml": part("hdr", p(t("In the header."))),
        "word/footer.xml": part("ftr", p(t("In the footer."))),
        "word/footnotes.xml": part("footnotes", f"<w:footnote w:id='2'>{p(t('In a footnote.'), gone)}</w:footnote>"),
        "word/comments.xml": part("comments", f"<w:comment w:id='0' w:author='{s('author of a comment')}' w:initials='x'>{p(t(s('comment')))}</w:comment>"),
        "word/people.xml": f"<w15:people xmlns:w15='x'><w15:person w15:author='{s('person')}'/></w15:people>",
        f"word/media/{s('name of a file')}.jpg": jpeg(s("data of a picture")),
        "word/embeddings/sheet.xlsx": xlsx(s, "embedded "),
        "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90 + s("embedded object").encode(),
        "word/afchunk.html": f"<html><body><p>{s('imported text')}</p></body></html>",
        "word/glossary/document.xml": part("glossaryDocument", p(t(s("building block")))),
        "word/orphan.xml": f"<x>{s('part without relation')}</x>",
        **properties(s),
    }  # fmt: skip
    return archive(members, s("comment of the archive").encode())


def xlsx(s: Secrets, more: str = "") -> bytes:
    """Return a workbook; `more` begins the names of its layers."""

    def k(layer: str) -> str:
        return s(f"{more}{layer}")

    def cell(at: str, words: str) -> str:
        return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'

    sheet = (
        f'<worksheet xmlns="{S}" xmlns:r="{R}"><sheetPr codeName="{k("code name")}"/><cols><col min="3" max="3" hidden="1"/></cols><sheetData>'
        f'<row r="1"><c r="A1" t="s"><v>0</v></c>{cell("B1", "Seen")}{cell("C1", k("hidden column"))}</row>'
        f'<row r="2" hidden="1">{cell("A2", k("hidden row"))}</row>'
        f'<row r="3"><c r="A3" s="1"><v>43588</v></c><c r="B3" t="str"><f>CONCAT("{k("formula")}")</f><v>Value</v></c></row></sheetData>'
        f'<scenarios><scenario name="{k("scenario")}"/></scenarios>'
        f'<autoFilter ref="A1:B3"><filterColumn colId="0"><filters><filter val="{k("filter")}"/></filters></filterColumn></autoFilter>'
        f'<dataValidations><dataValidation sqref="A1" prompt="{k("prompt")}"/></dataValidations>'
        f'<hyperlinks><hyperlink ref="B1" r:id="rId1" tooltip="{k("tooltip")}"/></hyperlinks>'
        '<headerFooter><oddHeader>&amp;CPrinted above</oddHeader></headerFooter><legacyDrawing r:id="rId2"/></worksheet>'
    )
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": types({
            "xl/workbook.xml": f"{MAIN}spreadsheetml.sheet.main+xml", "xl/styles.xml": f"{MAIN}spreadsheetml.styles+xml",
            "xl/sharedStrings.xml": f"{MAIN}spreadsheetml.sharedStrings+xml",
            **{f"xl/worksheets/sheet{n}.xml": f"{MAIN}spreadsheetml.worksheet+xml" for n in (1, 2)},
        }),
        "_rels/.rels": package("xl/workbook.xml"),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{S}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="y" url="C:\\{k("path of the workbook")}\\"/></mc:Choice></mc:AlternateContent>'
        '<sheets><sheet name="Results" sheetId="1" r:id="rId1"/>'
        f'<sheet name="{k("name of a hidden sheet")}" sheetId="2" state="veryHidden" r:id="rId2"/></sheets>'
        f'<definedNames><definedName name="{k("defined name")}">Results!$A$1</definedName></definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "worksheets/sheet2.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"), ("rId4", "styles", "styles.xml"),
            ("rId5", "externalLink", "externalLinks/externalLink1.xml"), ("rId6", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("rId7", "connections", "connections.xml"), ("rId8", "customXml", "../customXml/item1.xml"),
            ("rId9", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{S}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{S}"><si><r><t>Sha</t></r><r><t>red</t></r></si><si><t>{k("string of a deleted cell")}</t></si></sst>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{S}"><sheetData><row r="1">{cell("A1", k("cell of a hidden sheet"))}</row></sheetData></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("rId1", "hyperlink", "https://example.org/", "External"), ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("rId3", "comments", "../comments1.xml"), ("rId4", "printerSettings", "../printerSettings/printerSettings1.bin"),
            ("rId5", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml"),
        ),
        "xl/comments1.xml": f'<comments xmlns="{S}"><authors><author>{k("author of a note")}</author></authors><commentList>'
        f'<comment ref="B1" authorId="0"><text><r><t>{k("note on a cell")}</t></r></text></comment></commentList></comments>',
        "xl/threadedComments/threadedComment1.xml": f'<ThreadedComments xmlns="x"><threadedComment ref="A1"><text>{k("discussion")}</text></threadedComment></ThreadedComments>',
        "xl/persons/person.xml": f'<personList xmlns="x"><person displayName="{k("person")}"/></personList>',
        "xl/drawings/vmlDrawing1.vml": f"<xml><v:shape xmlns:v='x'>{k('shape of a note')}</v:shape></xml>",
        "xl/printerSettings/printerSettings1.bin": k("printer").encode("utf-16-le"),
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{S}"><externalBook><sheetNames><sheetName val="{k("sheet of another workbook")}"/></sheetNames></externalBook></externalLink>',
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="{S}" refreshedBy="{k("who refreshed")}"/>',
        "xl/connections.xml": f'<connections xmlns="{S}"><connection name="{k("connection")}"/></connections>',
        **properties(s if not more else _Renamed(s, more)),
    }  # fmt: skip
    return archive(members)


class _Renamed(Secrets):
    def __init__(self, inner: Secrets, more: str) -> None:
        self.inner, self.more = inner, more

    def __call__(self, layer: str) -> str:
        return self.inner(f"{self.more}{layer}")


def pptx(s: Secrets) -> bytes:
    def shape(words: str, more: str = "") -> str:
        return f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="{s("name of a shape")}" {more}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>'

    def slide(inner: str, name: str = "sld", more: str = "") -> str:
        return (
            f'{HEAD}<p:{name} xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"{more}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/>'
            f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{inner}</p:spTree></p:cSld></p:{name}>"
        )

    picture = '<p:pic><p:nvPicPr><p:cNvPr id="4" name="x" descr="A girl climbs stairs"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="rId2"/></p:blipFill><p:spPr/></p:pic>'
    link = f'<a:hlinkClick xmlns:a="{A}" r:id="" action="ppaction://macro?name={s("macro of a click")}"/>'
    clicked = shape("Click").replace("<p:cNvSpPr/>", f"<p:cNvSpPr/>{link}", 1)
    frame = '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="7" name="x"/></p:nvGraphicFramePr><a:graphic><a:graphicData><p:oleObj r:id="rId5" name="y"/></a:graphicData></a:graphic></p:graphicFrame>'
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": types({
            "ppt/presentation.xml": f"{MAIN}presentationml.presentation.main+xml",
            **{f"ppt/slides/slide{n}.xml": f"{MAIN}presentationml.slide+xml" for n in (1, 2)},
        }),
        "_rels/.rels": package("ppt/presentation.xml"),
        "ppt/presentation.xml": f'{HEAD}<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/><p:sldId id="257" r:id="rId2"/></p:sldIdLst>'
        f'<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/><p:custShowLst><p:custShow name="{s("custom show")}" id="0"/></p:custShowLst>'
        f'<p:extLst><p:ext uri="x"><p14:section xmlns:p14="y" name="{s("name of a section")}"/></p:ext></p:extLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("rId1", "slide", "slides/slide1.xml"), ("rId2", "slide", "slides/slide2.xml"),
            ("rId3", "commentAuthors", "commentAuthors.xml"), ("rId4", "tags", "tags/tag1.xml"), ("rId8", "customXml", "../customXml/item1.xml"),
        ),
        "ppt/slides/slide1.xml": slide(shape("On the slide") + shape(s("hidden shape"), 'hidden="1"') + picture + clicked + frame),
        "ppt/slides/slide2.xml": slide(shape(s("hidden slide")), more=' show="0"'),
        "ppt/slides/_rels/slide1.xml.rels": relations(
            ("rId2", "image", "../media/image1.jpg"), ("rId3", "notesSlide", "../notesSlides/notesSlide1.xml"),
            ("rId4", "comments", "../comments/comment1.xml"), ("rId5", "package", "../embeddings/sheet.xlsx"),
            ("rId6", "video", "../media/media1.mp4"),
        ),
        "ppt/notesSlides/notesSlide1.xml": slide(shape(s("speaker notes")), "notes"),
        "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0"><p:text>{s("comment")}</p:text></p:cm></p:cmLst>',
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{P}"><p:cmAuthor id="0" name="{s("author of a comment")}"/></p:cmAuthorLst>',
        "ppt/tags/tag1.xml": f'<p:tagLst xmlns:p="{P}"><p:tag name="N" val="{s("tag")}"/></p:tagLst>',
        "ppt/media/image1.jpg": jpeg(s("data of a picture")),
        "ppt/media/media1.mp4": b"\0\0\0\x18ftypmp42" + s("recording").encode(),
        "ppt/embeddings/sheet.xlsx": xlsx(s, "embedded "),
        **properties(s),
    }  # fmt: skip
    return archive(members)


def odf_names(*names: str) -> str:
    spaces = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "presentation": "presentation",
              "meta": "meta", "form": "form", "script": "script"}  # fmt: skip
    declared = "".join(
        f' xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in spaces.items()
    )
    return (
        declared + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )


def odf(kind: str, body: str, styles: str, s: Secrets, more: dict[str, bytes | str] | None = None) -> bytes:
    content = (
        f'{HEAD}<office:document-content{odf_names()} office:version="1.3"><office:scripts><office:script>{s("script")}</office:script></office:scripts>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    meta = (
        f"{HEAD}<office:document-meta{odf_names()}><office:meta><meta:initial-creator>{s('first author')}</meta:initial-creator>"
        f'<dc:creator>{s("last author")}</dc:creator><meta:user-defined meta:name="{s("name of a property")}">x</meta:user-defined></office:meta></office:document-meta>'
    )
    members: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
        "styles.xml": f'{HEAD}<office:document-styles{odf_names()} office:version="1.3"><office:styles/></office:document-styles>',
        "meta.xml": meta,
        "settings.xml": f"<settings><item>{s('printer')}</item></settings>",
        "Basic/Standard/Module1.xml": f"<script>{s('macro')}</script>",
        "Thumbnails/thumbnail.png": jpeg(s("thumbnail")),
        "Pictures/photo.jpg": jpeg(s("data of a picture")),
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        **(more or {}),
    }
    return archive(members)


def odt(s: Secrets) -> bytes:
    styles = '<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>'
    body = f"""<office:text><text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>
<dc:creator>{s("author of a change")}</dc:creator></office:change-info><text:p>{s("deleted text")}</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:user-field-decls><text:user-field-decl text:name="f" office:string-value="{s("user field")}"/></text:user-field-decls>
<office:forms><form:form><form:text form:value="{s("value of a field")}"/></form:form></office:forms>
<text:p>Split <text:span>over sp</text:span>ans.</text:p><text:p>Before<text:line-break/>after a break<text:tab/>and a tab.</text:p>
<text:p>Kept.<text:change text:change-id="c1"/> <text:span text:style-name="Gone">{s("text hidden by its style")}</text:span>Shown.</text:p>
<text:p>Discussed.<office:annotation><dc:creator>{s("author of a comment")}</dc:creator><text:p>{s("comment")}</text:p></office:annotation></text:p>
<text:p>A condition: <text:hidden-text text:condition="x" text:string-value="{s("hidden text")}">x</text:hidden-text>.</text:p>
<text:section text:display="none"><text:p>{s("hidden section")}</text:p></text:section>
<text:p><text:bookmark text:name="{s("bookmark")}"/>Marked. <text:a xlink:href="file:///C:/{s("link to a file")}">A file.</text:a> <text:a xlink:href="https://example.org/">A link.</text:a></text:p>
<text:p><draw:frame draw:name="{s("name of a picture")}"><draw:image xlink:href="Pictures/photo.jpg"/></draw:frame></text:p>
<text:p><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>Note<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>In a footnote.</text:p></text:note-body></text:note></text:p>
<text:p>Clicked<office:event-listeners><script:event-listener script:macro-name="{s("macro of a click")}"/></office:event-listeners>.</text:p></office:text>"""
    return odf("text", body, styles, s, {"Object 1/content.xml": f"<x><y>{s('embedded object')}</y></x>"})


def ods(s: Secrets) -> bytes:
    styles = '<style:style style:name="Gone" style:family="table"><style:table-properties table:display="false"/></style:style>'

    def row(words: str, more: str = "") -> str:
        return f"<table:table-row{more}><table:table-cell><text:p>{words}</text:p></table:table-cell></table:table-row>"

    body = f"""<office:spreadsheet><table:table table:name="Results"><table:table-column/>{row("Seen")}{row(s("hidden row"), ' table:visibility="collapse"')}
<table:table-row><table:table-cell/><table:table-cell table:formula="of:={s("formula")}()"><text:p>Value</text:p><office:annotation><dc:creator>{s("author of a note")}</dc:creator><text:p>{s("note on a cell")}</text:p></office:annotation></table:table-cell></table:table-row></table:table>
<table:table table:name="{s("name of a hidden sheet")}" table:style-name="Gone">{row(s("cell of a hidden sheet"))}</table:table>
<table:named-expressions><table:named-range table:name="{s("defined name")}"/></table:named-expressions>
<table:database-ranges><table:database-range table:name="{s("range of a database")}"/></table:database-ranges></office:spreadsheet>"""
    return odf("spreadsheet", body, styles, s)


def odp(s: Secrets) -> bytes:
    styles = '<style:style style:name="Gone" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'

    def page(words: str, more: str = "") -> str:
        return f'<draw:page draw:name="page"{more}><draw:frame><draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>{s("speaker notes")}</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>'

    hidden = page(s("hidden slide"), ' draw:style-name="Gone"')
    body = f"<office:presentation>{page('On the slide')}{hidden}</office:presentation>"
    return odf("presentation", body, styles, s)


BUILDERS: dict[str, Any] = {"docx": docx, "xlsx": xlsx, "pptx": pptx, "odt": odt, "ods": ods, "odp": odp}
