"""The links and bookmarks of a clean PDF. Pure."""

from __future__ import annotations

import io
import logging
import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from documents.cleaning.copies import Copy
from documents.reading.pdf_objects import items_of, text_of

logger = logging.getLogger(__name__)

SAFE = re.compile(r"\s*(?:https?://|mailto:|tel:)", re.IGNORECASE)
LINK_KEPT = ("/Type", "/Subtype", "/Rect", "/Border", "/BS", "/C", "/F", "/H", "/QuadPoints", "/StructParent")
PLACES = {"/XYZ", "/Fit", "/FitH", "/FitV", "/FitR", "/FitB", "/FitBH", "/FitBV"}
MOST_DEEP, MOST_BOOKMARKS = 12, 5_000
SECONDS = 1.5  # of processor time for reading the words on pages


class WordsOnPages:
    """The words that readers see, to compare with words that they do not see."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def all(self) -> str:
        began, words = time.thread_time(), []
        try:
            for page in pypdf.PdfReader(io.BytesIO(self.data)).pages:
                words.append(page.extract_text())
                if time.thread_time() - began > SECONDS:
                    break
        # pypdf raises all kinds of errors. Words that were not read count as hidden.
        except Exception as error:
            logger.info("The words of a PDF were read in part: %r", error)
        return _bare(" ".join(words))

    def contain(self, words: str) -> bool:
        """Return whether these words, in this order, are on a page."""
        return bool(_bare(words)) and _bare(words) in self.all


def _bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()


@dataclass
class Bookmark:
    title: str
    target: Any
    inner: list[Bookmark] = field(default_factory=list)


def links_of(pdf: Pdf, copy: Copy, seen: WordsOnPages) -> dict[tuple[int, int], list[Any]]:
    """Return new links by page: those to addresses on the web and to pages of the same document."""
    targets = named_targets(pdf)
    found: dict[tuple[int, int], list[Any]] = {}
    for page in pdf.pages:
        for one in items_of(page.obj.get("/Annots")):
            subtype = one.get("/Subtype") if isinstance(one, Dictionary) else None
            if subtype == Name.Link:
                link = _new_link(one, targets, seen)
                if link is None:
                    copy.removed["link"] += 1
                else:
                    found.setdefault(page.obj.objgen, []).append(pdf.make_indirect(link))
            elif subtype == Name.FileAttachment:
                continue  # counted with the attachments
            elif subtype not in (Name.Widget, Name.Popup):
                copy.removed["annotation"] += 1
    return found


def _new_link(old: Any, targets: dict[str, Any], seen: WordsOnPages) -> Any:
    action, link = old.get("/A"), Dictionary()
    target = target_of(old, targets)
    if target is not None:
        link.Dest = target
    elif (
        isinstance(action, Dictionary)
        and action.get("/S") == Name.URI
        and SAFE.match(text_of(action.get("/URI")))
    ):
        link.A = Dictionary(S=Name.URI, URI=String(text_of(action.URI)))
    else:
        return None
    for key in LINK_KEPT:
        if key in old:
            link[key] = old[key]
    words = text_of(old.get("/Contents"))
    # PDF/UA wants a description of each link. One that says more than the page is hidden text.
    if words and (seen.contain(words) or words == text_of(link.get("/A", Dictionary()).get("/URI"))):
        link.Contents = String(words)
    return link


def target_of(holder: Any, targets: dict[str, Any]) -> Any:
    """Return the page to which a link or bookmark leads, as an array; None if it leads to none here."""
    target, action = holder.get("/Dest"), holder.get("/A")
    if target is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
        target = action.get("/D")
    if isinstance(target, String | Name):
        target = targets.get(str(target).lstrip("/"))
    if isinstance(target, Dictionary):
        target = target.get("/D")
    items = items_of(target)
    if not items or not isinstance(items[0], Dictionary) or items[0].get("/Type") != Name.Page:
        return None
    numbers = [
        one
        for one in items[2:]
        if isinstance(one, int | float) or one is None or str(one).replace(".", "").isdigit()
    ]
    if len(items) > 1 and str(items[1]) in PLACES and len(numbers) == len(items) - 2:
        return Array(items)
    return Array([items[0], Name.Fit])


def named_targets(pdf: Pdf) -> dict[str, Any]:
    """Return the targets that have names, which the copy does not have."""
    old, names = pdf.Root.get("/Dests"), pdf.Root.get("/Names")
    found = (
        {key.lstrip("/"): one for key, one in old.as_dict().items()} if isinstance(old, Dictionary) else {}
    )
    tree = names.get("/Dests") if isinstance(names, Dictionary) else None
    if isinstance(tree, Dictionary):
        try:
            found |= {str(key): one for key, one in pikepdf.NameTree(tree).items()}
        except (RuntimeError, pikepdf.PdfError, ValueError):
            return found
    return found


def bookmarks(pdf: Pdf, copy: Copy, seen: WordsOnPages) -> list[Bookmark]:
    """Return the bookmarks whose words are on a page as well."""
    outlines, targets = pdf.Root.get("/Outlines"), named_targets(pdf)
    visited: set[tuple[int, int]] = set()

    def below(item: Any, deep: int) -> list[Bookmark]:
        kept: list[Bookmark] = []
        while isinstance(item, Dictionary) and item.objgen not in visited and len(visited) < MOST_BOOKMARKS:
            visited.add(item.objgen)
            inner = below(item.get("/First"), deep + 1) if deep < MOST_DEEP else []
            title, target = text_of(item.get("/Title")), target_of(item, targets)
            if target is not None and seen.contain(title):
                kept.append(Bookmark(title, target, inner))
            else:
                copy.removed["bookmark"] += 1
                kept += inner
            item = item.get("/Next")
        return kept

    return below(outlines.get("/First"), 0) if isinstance(outlines, Dictionary) else []


def write_bookmarks(pdf: Pdf, kept: list[Bookmark]) -> None:
    """Give the copy these bookmarks and no others."""
    if "/Outlines" in pdf.Root:
        del pdf.Root.Outlines
    if not kept:
        return
    with pdf.open_outline() as outline:
        outline.root.extend(_items(kept))


def _items(kept: list[Bookmark]) -> list[Any]:
    items = []
    for one in kept:
        item = pikepdf.OutlineItem(one.title, one.target)
        item.children.extend(_items(one.inner))
        items.append(item)
    return items
