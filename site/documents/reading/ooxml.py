"""Reads Word, Excel and PowerPoint files: every part by what it is, whatever it is called. Pure."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from documents.archives import content_of, name_of, parsed, value_of
from documents.contents import Contents, NotReadable
from documents.reading import sheets, word
from documents.reading.markup import attributes_of, stray_words, words_of
from documents.reading.paragraphs import View, hidden_styles_of
from documents.reading.paragraphs import words_of as words_of_paragraph

DATES = {"created", "modified", "lastPrinted", "filetime"}
WORDLESS = {"Types", "theme", "fonts", "webSettings", "calcChain", "presentationPr", "viewPr", "tblStyleLst"}
# Elements whose text is read with its position, and the roots of parts in which other text is hidden data.
READ = frozenset(
    {"t", "delText", "instrText", "delInstrText", "v", "f", "oddHeader", "oddFooter", "definedName"}
)
READ_BY_PARTS = word.ROOTS | {
    "sld",
    "notes",
    "sldLayout",
    "sldMaster",
    "worksheet",
    "chartSpace",
    "wsDr",
    "workbook",
}


@dataclass
class Package:
    """What parts need to know of each other. `slides`: number by path; `hidden_styles`: of Word."""

    book: sheets.Workbook = field(default_factory=sheets.Workbook)
    slides: dict[str, str] = field(default_factory=dict)
    hidden_styles: frozenset[str] = frozenset()


def read(archive: zipfile.ZipFile, found: Contents) -> list[zipfile.ZipInfo]:
    """Read all parts in XML, and return the other members of the archive."""
    parts: list[tuple[str, Any]] = []
    rest = []
    for member in archive.infolist():
        path = member.filename.lstrip("/")
        if not path.lower().endswith((".xml", ".rels")):
            rest.append(member)
            continue
        try:
            content = content_of(archive, member, found.spend)
            if content.strip():
                parts.append((path, parsed(content)))
        except NotReadable as error:
            found.missed("other", path, str(error))
    package = _package(parts)
    for path, root in parts:
        found.check_time()
        _read_part(path, root, package, found)
    unused = [words for number, words in enumerate(package.book.strings) if number not in package.book.used]
    found.add("other", "sharedStrings", "\n".join(unused))
    return rest


def relations_of(parts: list[tuple[str, Any]], of: str) -> dict[str, str]:
    """Return the targets of the relations of the part `of` by id."""
    folder, name = posixpath.split(of)
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    found = {}
    for path, root in parts:
        if path == rels:
            for relation in root:
                target = value_of(relation, "Target")
                found[value_of(relation, "Id")] = posixpath.normpath(
                    posixpath.join(f"/{folder}", target)
                ).lstrip("/")
    return found


def _package(parts: list[tuple[str, Any]]) -> Package:
    package = Package()
    for path, root in parts:
        name = name_of(root)
        if name == "workbook":
            relations = relations_of(parts, path)
            for sheet in (one for one in root.iter() if name_of(one) == "sheet"):
                hidden = value_of(sheet, "state") in sheets.HIDDEN_STATES
                target = relations.get(_relation_id(sheet), "")
                package.book.sheets[target] = (value_of(sheet, "name"), hidden)
        elif name == "presentation":
            relations = relations_of(parts, path)
            slides = [relations.get(_relation_id(one), "") for one in root.iter() if name_of(one) == "sldId"]
            package.slides = {slide: str(number) for number, slide in enumerate(slides, 1)}
        elif name == "sst":
            package.book.strings = [sheets.string_of(entry) for entry in root if name_of(entry) == "si"]
        elif name == "styleSheet":
            package.book.date_styles = sheets.date_styles_of(root)
        elif name == "styles":
            package.hidden_styles |= hidden_styles_of(root)
    return package


def _relation_id(element: Any) -> str:
    """Return the id of a relation: the attribute `id` that is in a namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}id")), "")


