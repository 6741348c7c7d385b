"""Cleans the text of an OpenDocument file. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from documents.archives import name_of, value_of
from documents.cleaning.copies import Copy
from documents.cleaning.elements import all_of, remove, remove_all, remove_attributes, unwrap
from documents.cleaning.packages import SAFE
from documents.pictures import without_metadata
from documents.reading.open_document import hidden_styles_of, hidden_tables_of

# Element -> what its removal counts as.
COUNTED = {
    "annotation": "comment", "changed-region": "change", "event-listener": "action", "script": "script",
    "form": "field", "object": "embedded", "object-ole": "embedded", "plugin": "embedded",
    "applet": "embedded",
    "floating-frame": "embedded", "hidden-text": "hidden text", "hidden-paragraph": "hidden text",
    "named-range": "defined name", "named-expression": "defined name",
}  # fmt: skip
REMOVED = (
    "tracked-changes", "change", "change-start", "change-end", "annotation", "annotation-end", "scripts",
    "event-listeners", "forms", "hidden-text", "hidden-paragraph", "variable-decls", "user-field-decls",
    "sequence-ref-decls", "dde-connection-decls", "dde-source", "database-ranges", "named-expressions",
    "content-validations", "data-pilot-tables", "consolidation", "dde-links", "scenario", "detective",
    "table-source",
    "cell-range-source", "object", "object-ole", "plugin", "applet", "floating-frame", "section-source",
    "presentation-show", "show", "control", "sound", "meta-field-decls", "alphabetical-index-auto-mark-file",
)  # fmt: skip
# Fields of programs: what they show stays, as plain text.
FIELDS = frozenset({
    "author-name", "author-initials", "creator", "initial-creator", "printed-by", "file-name", "description",
    "user-field-get", "user-field-input", "variable-get", "variable-set", "variable-input",
    "database-display",
    "conditional-text", "placeholder", "text-input", "meta", "meta-field", "user-defined", "subject",
    "keywords",
    "title-field", "template-name", "dde-connection", "expression", "execute-macro", "drop-down", "get-value",
})  # fmt: skip
HIDDEN_ROWS = {"collapse", "filter"}
ATTRIBUTES = {
    "formula", "rsid", "paragraph-rsid", "content-validation-name", "about", "property", "datatype",
    "change-id",
    "target-frame-name", "condition", "prefix-characters", "protection-key", "print-ranges", "database-name",
}  # fmt: skip


@dataclass(frozen=True)
class Hidden:
    """Names of styles: of hidden text, and of hidden sheets and slides."""

    texts: frozenset[str]
    tables: frozenset[str]

    @staticmethod
    def of(roots: Iterable[Any]) -> Hidden:
        texts, tables = frozenset[str](), frozenset[str]()
        for root in roots:
            texts, tables = texts | hidden_styles_of(root), tables | hidden_tables_of(root)
        return Hidden(texts, tables)


def clean(root: Any, copy: Copy, hidden: Hidden, members: frozenset[str]) -> None:
    """Clean content.xml or styles.xml. `members`: the names in the archive."""
    _remove_notes(root, copy)
    for element in all_of(root, *COUNTED):
        copy.removed[COUNTED[name_of(element)]] += 1
    remove_all(root, *REMOVED)
    _remove_hidden(root, copy, hidden)
    for field in all_of(root, *FIELDS):
        if name_of(field.getparent()) != "meta":
            unwrap(field)
    _clean_links(root, copy, members)
    _remove_names(root, copy)
    copy.removed["formula"] += sum(bool(value_of(cell, "formula")) for cell in all_of(root, "table-cell"))
    remove_attributes(root, lambda name: name in ATTRIBUTES)


def _remove_notes(root: Any, copy: Copy) -> None:
    for notes in all_of(root, "notes"):
        copy.removed["notes"] += any((one.text or "").strip() for one in all_of(notes, "p", "span"))
        remove(notes)


def _remove_hidden(root: Any, copy: Copy, hidden: Hidden) -> None:
    for section in all_of(root, "section"):
        if value_of(section, "display") in {"none", "condition"}:
            copy.removed["hidden text"] += 1
            remove(section)
    for element in all_of(root, "p", "h", "span"):
        if value_of(element, "style-name") in hidden.texts:
            copy.removed["hidden text"] += 1
            remove(element)
    for element in all_of(root, "table", "page"):
        if value_of(element, "style-name") in hidden.tables:
            copy.removed["hidden sheet" if name_of(element) == "table" else "hidden slide"] += 1
            remove(element)
    for table in all_of(root, "table"):
        _empty_hidden_cells(table, copy)


def _empty_hidden_cells(table: Any, copy: Copy) -> None:
    columns: list[tuple[int, int]] = []
    at = 0
    for column in all_of(table, "table-column"):
        first, at = at, at + _repeated(column)
        if value_of(column, "visibility") in HIDDEN_ROWS:
            columns.append((first, at))
    for row in all_of(table, "table-row"):
        is_hidden, at = value_of(row, "visibility") in HIDDEN_ROWS, 0
        for cell in row:
            if is_hidden or any(first <= at < last for first, last in columns):
                copy.removed["hidden cell"] += len(cell) > 0
                _empty(cell)
            at += _repeated(cell)


def _repeated(element: Any) -> int:
    number = value_of(element, "number-columns-repeated")
    return int(number) if number.isdigit() and len(number) < 8 else 1


def _empty(cell: Any) -> None:
    for child in list(cell):
        cell.remove(child)
    for key in list(cell.attrib):
        if key.rpartition("}")[2].endswith(("value", "value-type", "formula")):
            del cell.attrib[key]


def _clean_links(root: Any, copy: Copy, members: frozenset[str]) -> None:
    for element in list(root.iter()):
        target = value_of(element, "href") if name_of(element) else ""
        if not target or target.startswith("#") or target.removeprefix("./") in members:
            continue
        if name_of(element) == "a" and SAFE.match(target):
            continue
        copy.removed["link"] += 1
        if name_of(element) == "a":
            unwrap(element)
        else:
            remove(element)
    for link in all_of(root, "a"):
        for key in list(link.attrib):
            if key.rpartition("}")[2] in {"title", "name"}:
                del link.attrib[key]
    for inline in all_of(root, "binary-data"):
        _clean_inline(inline, copy)


def _clean_inline(inline: Any, copy: Copy) -> None:
    """Clean a picture that is in the text itself."""
    try:
        content = base64.b64decode(inline.text or "")
    except ValueError:
        content = b""
    clean_content = without_metadata(content)
    if clean_content is None:
        copy.removed["picture"] += 1
        remove(inline)
    else:
        copy.removed["picture data"] += clean_content != content
        inline.text = base64.b64encode(clean_content).decode()


def _remove_names(root: Any, copy: Copy) -> None:
    """Remove the names of shapes, and of places to which nothing leads."""
    for element in all_of(
        root, "frame", "custom-shape", "rect", "line", "g", "path", "ellipse", "text-box", "connector"
    ):
        for key in list(element.attrib):
            if key.endswith("drawing:1.0}name"):
                del element.attrib[key]
    used = {value_of(one, "href").removeprefix("#").partition("|")[0] for one in all_of(root, "a")}
    used |= {value_of(one, "ref-name") for one in all_of(root, "bookmark-ref", "reference-ref")}
    for mark in all_of(
        root,
        "bookmark",
        "bookmark-start",
        "bookmark-end",
        "reference-mark",
        "reference-mark-start",
        "reference-mark-end",
    ):
        if value_of(mark, "name") not in used:
            copy.removed["bookmark"] += not name_of(mark).endswith("-end")
            remove(mark)
