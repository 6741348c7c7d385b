"""Reads OpenDocument texts, sheets and slides. Pure."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from documents.archives import content_of, name_of, parsed, value_of
from documents.contents import Contents, NotReadable
from documents.reading.markup import attributes_of, stray_words, words_of
from documents.reading.paragraphs import child_of

PARTING = {"tab": "\t", "line-break": "\n", "s": " "}
# Words in these are read on their own, not as part of the paragraph around them.
APART = {
    "annotation",
    "note",
    "tracked-changes",
    "notes",
    "p",
    "h",
    "custom-shape",
    "event-listeners",
    "hidden-text",
}
DATES = {"creation-date", "date", "print-date", "editing-duration", "editing-cycles", "document-statistic"}
READ = frozenset({"p", "h", "title", "desc", "creator", "date"})
HIDDEN_TEXT = {"hidden-text", "hidden-paragraph", "conditional-text"}


def read(archive: zipfile.ZipFile, found: Contents) -> list[zipfile.ZipInfo]:
    """Read all parts in XML, and return the other members of the archive."""
    rest = []
    for member in archive.infolist():
        path = member.filename
        if path == "mimetype":
            continue
        if not path.lower().endswith((".xml", ".rdf", ".xlb", ".xlc")):
            rest.append(member)
            continue
        try:
            content = content_of(archive, member, found.spend)
            if content.strip():
                _read_part(path, parsed(content), found)
        except NotReadable as error:
            found.missed("other", path, str(error))
    return rest


class Cursor:
    """Counts rows and columns while the elements of a sheet go by in their order."""

    def __init__(self) -> None:
        self.row = self.column = self.next_row = self.next_column = 1

    def move(self, element: Any, name: str) -> None:
        """Go on to `element`, a table, row or cell."""
        if name == "table":
            self.next_row = 1
        elif name == "table-row":
            self.row, self.next_row = self.next_row, self.next_row + _repeated(element, "rows")
            self.next_column = 1
        elif name in {"table-cell", "covered-table-cell"}:
            self.column = self.next_column
            self.next_column += _repeated(element, "columns")

    @property
    def address(self) -> str:
        """The address of the cell: 'B3'."""
        letters, column = "", self.column
        while column > 0:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"


def _repeated(element: Any, what: str) -> int:
    number = value_of(element, f"number-{what}-repeated")
    return int(number) if number.isdigit() and len(number) < 8 else 1


def _read_part(path: str, root: Any, found: Contents) -> None:
    if path in {"content.xml", "styles.xml"}:
        _read_text(root, found, "header" if path == "styles.xml" else "paragraph")
    elif path == "meta.xml":
        _read_properties(root, found)
    elif path.endswith("/content.xml"):
        found.add("chart", path, "\n".join(words_of(root)))
    elif path != "META-INF/manifest.xml":
        found.add("script" if "Basic/" in path else "other", path, "\n".join(words_of(root)))
    hidden = stray_words(root, READ) if path in {"content.xml", "styles.xml"} else []
    found.add("other", path, " · ".join([*attributes_of(root), *hidden]))


def _read_properties(root: Any, found: Contents) -> None:
    for element in root.iter():
        if name_of(element) not in DATES and (element.text or "").strip():
            found.add("property", value_of(element, "name") or name_of(element), element.text)


def _read_text(root: Any, found: Contents, kind: str) -> None:
    number = 0
    hidden_styles = hidden_styles_of(root)
    hidden_tables = hidden_tables_of(root)
    changes, cursor = _deleted(root), Cursor()
    for element in root.iter():
        name = name_of(element)
        cursor.move(element, name)
        if name in {"p", "h"}:
            number += 1
            if not number % 500:
                found.check_time()
            at = position(
                element, kind, str(number) if kind == "paragraph" else "", hidden_tables, cursor.address
            )
            _add_paragraph(element, at, found, hidden_styles)
            if any(name_of(child) == "change" for child in element.iter()):
                found.add("deleted", at[1], "".join(_pieces(element, frozenset(), changes)))
        elif name in {"annotation", "change-info"}:
            author = child_of(element, "creator")
            found.add("author", "", (author.text or "") if author is not None else "")
        elif name in {"title", "desc"} and (element.text or "").strip():
            found.add("alt", "", element.text)
        elif name in HIDDEN_TEXT:
            values = [value_of(element, "string-value"), value_of(element, "string-value-if-true")]
            found.add("hidden", str(number), " ".join([*values, *element.itertext()]))


def _add_paragraph(
    paragraph: Any, at: tuple[str, str], found: Contents, hidden_styles: frozenset[str]
) -> None:
    everything = "".join(_pieces(paragraph, frozenset()))
    shown = "".join(_pieces(paragraph, hidden_styles))
    if value_of(paragraph, "style-name") in hidden_styles:
        shown = ""
    found.add(*at, shown)
    if everything != shown:
        found.add("hidden", at[1], everything)


def position(
    element: Any, kind: str, name: str, hidden_tables: frozenset[str], address: str
) -> tuple[str, str]:
    """Return the kind and name of the position of a paragraph, by what it lies in."""
    for outer in element.iterancestors():
        found = _around(outer, name, hidden_tables, address)
        if found is not None:
            return found
    return kind, name


# What a paragraph is that lies in such an element.
_KINDS = {"tracked-changes": "deleted", "changed-region": "deleted", "note": "note", "notes": "speaker notes"}


def _around(outer: Any, name: str, hidden_tables: frozenset[str], address: str) -> tuple[str, str] | None:
    what = name_of(outer)
    if what == "annotation":
        author = child_of(outer, "creator")
        return "comment", (author.text or "?") if author is not None else "?"
    if what in _KINDS:
        return _KINDS[what], name
    if what == "section" and value_of(outer, "display") in {"none", "condition"}:
        return "hidden", name
    if what == "table-row" and value_of(outer, "visibility") in {"collapse", "filter"}:
        return "hidden cell", name
    if what in {"table", "page"} and value_of(outer, "name"):
        return _of_sheet_or_slide(outer, what, hidden_tables, address)
    return None


def _of_sheet_or_slide(
    outer: Any, what: str, hidden_tables: frozenset[str], address: str
) -> tuple[str, str] | None:
    is_hidden, name = value_of(outer, "style-name") in hidden_tables, value_of(outer, "name")
    if what == "page":
        return ("hidden slide" if is_hidden else "slide"), name
    if is_hidden:
        return "hidden sheet", name
    # Tables of a text have no addresses.
    return ("cell", f"{name}!{address}") if name_of(outer.getparent()) == "spreadsheet" else None


def _pieces(
    element: Any, hidden_styles: frozenset[str], changes: dict[str, str] | None = None
) -> Iterator[str]:
    """Yield the words of a paragraph; `changes`: with what was deleted at their marks."""
    yield element.text or ""
    for child in element:
        name = name_of(child)
        if name in PARTING:
            yield PARTING[name]
        elif name == "change" and changes is not None:
            yield changes.get(value_of(child, "change-id"), "")
        elif name not in APART and value_of(child, "style-name") not in hidden_styles:
            yield from _pieces(child, hidden_styles, changes)
        yield child.tail or ""


def _deleted(root: Any) -> dict[str, str]:
    """Return the deleted text of each tracked change by its id."""
    found = {}
    for region in root.iter():
        deletion = child_of(region, "deletion") if name_of(region) == "changed-region" else None
        if deletion is not None:
            paragraphs = [one for one in deletion.iter() if name_of(one) in {"p", "h"}]
            found[value_of(region, "id")] = "\n".join(
                "".join(_pieces(one, frozenset())) for one in paragraphs
            )
    return found


def hidden_styles_of(root: Any) -> frozenset[str]:
    """Return the names of the styles whose text is hidden."""
    return _styles_with(root, "text-properties", "display", {"none"})


def hidden_tables_of(root: Any) -> frozenset[str]:
    """Return the names of the styles of sheets and slides that are hidden."""
    return _styles_with(root, "table-properties", "display", {"false"}) | _styles_with(
        root, "drawing-page-properties", "visibility", {"hidden"}
    )


def _styles_with(root: Any, kind: str, attribute: str, values: set[str]) -> frozenset[str]:
    found = set()
    for style in root.iter():
        properties = child_of(style, kind) if name_of(style) == "style" else None
        if properties is not None and value_of(properties, attribute) in values:
            found.add(value_of(style, "name"))
    return frozenset(found)
