"""Cleans the parts of a Word document: changes accepted, comments, fields and hidden text removed. Pure."""

from __future__ import annotations

import re
from typing import Any

from documents.archives import name_of, value_of
from documents.cleaning.elements import all_of, remove, remove_all, remove_attributes, unwrap
from documents.cleaning.packages import Package
from documents.reading.paragraphs import child_of, hidden_styles_of, is_hidden

TEXTS = {"document", "hdr", "ftr", "footnotes", "endnotes"}
CHANGES_OF_FORMAT = (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblGridChange",
    "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
)  # fmt: skip
MARKS = (
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart",
    "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd", "commentRangeStart",
    "commentRangeEnd", "annotationRef", "altChunk", "subDoc", "sdtPr", "sdtEndPr", "smartTagPr",
    "customXmlPr",
    "printerSettings", "attachedTemplate",
)  # fmt: skip
FIELDS = re.compile(
    r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|TOC|PAGEREF|REF|NOTEREF|SEQ|STYLEREF)\b", re.IGNORECASE
)
SETTINGS_KEPT = {
    "compat", "defaultTabStop", "evenAndOddHeaders", "mirrorMargins", "footnotePr", "endnotePr",
    "autoHyphenation",
    "hyphenationZone", "characterSpacingControl", "mathPr", "themeFontLang", "clrSchemeMapping",
    "decimalSymbol",
    "listSeparator", "displayBackgroundShape", "gutterAtTop", "bookFoldPrinting", "zoom", "noLineBreaksAfter",
    "noLineBreaksBefore", "embedTrueTypeFonts", "saveSubsetFonts", "borderSurroundHeader",
    "borderSurroundFooter",
}  # fmt: skip


def clean(package: Package) -> None:
    """Clean all parts of a Word document."""
    hidden: frozenset[str] = frozenset()
    for part in package.parts.values():
        if part.root is not None and name_of(part.root) == "styles":
            hidden |= hidden_styles_of(part.root)
    texts = [
        one.root for one in package.parts.values() if one.root is not None and name_of(one.root) in TEXTS
    ]
    for root in texts:
        _accept_changes(root, package)
        remove_all(root, *MARKS)
        _remove_hidden(root, hidden, package)
        _flatten_fields(root, package)
        for element in all_of(root, "sdt", "sdtContent", "smartTag", "customXml"):
            unwrap(element)
        for reference in all_of(root, "commentReference"):
            remove(reference.getparent() if name_of(reference.getparent()) == "r" else reference)
        _clean_drawings(root)
    _remove_bookmarks(texts, package)
    for part in package.parts.values():
        if part.root is not None and name_of(part.root) == "settings":
            for child in list(part.root):
                if name_of(child) not in SETTINGS_KEPT:
                    part.root.remove(child)


def _accept_changes(root: Any, package: Package) -> None:
    removed = package.copy.removed
    removed["change"] += remove_all(root, *CHANGES_OF_FORMAT)
    for row in all_of(root, "tr"):
        properties = child_of(row, "trPr")
        if properties is not None and child_of(properties, "del") is not None:
            removed["change"] += 1
            remove(row)
    _merge_paragraphs(root)
    for element in all_of(root, "del", "moveFrom"):
        removed["change"] += 1
        remove(element)
    for element in all_of(root, "ins", "moveTo"):
        removed["change"] += 1
        unwrap(element)
    for element in all_of(root, "delText"):
        remove(element)


def _merge_paragraphs(root: Any) -> None:
    """Join each paragraph whose mark was deleted with the one after it."""
    for paragraph in reversed(all_of(root, "p")):
        following = paragraph.getnext()
        deleted = child_of(paragraph, "pPr", "rPr", "del")
        if deleted is None or following is None or name_of(following) != "p":
            continue
        own = child_of(following, "pPr")
        at = 1 if own is not None else 0
        content = [child for child in paragraph if name_of(child) != "pPr"]
        for number, child in enumerate(content):
            following.insert(at + number, child)
        remove(paragraph)


def _remove_hidden(root: Any, hidden: frozenset[str], package: Package) -> None:
    for run in all_of(root, "r"):
        if is_hidden(run, hidden):
            package.copy.removed["hidden text"] += 1
            remove(run)


def _flatten_fields(root: Any, package: Package) -> None:
    """Keep what fields show; keep only instructions that number pages and lead to parts of the text."""
    for simple in all_of(root, "fldSimple"):
        if not FIELDS.match(value_of(simple, "instr")):
            package.copy.removed["field"] += 1
            unwrap(simple)
    open_fields: list[dict[str, Any]] = []
    for element in all_of(root, "fldChar", "instrText", "delInstrText"):
        kind = value_of(element, "fldCharType")
        if kind == "begin":
            open_fields.append({"marks": [element], "code": "", "instructions": []})
            remove_all(element, "ffData", "fldData")
        elif not open_fields:
            remove(element)
        elif kind:
            open_fields[-1]["marks"].append(element)
            if kind == "end":
                _end_field(open_fields.pop(), package)
        else:
            open_fields[-1]["code"] += element.text or ""
            open_fields[-1]["instructions"].append(element)
    while open_fields:
        _end_field(open_fields.pop(), package)


def _end_field(one: dict[str, Any], package: Package) -> None:
    if FIELDS.match(one["code"]):
        return
    package.copy.removed["field"] += 1
    for element in [*one["marks"], *one["instructions"]]:
        remove(element)


def _clean_drawings(root: Any) -> None:
    for element in all_of(root, "cNvPr"):
        # Word keeps the alternative text in docPr; here it puts the path of the file.
        for key in [key for key in element.attrib if key in {"descr", "title"}]:
            del element.attrib[key]
    for element in all_of(root, "imagedata", "shape", "fill"):
        for key in list(element.attrib):
            if key.rpartition("}")[2] in {"title", "href", "src", "althref"}:
                del element.attrib[key]
    remove_attributes(root, lambda name: name == "docLocation")


def _remove_bookmarks(texts: list[Any], package: Package) -> None:
    """Remove the names of places to which nothing in the document leads."""
    used = {value_of(link, "anchor") for root in texts for link in all_of(root, "hyperlink")}
    codes = " ".join(one.text or "" for root in texts for one in all_of(root, "instrText"))
    codes += " ".join(value_of(one, "instr") for root in texts for one in all_of(root, "fldSimple"))
    used |= set(re.findall(r"\w+", codes))
    for root in texts:
        gone = {
            value_of(one, "id") for one in all_of(root, "bookmarkStart") if value_of(one, "name") not in used
        }
        for one in all_of(root, "bookmarkStart", "bookmarkEnd"):
            if value_of(one, "id") in gone:
                package.copy.removed["bookmark"] += (
                    name_of(one) == "bookmarkStart" and value_of(one, "name") != "_GoBack"
                )
                remove(one)
