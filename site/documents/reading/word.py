"""Reads the parts of a Word document. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from documents.archives import name_of, value_of
from documents.contents import Contents
from documents.reading.paragraphs import View, child_of, words_of

KINDS = {
    "hdr": "header",
    "ftr": "header",
    "footnotes": "note",
    "endnotes": "note",
    "glossaryDocument": "other",
}
ROOTS = frozenset({"document", "comments", *KINDS})


def read(root: Any, found: Contents, hidden_styles: frozenset[str]) -> None:
    """Read the document itself, a header, footer, notes or comments."""
    view = View(hidden_styles=hidden_styles)
    kind = KINDS.get(name_of(root), "paragraph")
    if name_of(root) == "comments":
        read_comments(root, found)
        return
    merged = ""
    for number, paragraph in enumerate(_paragraphs(root), 1):
        if not number % 500:
            found.check_time()
        words = words_of(paragraph, view)
        merged += words
        # A paragraph whose mark was deleted goes on in the next one.
        if child_of(paragraph, "pPr", "rPr", "del") is None:
            found.add(kind, str(number) if kind == "paragraph" else "", merged)
            merged = ""
        _read_other_states(paragraph, found, view, words, str(number))
    found.add(kind, "", merged)
    read_authors(root, found)
    read_field_codes(root, found)


def _paragraphs(root: Any) -> Iterator[Any]:
    return (element for element in root.iter() if name_of(element) == "p")


def _read_other_states(paragraph: Any, found: Contents, view: View, words: str, number: str) -> None:
    """Read what the paragraph was before tracked changes, and with its hidden text."""
    everything = words_of(paragraph, replace(view, hidden=True))
    if everything != words:
        found.add("hidden", number, everything)
    original = words_of(paragraph, View(deleted=True, inserted=False, hidden=True))
    if original != everything:
        found.add("deleted", number, original)


def read_comments(root: Any, found: Contents) -> None:
    """Read comments and who wrote them."""
    for comment in root:
        author = value_of(comment, "author") or "?"
        found.add("author", "", author)
        words = [words_of(paragraph, View(deleted=True, hidden=True)) for paragraph in _paragraphs(comment)]
        found.add("comment", author, "\n".join(words))


def read_authors(root: Any, found: Contents) -> None:
    """Read the names of those who changed the text."""
    found.add(
        "author",
        "",
        " · ".join(dict.fromkeys(value_of(one, "author") for one in root.iter() if name_of(one))),
    )


def read_field_codes(root: Any, found: Contents) -> None:
    """Read the instructions of fields and what was deleted of them."""
    codes: list[str] = []
    for element in root.iter():
        if name_of(element) in {"instrText", "delInstrText"}:
            codes.append(element.text or "")
        elif name_of(element) == "fldChar":
            codes.append(" ")
        elif name_of(element) == "fldSimple":
            codes.append(f" {value_of(element, 'instr')} ")
    found.add("field code", "", "".join(codes))
