"""Cleans Word, Excel and PowerPoint files: writes a new package of the parts that readers see. Pure."""

from __future__ import annotations

import re
from typing import Any

from documents.archives import name_of, value_of
from documents.cleaning import sheets, slides, word
from documents.cleaning.copies import Copy, NotCleanable
from documents.cleaning.elements import (
    all_of,
    choose_alternatives,
    drop_relations,
    remove,
    remove_all,
    remove_attributes,
    set_value,
)
from documents.cleaning.packages import Package

PERSONAL = {
    "author",
    "initials",
    "userId",
    "tooltip",
    "gfxdata",
    "providerId",
    "macro",
    "textlink",
    "codeName",
}
COMMENTS = re.compile(r"comments", re.I)
SAFE_ACTION = re.compile(r"^(?:|ppaction://(?:hlinksldjump|hlinkshowjump\?jump=\w+|noaction))$")


def clean(data: bytes, copy: Copy) -> None:
    """Write a clean copy of `data` to `copy`. Raises NotCleanable and NotReadable."""
    package = Package(data, copy)
    main = package.parts.get(package.main)
    if main is None or main.root is None:
        raise NotCleanable("damaged")
    _count_comments(package, data)
    kind = name_of(main.root)
    for part in package.parts.values():
        if part.root is not None:
            _clean_any(part.root, keep_alternatives=kind != "workbook")
    if kind == "document":
        word.clean(package)
    elif kind == "workbook":
        sheets.clean(package)
    elif kind == "presentation":
        slides.clean(package)
    else:
        raise NotCleanable("kind")
    for part in package.parts.values():
        if part.root is not None:
            drop_relations(part.root, part.dropped, part.relations)
            _forget_unused(part)
    package.keep_only_used()
    copy.content = package.write()


def _count_comments(package: Package, data: bytes) -> None:
    for path in package.left_out:
        if (
            COMMENTS.search(path)
            and path.endswith(".xml")
            and not re.search(r"Extended|Ids|Extensible", path)
        ):
            root = package.content_left_out(path, data)
            package.copy.removed["comment"] += len(all_of(root, "comment", "threadedComment", "cm"))


def _clean_any(root: Any, *, keep_alternatives: bool) -> None:
    """Remove what no kind of part shows."""
    if keep_alternatives or name_of(root) != "workbook":
        choose_alternatives(root)
    else:
        remove_all(root, "AlternateContent")
    remove_all(
        root, "extLst", "custDataLst", "smartTags", "permStart", "permEnd", "proofErr", "OLEObject", "control"
    )
    remove_attributes(root, lambda name: name in PERSONAL or name.startswith("rsid"))
    for element in all_of(root, "cNvPr", "docPr"):
        set_value(element, "name", f"{name_of(element.getparent())} {value_of(element, 'id')}")
    for link in all_of(root, "hlinkClick", "hlinkHover", "hlinkMouseOver"):
        if not SAFE_ACTION.match(value_of(link, "action")):
            remove(link)


def _forget_unused(part: Any) -> None:
    """Leave out relations, and so their parts, that nothing in the part refers to any more."""
    named = {
        str(value) for element in part.root.iter() if name_of(element) for value in element.attrib.values()
    }
    for number, (kind, _target, outside) in list(part.relations.items()):
        if (outside or kind.endswith(("/image", "/chart", "/slide", "/worksheet"))) and number not in named:
            del part.relations[number]
