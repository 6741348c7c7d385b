"""Small changes of XML trees that all cleaners of Office files need. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from documents.archives import name_of, value_of

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def remove(element: Any) -> None:
    """Remove an element with all that is in it, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    _put_before(element, element.tail or "")
    element.tail = None
    parent.remove(element)


def _put_before(element: Any, words: str) -> None:
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + words
    elif words:
        element.getparent().text = (element.getparent().text or "") + words


def unwrap(element: Any) -> None:
    """Put what is in an element in its place."""
    if element.getparent() is None:
        return
    _put_before(element, element.text or "")
    for child in list(element):
        element.addprevious(child)
    remove(element)


def all_of(root: Any, *names: str) -> list[Any]:
    """Return the elements with one of these names, in document order."""
    wanted = set(names)
    return [element for element in root.iter() if name_of(element) in wanted]


def remove_all(root: Any, *names: str) -> int:
    """Remove all elements with these names. Return how many there were."""
    found = all_of(root, *names)
    for element in found:
        remove(element)
    return len(found)


def remove_attributes(root: Any, is_removed: Callable[[str], bool]) -> None:
    """Remove attributes by their name without namespace."""
    for element in root.iter():
        if not name_of(element):
            continue
        for key in list(element.attrib):
            if is_removed(key.rpartition("}")[2]):
                del element.attrib[key]


def set_value(element: Any, name: str, value: str) -> None:
    """Set the attribute `name` in whatever namespace the element has it."""
    for key in element.attrib:
        if key.rpartition("}")[2] == name:
            element.set(key, value)


def choose_alternatives(root: Any) -> None:
    """Keep one of the alternatives that a part has for older and newer programs.

    That is the newer, unless the older has the picture of an embedded file.
    """
    for element in all_of(root, "AlternateContent"):
        choices = [child for child in element if name_of(child) == "Choice"]
        fallback = next((child for child in element if name_of(child) == "Fallback"), None)
        chosen = choices[0] if choices else fallback
        if (
            fallback is not None
            and choices
            and all_of(choices[0], "oleObj", "control")
            and all_of(fallback, "pic")
        ):
            chosen = fallback
        for child in list(element):
            if child is not chosen:
                element.remove(child)
        if chosen is not None:
            unwrap(chosen)
        unwrap(element)


# Elements that stay without their relation; others are removed with it.
STAY = {"hyperlink", "blip", "Relationship", "shape", "rect", "fill", "stroke"}


def drop_relations(root: Any, dropped: Iterable[str], kept: Iterable[str]) -> None:
    """Remove what refers to relations that the copy does not have."""
    gone, known = set(dropped), set(kept)
    for element in list(root.iter()):
        if not name_of(element):
            continue
        for key, value in list(element.attrib.items()):
            if key.startswith((f"{{{RELATION}}}", f"{{{STRICT_RELATION}}}")) and (
                value in gone or value not in known
            ):
                if name_of(element) in STAY:
                    del element.attrib[key]
                elif value or name_of(element) not in {"hlinkClick"} or not value_of(element, "action"):
                    remove(element)
                    break
