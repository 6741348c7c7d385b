"""XML from anywhere: read without entities, and walked without recursion. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from transcripts.cues import Unreadable

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROOT = re.compile(
    r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*<(?:[\w.-]+:)?([\w.-]+)[\s/>]",
    re.S,
)


def root_name(text: str) -> str:
    """Return the name of the first element, without its prefix; '' for a text that is not markup."""
    head = text[:5000].lstrip("\ufeff \t\r\n")
    found = _ROOT.match(head) if head.startswith("<") else None
    return found[1] if found else ""


def tree(text: str, name: str) -> Element:
    """Return the root element. `name`: what the file is, for the error.

    Raises Unreadable for XML that is damaged, or that defines entities.
    """
    try:
        return fromstring(_DECLARATION.sub("", text.lstrip("\ufeff"), count=1))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(f"The XML cannot be read: {error}. Export the {name} again.") from error


def local(element: Element) -> str:
    """Return the name of an element without its namespace, in lower case."""
    return element.tag.rsplit("}", 1)[-1].lower()


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name in any namespace; '' if the element does not have it."""
    return next(
        (value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), ""
    ).strip()


def walk(root: Element) -> Iterator[tuple[str, Element, str]]:
    """Yield ('start', element, ''), ('text', element it is in, text) and ('end', element, '') in order."""
    stack: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
    yield "start", root, ""
    if root.text:
        yield "text", root, root.text
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element, ""
            if element.tail and stack:
                yield "text", stack[-1][0], element.tail
            continue
        yield "start", child, ""
        if child.text:
            yield "text", child, child.text
        stack.append((child, iter(child)))