def _read_part(path: str, root: Any, package: Package, found: Contents) -> None:
    name = name_of(root)
    if name in word.ROOTS and "wordprocessingml" in root.tag:
        word.read(root, found, package.hidden_styles)
        _read_alternatives(root, found)
    elif name == "worksheet":
        sheets.read_sheet(root, path, package.book, found)
    elif name in {"sld", "notes"}:
        _read_slide(path, root, package, found)
    elif reader := _READERS.get(name):
        reader(root, found)
    elif name != "sst" and name not in WORDLESS:
        kind = "custom" if "customxml" in path.lower() else "other"
        found.add(kind, path, "\n".join(words_of(root)))
    if name not in WORDLESS:
        words = [*attributes_of(root), *(stray_words(root, READ) if name in READ_BY_PARTS else ())]
        found.add("custom" if "customxml" in path.lower() else "other", path, " · ".join(words))


def _read_slide(path: str, root: Any, package: Package, found: Contents) -> None:
    number = package.slides.get(path, "")
    is_hidden = value_of(root, "show") in {"0", "false"} or not number
    if name_of(root) == "notes":
        kind, number = "speaker notes", ""
    else:
        kind = "hidden slide" if is_hidden else "slide"
    _add_paragraphs(root, found, kind, number or path)
    if kind == "slide":
        _read_alternatives(root, found)


def _add_paragraphs(root: Any, found: Contents, kind: str, name: str = "") -> None:
    words = [words_of_paragraph(one, View(hidden=True)) for one in root.iter() if name_of(one) == "p"]
    found.add(kind, name, "\n".join(words))


def _read_alternatives(root: Any, found: Contents) -> None:
    for element in root.iter():
        if name_of(element) in {"docPr", "cNvPr"}:
            found.add("alt", "", f"{value_of(element, 'descr')} {value_of(element, 'title')}")


def _read_drawing(root: Any, found: Contents) -> None:
    _add_paragraphs(root, found, "chart")
    _read_alternatives(root, found)


def _read_chart(root: Any, found: Contents) -> None:
    _add_paragraphs(root, found, "chart")
    words = [one.text or "" for one in root.iter() if name_of(one) == "v" and one.text]
    found.add("chart", "", "\n".join(words))


def _read_layout(root: Any, found: Contents) -> None:
    _add_paragraphs(root, found, "layout")


def _read_properties(root: Any, found: Contents) -> None:
    for element in root:
        name = name_of(element)
        if name not in DATES and not any(name_of(child) in DATES for child in element):
            found.add("property", value_of(element, "name") or name, " ".join(element.itertext()))


def _read_relations(root: Any, found: Contents) -> None:
    for relation in root:
        if value_of(relation, "TargetMode") == "External":
            is_link = value_of(relation, "Type").endswith("/hyperlink")
            found.add("link" if is_link else "other", "link", value_of(relation, "Target"))


def _read_people(root: Any, found: Contents) -> None:
    names = [
        value_of(one, name) for one in root.iter() for name in ("author", "displayName", "name", "userId")
    ]
    found.add("author", "", " · ".join(filter(None, names)))


def _read_slide_comments(root: Any, found: Contents) -> None:
    for comment in root:
        found.add("comment", value_of(comment, "authorId") or "?", "\n".join(words_of(comment)))


_READERS: dict[str, Callable[[Any, Contents], None]] = {
    "workbook": sheets.read_workbook,
    "comments": sheets.read_comments,
    "ThreadedComments": sheets.read_comments,
    "personList": _read_people,
    "people": _read_people,
    "cmAuthorLst": _read_people,
    "authorLst": _read_people,
    "cmLst": _read_slide_comments,
    "coreProperties": _read_properties,
    "Properties": _read_properties,
    "Relationships": _read_relations,
    "chartSpace": _read_chart,
    "wsDr": _read_drawing,
    "dataModel": _read_drawing,
    "drawing": _read_drawing,
    "userShapes": _read_drawing,
    "sldLayout": _read_layout,
    "sldMaster": _read_layout,
    "notesMaster": _read_layout,
    "handoutMaster": _read_layout,
}
