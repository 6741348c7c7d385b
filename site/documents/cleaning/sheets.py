"""Cleans the parts of an Excel workbook: values instead of formulas, without what is hidden. Pure."""

from __future__ import annotations

import copy
from typing import Any

from documents.archives import name_of, value_of
from documents.cleaning.elements import (
    RELATION,
    STRICT_RELATION,
    all_of,
    remove,
    remove_all,
    remove_attributes,
)
from documents.cleaning.packages import Package
from documents.reading.paragraphs import child_of
from documents.reading.sheets import HIDDEN_STATES, hidden_columns, is_hidden, is_in

WORKBOOK_KEPT = {"workbookPr", "bookViews", "sheets", "calcPr"}
SHEET_REMOVED = (
    "legacyDrawing", "legacyDrawingHF", "oleObjects", "controls", "customProperties", "customSheetViews",
    "protectedRanges", "sheetProtection", "scenarios", "webPublishItems", "dataValidations", "tableParts",
    "filterColumn", "phoneticPr", "dataConsolidate", "cellWatches", "sortState",
)  # fmt: skip


def clean(package: Package) -> None:
    """Clean all parts of a workbook."""
    book = package.parts[package.main]
    _clean_workbook(package, book)
    strings: set[int] = set()
    for part in package.parts.values():
        if part.root is not None and name_of(part.root) == "worksheet":
            _clean_sheet(part.root, package, strings)
        elif part.root is not None and name_of(part.root) == "chartSpace":
            fix_chart(part.root)
    for part in package.parts.values():
        if part.root is not None and name_of(part.root) == "sst":
            for number, entry in enumerate(all_of(part.root, "si")):
                if number not in strings:
                    _empty(entry)


def _empty(entry: Any) -> None:
    """Keep the place of a string, because cells count them."""
    namespace = entry.tag.rpartition("}")[0] + "}"
    for child in list(entry):
        entry.remove(child)
    entry.append(entry.makeelement(f"{namespace}t", {}))


def _clean_workbook(package: Package, book: Any) -> None:
    removed = package.copy.removed
    removed["defined name"] += len(all_of(book.root, "definedName"))
    for sheet in all_of(book.root, "sheet"):
        if value_of(sheet, "state") in HIDDEN_STATES:
            removed["hidden sheet"] += 1
            number = sheet.get(f"{{{RELATION}}}id") or sheet.get(f"{{{STRICT_RELATION}}}id") or ""
            if number in book.relations:
                package.drop(book.relations[number][1])
            remove(sheet)
    for child in list(book.root):
        if name_of(child) not in WORKBOOK_KEPT:
            book.root.remove(child)
    for view in all_of(book.root, "workbookView"):
        for key in ("activeTab", "firstSheet"):
            view.attrib.pop(key, None)


def _clean_sheet(root: Any, package: Package, strings: set[int]) -> None:
    removed, columns = package.copy.removed, hidden_columns(root)
    remove_all(root, *SHEET_REMOVED)
    for row in all_of(root, "row"):
        hidden = is_hidden(row)
        for cell in list(row):
            if hidden or is_in(cell, columns):
                removed["hidden cell"] += len(cell) > 0
                row.remove(cell)
            else:
                _clean_cell(cell, package, strings)
    _clean_rules_and_links(root)
    remove_attributes(root, lambda name: name in {"display", "cm", "vm"})


def _clean_rules_and_links(root: Any) -> None:
    """Remove rules of colours that name words or other sheets, and links that do not lead to the web."""
    for rule in all_of(root, "cfRule"):
        if value_of(rule, "text") or any("!" in (one.text or "") or '"' in (one.text or "") for one in rule):
            remove(rule)
    for link in all_of(root, "hyperlink"):
        if not any(key.startswith(f"{{{RELATION}}}") for key in link.attrib):
            remove(link)
    for group in all_of(root, "conditionalFormatting", "hyperlinks"):
        if not len(group):
            remove(group)


def _clean_cell(cell: Any, package: Package, strings: set[int]) -> None:
    formula, value = child_of(cell, "f"), child_of(cell, "v")
    if formula is not None:
        package.copy.removed["formula"] += 1
        cell.remove(formula)
    if value_of(cell, "t") == "s" and value is not None and (value.text or "").isdigit():
        strings.add(int(value.text))


def fix_chart(root: Any) -> None:
    """Give a chart the values that it shows, in place of the addresses of cells."""
    remove_all(root, "externalData", "f15", "pivotSource", "pivotFmts")
    for reference in all_of(root, "numRef", "strRef"):
        kind = name_of(reference).removesuffix("Ref")
        cache = child_of(reference, f"{kind}Cache")
        parent = reference.getparent()
        if parent is None or cache is None:
            continue
        namespace = reference.tag.rpartition("}")[0] + "}"
        if name_of(parent) == "tx":
            shown = reference.makeelement(f"{namespace}v", {})
            shown.text = " ".join(one.text or "" for one in all_of(cache, "v"))
        else:
            shown = reference.makeelement(f"{namespace}{kind}Lit", {})
            for child in cache:
                shown.append(copy.deepcopy(child))
        parent.replace(reference, shown)
