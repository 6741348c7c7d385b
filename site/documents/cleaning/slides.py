"""Cleans the parts of a PowerPoint file: without notes, hidden slides and what lies behind shapes. Pure."""

from __future__ import annotations

from typing import Any

from documents.archives import name_of, value_of
from documents.cleaning.elements import RELATION, STRICT_RELATION, all_of, remove, remove_all
from documents.cleaning.packages import Package

REMOVED = (
    "notesMasterIdLst", "handoutMasterIdLst", "custShowLst", "photoAlbum", "modifyVerifier", "timing",
    "contentPart",
)  # fmt: skip


def clean(package: Package) -> None:
    """Clean all parts of a presentation."""
    main = package.parts[package.main]
    for slide in all_of(main.root, "sldId"):
        number = slide.get(f"{{{RELATION}}}id") or slide.get(f"{{{STRICT_RELATION}}}id") or ""
        path = main.relations[number][1] if number in main.relations else ""
        part = package.parts.get(path)
        if part is None or part.root is None or value_of(part.root, "show") in {"0", "false"}:
            package.copy.removed["hidden slide"] += 1
            package.drop(path)
            remove(slide)
    for part in package.parts.values():
        if part.root is not None:
            remove_all(part.root, *REMOVED)
            _show_pictures_of_files(part.root)
            _remove_hidden_shapes(part.root, package)


def _show_pictures_of_files(root: Any) -> None:
    """Keep the picture of an embedded file in the place of the file."""
    for frame in all_of(root, "graphicFrame"):
        embedded = all_of(frame, "oleObj")
        if embedded:
            pictures = all_of(embedded[0], "pic")
            if pictures:
                frame.addprevious(pictures[0])
            remove(frame)


def _remove_hidden_shapes(root: Any, package: Package) -> None:
    for properties in all_of(root, "cNvPr"):
        if value_of(properties, "hidden") in {"1", "true"}:
            package.copy.removed["hidden text"] += 1
            shape = properties.getparent().getparent()
            if name_of(shape) in {"sp", "pic", "graphicFrame", "cxnSp", "grpSp"}:
                remove(shape)
